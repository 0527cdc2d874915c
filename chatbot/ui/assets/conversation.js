// Runs once for the conversation: presses become events, copying and opinions stay in the page.
const ratings = new Map();
const showRatings = () => {
  for (const button of element.querySelectorAll("[data-rate]")) {
    button.setAttribute("aria-pressed", String(ratings.get(button.dataset.answer) === button.dataset.rate));
  }
};
const sendOpinion = async (opinion) => {
  const response = await fetch(`${BASE}api/v1/feedback`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(opinion),
  });
  if (!response.ok) throw new Error("feedback");
};
const rate = (button) => {
  const { answer, rate: rating } = button.dataset;
  ratings.set(answer, rating);
  showRatings();
  openForm(button, rating);
  return sendOpinion({ answer_id: answer, rating });
};

// One form under each answer: more about an opinion, or a report of an error.
const openForm = (button, mode) => {
  const form = button.closest(".turn").querySelector(".opinion");
  form.hidden = false;
  form.dataset.mode = mode;
  told(form, "");
  form.querySelector(mode === "up" ? "[name=comment]" : "[name=reason]").focus({ preventScroll: true });
  form.scrollIntoView({ block: "nearest", behavior: motion() });
};
const told = (form, text) => { form.parentElement.querySelector(".opinion-told").textContent = text; };
const closeForm = (form) => {
  form.hidden = true;
  form.parentElement.querySelector(form.dataset.mode === "report" ? "[data-report]" : `[data-rate=${form.dataset.mode}]`)?.focus();
};
element.addEventListener("submit", (event) => {
  const form = event.target.closest(".opinion");
  if (!form) return;
  event.preventDefault();
  const reasons = [...form.querySelectorAll("[name=reason]:checked")].map((box) => box.value);
  const comment = form.elements.comment.value.trim();
  if (form.dataset.mode === "report") {
    trigger("apply", { turn: Number(form.dataset.turn), reasons, comment });
    return;
  }
  const opinion = { answer_id: form.dataset.answer, rating: form.dataset.mode };
  if (form.dataset.mode === "down") opinion.reasons = reasons;
  if (comment) opinion.comment = comment;
  closeForm(form);
  sendOpinion(opinion).then(() => told(form, LABELS["opinion-kept"]), () => told(form, LABELS["opinion-lost"]));
});

// The page sends what it shows; the server reads the quotes from the documents again and writes the file.
const save = async ({ export: format, scope }, turn) => {
  const shown = scope === "turn" ? [turn] : [...element.querySelectorAll(".turn[data-exported]")];
  const response = await fetch(`${BASE}export/conversation`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ format, turns: shown.map((one) => JSON.parse(one.dataset.exported)) }),
  });
  if (!response.ok) throw new Error("export");
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name ? decodeURIComponent(name[1]) : `export.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};
const closeMenus = (kept) => {
  for (const menu of element.querySelectorAll(".export[open]")) if (menu !== kept) menu.open = false;
};
document.addEventListener("click", (event) => closeMenus(event.target.closest?.(".export")));
element.addEventListener("keydown", (event) => {
  const menu = event.target.closest(".export[open]");
  const form = event.target.closest(".opinion");
  if (event.key === "Escape" && form) closeForm(form);
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A question asked again says of which turn it is, and without what.
const asked = ({ ask: text, turn, without }) => (without ? { text, turn: Number(turn), without } : { text });

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.guideDone !== undefined) {
    localStorage.setItem("guide.seen", "1");
    showGuide();
    document.querySelector("#question textarea").focus();
  } else if (button.dataset.edit !== undefined) {
    const box = document.querySelector("#question textarea");
    box.value = button.dataset.edit;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  } else if (button.dataset.candidate) {
    show({ turn: Number(button.dataset.turn), candidate: Number(button.dataset.candidate) });
  } else if (button.dataset.report !== undefined) {
    openForm(button, "report");
  } else if (button.dataset.close !== undefined) {
    closeForm(button.closest(".opinion"));
  } else if (button.dataset.cite) {
    show({ turn: Number(button.dataset.turn), number: Number(button.dataset.cite) });
  } else if (button.dataset.case) {
    show({ case: button.dataset.case });
  } else if (button.dataset.ask) {
    if (!element.querySelector(".working")) trigger("submit", asked(button.dataset));
  } else if (button.dataset.copy !== undefined) {
    copy(button.dataset.copy).then(() => toast(button, LABELS.copied), () => toast(button, LABELS["copy-failed"]));
  } else if (button.dataset.export) {
    save(button.dataset, button.closest(".turn")).then(() => toast(button, LABELS.saved), () => toast(button, LABELS["save-failed"]));
  } else if (button.dataset.rate) {
    rate(button).catch(() => told(button.closest(".turn").querySelector(".opinion"), LABELS["opinion-lost"]));
  }
});

// The three steps are shown until somebody has read them.
const showGuide = () => {
  const guide = element.querySelector(".guide");
  if (guide) guide.hidden = localStorage.getItem("guide.seen") !== null;
};
showGuide();
document.addEventListener("guide", showGuide);

// A new question goes to the top of the view, so that its answer grows downwards below it.
let turns = 0;
// The address names the conversation as soon as it is kept, so that reloading opens it again.
const showAddress = () => {
  const named = element.querySelector(".log")?.dataset.conversation;
  const address = named ? `?c=${named}` : location.pathname;
  if (location.search !== (named ? address : "")) history.replaceState(null, "", address);
};
watch("value", () => {
  showRatings();
  showGuide();
  showAddress();
  markShown();
  const all = element.querySelectorAll(".turn");
  if (all.length > turns && all.length) {
    all[all.length - 1].scrollIntoView({ block: "start", behavior: motion() });
  }
  turns = all.length;
});
