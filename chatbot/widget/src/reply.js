/** One answer as elements: text with its marks, quotes one tap away, whom to ask, what to ask next. */
import { h, icon } from "./dom.js";

/**
 * @typedef {object} Setting what an answer needs from around it
 * @property {any} labels
 * @property {string} base address of the server
 * @property {any} site
 * @property {string} outOfHours what is said beside the agency's own desk while nobody is there
 * @property {boolean} easy whether hard words are explained
 * @property {(text: string) => void} ask
 * @property {(answerId: string, rating: "up" | "down") => Promise<void>} rate
 */

let ids = 0;

/** @param {any} answer @param {Setting} setting @returns {HTMLElement[]} */
export function reply(answer, setting) {
  const { labels } = setting;
  const answered = answer.status.startsWith("answered");
  return /** @type {HTMLElement[]} */ ([
    answer.rewritten_question && h("p", { class: "note" }, labels.understood.replace("{q}", answer.rewritten_question)),
    answer.status === "answered_partial" && h("p", { class: "note" }, labels.partial),
    answer.short_answer && h("p", { class: "short" }, answer.short_answer),
    ...body(answer, setting),
    ...editions(answer, setting),
    setting.easy && words(answer.text, setting),
    answer.nearest_cases.length > 0 && nearest(answer, setting),
    (!answered || answer.contacts.length > 0) && contacts(answer, setting),
    answered && opinion(answer, setting),
    answer.follow_ups.length > 0 && h("p", { class: "head" }, labels.followUps),
    answer.follow_ups.length > 0 && questions(answer.follow_ups, setting.ask),
  ].filter(Boolean));
}

/** Buttons that ask. @param {string[]} texts @param {(text: string) => void} ask */
export function questions(texts, ask) {
  const item = (/** @type {string} */ text) =>
    h("li", {}, h("button", { type: "button", class: "ask", lang: "ko", onclick: () => ask(text) }, text));
  return h("ul", { class: "questions" }, ...texts.map(item));
}

/** What a screen reader is told: the words without the marks. @param {any} answer */
export function spoken(answer) {
  return [answer.short_answer, answer.text.replace(/\[\d{1,3}\]/g, "")].filter(Boolean).join(". ");
}

/** The paragraphs of a text; in plain words every sentence stands alone. @param {string} text @param {boolean} easy @returns {string[]} */
function lines(text, easy) {
  const all = text.split("\n").filter((line) => line.trim());
  return easy ? all.flatMap((line) => line.split(/(?<=[다요죠][.!?](?:\[\d{1,3}\])*)\s+/)) : all;
}

/** @param {any} answer @param {Setting} setting */
function body(answer, setting) {
  const blocks = [];
  /** @type {HTMLElement | null} */
  let list = null;
  for (const line of lines(answer.text, setting.easy)) {
    if (line.startsWith("근거:")) continue; // the sources are listed as cards
    const item = /^\s*(?:[-*•]|\d{1,3}[.)])\s+/.exec(line);
    if (!item) list = null;
    else if (!list) blocks.push((list = h("ul", { class: "list" })));
    const shelf = h("div", {});
    const words = marked(item ? line.slice(item[0].length) : line, answer, shelf, setting);
    if (list) list.append(h("li", {}, ...words, shelf));
    else blocks.push(h("div", {}, h("p", {}, ...words), shelf));
  }
  for (const block of blocks) block.lang = "ko"; // the documents are Korean whatever the labels are
  return blocks;
}

/** Words and buttons; a number that has no source behind it is left out. @param {string} line @param {any} answer @param {HTMLElement} shelf @param {Setting} setting */
function marked(line, answer, shelf, setting) {
  /** @type {(string | HTMLElement)[]} */
  const pieces = [];
  /** @type {HTMLElement | null} a word and its marks, which no line break parts */
  let kept = null;
  for (const [place, part] of line.split(/\[(\d{1,3})\]/).entries()) {
    if (place % 2 === 0) {
      if (part) pieces.push(part);
      if (part) kept = null;
      continue;
    }
    const citation = answer.citations.find((/** @type {any} */ one) => one.number === Number(part));
    if (!citation) continue;
    if (!kept) {
      const before = pieces.length ? String(pieces.pop()) : "";
      const word = before.slice(before.lastIndexOf(" ") + 1);
      kept = h("span", { class: "kept" }, word);
      pieces.push(before.slice(0, before.length - word.length), kept);
    }
    kept.append(mark(citation, shelf, setting));
  }
  return pieces;
}

/** A mark that opens its quote below the line. @param {any} citation @param {HTMLElement} shelf @param {Setting} setting */
function mark(citation, shelf, { labels, base }) {
  const id = `quote-${++ids}`;
  const about = [citation.agency, citation.year, citation.page && `p. ${citation.page}`].filter(Boolean).join(" · ");
  const card = h("div", { class: "quote", id, hidden: true },
    h("p", { class: "title" }, citation.case_title),
    about && h("p", { class: "about" }, about),
    h("blockquote", {}, citation.quote),
    link(base + citation.url.replace(/^\//, ""), labels.original, labels));
  const button = h("button", {
    type: "button", class: "cite", "aria-expanded": "false", "aria-controls": id,
    "aria-label": `${labels.source} ${citation.number}: ${citation.case_title}`,
    onclick: () => {
      card.hidden = !card.hidden;
      button.setAttribute("aria-expanded", String(!card.hidden));
    },
  }, String(citation.number));
  shelf.append(card);
  return button;
}

/** A line for each cited document that replaced earlier ones. @param {any} answer @param {Setting} setting */
function editions(answer, { labels }) {
  /** @type {Map<string, any>} */
  const cited = new Map(answer.citations.map((/** @type {any} */ one) => [one.document_id, one]));
  return [...cited.values()].filter((one) => one.replaces.length).map((one) =>
    h("p", { class: "note" },
      labels.newer.replace("{title}", () => one.case_title).replace("{former}", () => one.replaces.join(", "))));
}

/** @param {string} address @param {string} text @param {any} labels */
function link(address, text, labels) {
  return h("a", { href: address, target: "_blank", rel: "noopener" }, text,
    h("span", { class: "sr" }, ` (${labels.newWindow})`));
}

/** @param {any} answer @param {Setting} setting */
function nearest(answer, { labels, base }) {
  const item = (/** @type {any} */ one) =>
    h("li", { lang: "ko" }, link(base + one.url.replace(/^\//, ""), one.title, labels),
      h("span", { class: "about" }, [one.agency, one.year].filter(Boolean).join(" · ")));
  return h("section", {}, h("p", { class: "head" }, labels.nearest), h("ul", { class: "cases" }, ...answer.nearest_cases.map(item)));
}

/** The people of the documents, or else the agency's own desk. @param {any} answer @param {Setting} setting */
function contacts(answer, { labels, site, outOfHours }) {
  const [list, note] = answer.contacts.length ? [people(answer.contacts), ""] : [desk(site), outOfHours];
  return list && h("section", {}, h("p", { class: "head" }, labels.contact), list, note && h("p", { class: "note" }, note));
}

/** The agency's own desk, where it has one. @param {any} site */
export function desk(site) {
  const { contact } = site || {};
  return contact && (contact.phone || contact.department) ? people([contact]) : null;
}

/** @param {any[]} known */
function people(known) {
  const item = (/** @type {any} */ one) =>
    h("li", { lang: "ko" }, [one.department, one.name, one.role].filter(Boolean).join(" "),
      one.phone && h("a", { href: `tel:${one.phone.replace(/[^\d+]/g, "")}`, class: "call" }, icon("phone"), one.phone));
  return h("ul", { class: "contacts" }, ...known.slice(0, 3).map(item));
}

/** @param {any} answer @param {Setting} setting */
function opinion(answer, { labels, rate }) {
  const said = h("span", { class: "said", role: "status" });
  const buttons = /** @type {const} */ (["up", "down"]).map((rating) =>
    h("button", {
      type: "button", class: "rate", "aria-pressed": "false", "aria-label": rating === "up" ? labels.good : labels.bad,
      onclick: async (/** @type {Event} */ event) => {
        const pressed = /** @type {HTMLElement} */ (event.currentTarget);
        try {
          await rate(answer.answer_id, rating);
        } catch {
          said.textContent = labels.unreachable;
          return;
        }
        for (const button of buttons) button.setAttribute("aria-pressed", String(button === pressed));
        said.textContent = labels.thanks;
      },
    }, icon(rating)));
  return h("div", { class: "opinion" }, ...buttons, ...speech(answer, labels), said);
}

/** Reading aloud, where the browser has a Korean voice of its own (no voice that sends the text away). @param {any} answer @param {any} labels */
function speech(answer, labels) {
  const voice = window.speechSynthesis?.getVoices().find((one) => one.lang.startsWith("ko") && one.localService);
  if (!voice) return [];
  const button = h("button", {
    type: "button", class: "rate", "aria-pressed": "false", "aria-label": labels.listen,
    onclick: () => {
      const reading = button.getAttribute("aria-pressed") === "true";
      speechSynthesis.cancel();
      button.setAttribute("aria-pressed", String(!reading));
      button.setAttribute("aria-label", reading ? labels.listen : labels.listenStop);
      if (reading) return;
      const words = new SpeechSynthesisUtterance(spoken(answer));
      words.voice = voice;
      words.lang = "ko-KR";
      words.onend = () => {
        button.setAttribute("aria-pressed", "false");
        button.setAttribute("aria-label", labels.listen);
      };
      speechSynthesis.speak(words);
    },
  }, icon("speak"));
  return [button];
}

/** The hard words of a text, explained. @param {string} text @param {Setting} setting */
function words(text, { labels, site }) {
  const found = Object.entries(site?.easy_words || {}).filter(([word]) => text.includes(word));
  if (!found.length) return null;
  return h("section", { class: "words", lang: "ko" }, h("p", { class: "head" }, labels.words),
    h("dl", {}, ...found.flatMap(([word, meaning]) => [h("dt", {}, word), h("dd", {}, /** @type {string} */ (meaning))])));
}
