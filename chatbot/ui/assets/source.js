// Runs once for the source panel: brings the marked passage into view whenever another source is shown.
const panel = document.getElementById("source");
let shown = "";
const open = () => {
  markShown();
  const text = element.querySelector(".source-text");
  if (!text || text.dataset.key === shown) return;
  shown = text.dataset.key;
  const mark = text.querySelector("mark");
  text.scrollTop = mark ? mark.offsetTop - text.clientHeight / 3 : 0;
  if (panel.dataset.wanted) reveal();
  delete panel.dataset.wanted;
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.cite) {
    show({ turn: Number(button.dataset.turn), number: Number(button.dataset.cite) });
  } else if (button.dataset.case) {
    show({ case: button.dataset.case });
  } else if (button.dataset.jump) {
    const lines = [...element.querySelectorAll(".source-text [data-start]")];
    const line = lines.filter((one) => Number(one.dataset.start) <= Number(button.dataset.jump)).at(-1) ?? lines[0];
    line?.scrollIntoView({ block: "start", behavior: motion() });
  } else if (button.dataset.list !== undefined) {
    trigger("select", { list: true });
  } else if (button.dataset.copy !== undefined) {
    copy(button.dataset.copy).then(() => toast(button, LABELS.copied), () => toast(button, LABELS["copy-failed"]));
  } else if (button.dataset.back !== undefined) {
    const turns = document.querySelectorAll("#conversation .turn");
    if (turns.length) turns[turns.length - 1].scrollIntoView({ block: "start", behavior: motion() });
  }
});
watch("value", open);
open();
