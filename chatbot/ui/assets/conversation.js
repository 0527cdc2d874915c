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

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.cite) {
    show({ turn: Number(button.dataset.turn), number: Number(button.dataset.cite) });
  } else if (button.dataset.case) {
    show({ case: button.dataset.case });
  } else if (button.dataset.ask) {
    if (!element.querySelector(".working")) trigger("submit", { text: button.dataset.ask });
  } else if (button.dataset.copy !== undefined) {
    copy(button.dataset.copy).then(() => toast(button, "복사했습니다"), () => toast(button, "복사하지 못했습니다"));
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
