// What both panels share. Copying also works where a page without TLS has no clipboard.
const toast = (button, text) => {
  const label = button.querySelector("span");
  if (!label) return;
  const before = button.dataset.label || label.textContent;
  button.dataset.label = before;
  label.textContent = text;
  setTimeout(() => { label.textContent = before; }, 1600);
};
const copy = async (text) => {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr-only";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (!copied) throw new Error("copy");
};
// Marks the citation that the source panel shows wherever the conversation has it.
const markShown = () => {
  const shown = document.querySelector("#source .source-text")?.dataset;
  for (const button of document.querySelectorAll("#conversation [data-cite]")) {
    const same = shown && shown.cite && button.dataset.turn === shown.turn && button.dataset.cite === shown.cite;
    if (same) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
};
const motion = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
// Below the chat on a phone, the source has to be gone to; on a wide window it is in view already.
const reveal = () => {
  const panel = document.getElementById("source");
  const mark = panel.querySelector(".source-text mark");
  const far = mark && mark.getBoundingClientRect().top - panel.getBoundingClientRect().top > innerHeight * 0.7;
  (far ? mark : panel).scrollIntoView({ block: far ? "center" : "start", behavior: motion() });
};
// Asks for a source; going there has to wait until it has come, unless it is there.
const show = (request) => {
  const panel = document.getElementById("source");
  const shown = panel.querySelector(".source-text")?.dataset ?? {};
  if (request.case ? shown.key === request.case : request.number && shown.turn === String(request.turn) && shown.cite === String(request.number)) {
    reveal();
    return;
  }
  panel.dataset.wanted = "1";
  trigger("select", request);
};
