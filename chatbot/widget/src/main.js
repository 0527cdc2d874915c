/** Starts the widget that the script tag describes, and hands the page a small interface. */
import { GovChat } from "./panel.js";

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);

/** @param {DOMStringMap} data @param {string} source */
function start(data, source) {
  if (!data.siteKey) {
    console.error("gov-chat: the script tag has no data-site-key");
    return;
  }
  if (customElements.get("gov-chat")) return; // the tag stands twice in the page
  customElements.define("gov-chat", GovChat);
  const chat = /** @type {GovChat} */ (document.createElement("gov-chat")).setUp({
    base: new URL(".", source).href,
    siteKey: data.siteKey,
    name: data.name,
    color: data.color,
    greeting: data.greeting,
    position: data.position,
    lang: data.lang || (document.documentElement.lang.startsWith("en") ? "en" : "ko"),
    hours: data.hours,
    voice: data.voice,
    privacyUrl: /^https?:/.test(data.privacyUrl || "") ? data.privacyUrl : "",
  });
  document.body.append(chat);
  Object.defineProperty(window, "GovChat", {
    value: Object.freeze({
      open: () => chat.open(),
      close: () => chat.close(),
      ask: async (/** @type {string} */ text) => {
        await chat.open();
        await chat.ask(String(text));
      },
      erase: () => chat.erase(),
      setLanguage: (/** @type {string} */ language) => chat.setLanguage(language),
    }),
  });
  chat.tell("ready", {});
}

if (script) {
  const { dataset, src } = script;
  if (document.body) start(dataset, src);
  else document.addEventListener("DOMContentLoaded", () => start(dataset, src));
}
