// Keys of one letter, by their place on the keyboard, so that a Korean layout changes nothing.
document.documentElement.lang = LANGUAGE;  // Gradio takes that of the browser
const help = element.querySelector("#keys");
setUpPreferences(element, (language) => location.assign(new URL(`${BASE}${language === "en" ? "en/" : ""}${location.search}`, location.href)));
const click = (selector) => document.querySelector(selector)?.click();
const ACTS = {
  Slash: () => document.querySelector("#question textarea").focus(),
  KeyN: () => click("#new"),
  KeyH: () => click("[data-history]"),
  KeyJ: () => click("#source .pager button:last-child"),
  KeyK: () => click("#source .pager button:first-child"),
  KeyC: () => click("#header a.browse"),
};
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || cookie("keys") === "off") return;
  if (document.querySelector("dialog[open]")) return;
  if (event.code === "Slash" && event.shiftKey) help.showModal();
  else if (ACTS[event.code] && !event.shiftKey) ACTS[event.code]();
  else return;
  event.preventDefault();
});
element.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys]")) help.showModal();
  if (event.target.closest("[data-guide]")) {
    localStorage.removeItem("guide.seen");
    help.close();
    if (document.querySelector(".turn")) click("#new");
    document.dispatchEvent(new Event("guide"));
  }
});
