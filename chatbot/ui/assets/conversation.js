// Runs once for the conversation: presses become events, copying and opinions stay in the page.
const ratings = new Map();
const showRatings = () => {
  for (const button of element.querySelectorAll("[data-rate]")) {
    button.setAttribute("aria-pressed", String(ratings.get(button.dataset.answer) === button.dataset.rate));
  }
};
const rate = async (button) => {
  const { answer, rate: rating } = button.dataset;
  ratings.set(answer, rating);
  showRatings();
  await fetch("api/v1/feedback", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ answer_id: answer, rating }),
  });
};

// The page sends what it shows; the server reads the quotes from the documents again and writes the file.
const save = async ({ export: format, scope }, turn) => {
  const shown = scope === "turn" ? [turn] : [...element.querySelectorAll(".turn[data-exported]")];
  const response = await fetch("export/conversation", {
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
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A question asked again says of which turn it is, and without what.
const asked = ({ ask: text, turn, without }) => (without ? { text, turn: Number(turn), without } : { text });

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.cite) {
    show({ turn: Number(button.dataset.turn), number: Number(button.dataset.cite) });
  } else if (button.dataset.case) {
    show({ case: button.dataset.case });
  } else if (button.dataset.ask) {
    if (!element.querySelector(".working")) trigger("submit", asked(button.dataset));
  } else if (button.dataset.copy !== undefined) {
    copy(button.dataset.copy).then(() => toast(button, "복사했습니다"), () => toast(button, "복사하지 못했습니다"));
  } else if (button.dataset.export) {
    save(button.dataset, button.closest(".turn")).then(() => toast(button, "저장했습니다"), () => toast(button, "못 했습니다"));
  } else if (button.dataset.rate) {
    rate(button).catch(() => {});
  }
});

// A new question goes to the top of the view, so that its answer grows downwards below it.
let turns = 0;
watch("value", () => {
  showRatings();
  markShown();
  const all = element.querySelectorAll(".turn");
  if (all.length > turns && all.length) {
    all[all.length - 1].scrollIntoView({ block: "start", behavior: motion() });
  }
  turns = all.length;
});
