/** The element: a launcher and a panel in a shadow root of their own. */
import { Client, Refused, Unreachable } from "./client.js";
import { h, icon } from "./dom.js";
import { isOpen, spelled } from "./hours.js";
import { desk, questions, reply, spoken } from "./reply.js";
import { CSS, LABELS } from "./resources.js";
import { Memory } from "./storage.js";
import { Turn } from "./turn.js";
import { listen, recognition } from "./voice.js";

const MAX_QUESTION_CHARS = 1000;
const TURNS_OF_HISTORY = 3;
const RETRY_MS = 5000;
const MAX_RETRY_MS = 300000;

/** @typedef {{base: string, siteKey: string, name?: string, color?: string, greeting?: string, position?: string, lang?: string, hours?: string, voice?: string, privacyUrl?: string}} Options */

export class GovChat extends HTMLElement {
  /** @param {Options} options */
  setUp(options) {
    this.options = options;
    this.memory = new Memory(`gov-chat ${options.siteKey}`);
    this.client = new Client(options.base, options.siteKey);
    this.language = this.memory.get("language", options.lang === "en" ? "en" : "ko");
    this.easy = this.memory.get("easy", false);
    /** @type {Turn[]} */
    this.turns = [];
    /** @type {AbortController | null} */
    this.answering = null;
    /** @type {(() => void) | null} */
    this.stopListening = null;
    this.retryMs = RETRY_MS;
    this.warned = false;
    window.speechSynthesis?.getVoices(); // browsers load them at the first call, and have them at the next
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet(CSS), sheet(colours(options.color))];
    this.classList.toggle("left", options.position === "left");
    this.dataset.state = "closed";
    this.draw();
    return this;
  }

  connectedCallback() {
    this.online = () => this.connection(true);
    this.offline = () => this.connection(false);
    window.addEventListener("online", this.online);
    window.addEventListener("offline", this.offline);
  }

  disconnectedCallback() {
    window.removeEventListener("online", this.online);
    window.removeEventListener("offline", this.offline);
    this.answering?.abort();
    this.quiet();
    clearTimeout(this.again);
  }

  get labels() {
    return LABELS[this.language];
  }

  get name() {
    return this.options.name || (this.client.site?.name ?? "") || this.labels.name;
  }

  get hours() {
    return this.options.hours || this.client.site?.hours || "";
  }

  /** What somebody is told who might want a person now; empty while there is one. */
  get outOfHours() {
    const { labels } = this;
    return isOpen(this.hours) === false ? labels.outOfHours.replace("{hours}", spelled(this.hours, labels.days)) : "";
  }

  /** Everything anew, in the language of now; the turns are kept. */
  draw() {
    const { labels } = this;
    this.lang = this.language;
    this.launcher = h("button", {
      type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => this.open(),
    }, icon("chat"), h("span", {}, this.options.name || labels.name));
    this.heading = h("h2", { id: "name" }, this.name);
    this.banner = h("p", { class: "banner", role: "status" });
    this.asking = h("div", { class: "confirm", hidden: true });
    this.log = h("div", { class: "log", role: "log", "aria-live": "off", "aria-label": labels.conversation, tabindex: "0" });
    this.announcer = h("div", { class: "sr", role: "status", "aria-live": "polite" });
    this.panel = h("section", {
      class: "panel", role: "dialog", "aria-labelledby": "name", hidden: true,
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
    }, this.header(), this.banner, this.asking, this.log, this.announcer, this.composer());
    /** @type {ShadowRoot} */ (this.shadowRoot).replaceChildren(this.launcher, this.panel);
    this.fill();
    if (!navigator.onLine) this.connection(false);
  }

  header() {
    const { labels } = this;
    this.easyButton = h("button", {
      type: "button", class: "tool", "aria-pressed": String(this.easy), onclick: () => this.toggleEasy(),
    }, labels.easy);
    this.deskButton = h("button", {
      type: "button", class: "tool", "aria-label": labels.desk, title: labels.desk, onclick: () => this.showDesk(),
    }, icon("phone"));
    this.eraseButton = h("button", {
      type: "button", class: "tool", "aria-label": labels.erase, title: labels.erase, onclick: () => this.confirmErase(),
    }, icon("trash"));
    return h("header", {}, this.heading,
      h("div", { class: "tools" }, this.easyButton,
        h("button", { type: "button", class: "tool", lang: labels.otherLang, onclick: () => this.setLanguage(labels.otherLang) }, labels.other),
        this.deskButton, this.eraseButton,
        h("button", { type: "button", class: "tool", "aria-label": labels.close, title: labels.close, onclick: () => this.close() }, icon("close"))));
  }

  composer() {
    const { labels } = this;
    this.box = /** @type {HTMLTextAreaElement} */ (h("textarea", {
      id: "question", rows: "1", maxlength: MAX_QUESTION_CHARS, placeholder: labels.placeholder, enterkeyhint: "send",
      oninput: () => this.keepDraft(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
          event.preventDefault();
          this.send();
        }
      },
    }));
    this.box.value = this.memory.get("draft", "");
    this.mic = h("button", {
      type: "button", class: "mic", "aria-label": labels.speak, title: labels.speak, "aria-pressed": "false",
      hidden: !recognition() || this.options.voice === "off", onclick: () => this.speak(),
    }, icon("mic"));
    this.button = h("button", { type: "submit", class: "send", "aria-label": labels.send }, icon("send"));
    this.form = h("form", {
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        if (this.answering) this.answering.abort();
        else this.send();
      },
    }, h("label", { for: "question", class: "sr" }, labels.question), this.box, this.mic, this.button);
    return this.form;
  }

  /** The welcome, the notice, and the turns so far. */
  fill() {
    const { labels, memory, options } = this;
    const agreed = memory.get("agreed", false);
    const privacy = options.privacyUrl || this.client.site?.privacy_url;
    const { outOfHours } = this;
    this.form.hidden = !agreed;
    this.deskButton.hidden = !desk(this.client.site);
    this.log.replaceChildren(h("div", { class: "welcome" }, h("p", {}, options.greeting || labels.greeting),
      outOfHours && h("p", { class: "note" }, outOfHours)));
    if (!agreed) {
      this.log.append(h("section", { class: "notice", "aria-labelledby": "notice" },
        h("h3", { id: "notice" }, labels.noticeTitle), h("p", {}, labels.notice),
        privacy && h("p", {}, h("a", { href: privacy, target: "_blank", rel: "noopener" }, labels.privacy)),
        h("button", { type: "button", class: "agree", onclick: () => this.agree() }, labels.agree)));
      return;
    }
    const suggestions = this.client.site?.suggestions || [];
    if (suggestions.length && !memory.get("turns", []).length)
      this.log.append(h("section", { class: "first" }, h("p", { class: "head" }, labels.suggestions),
        questions(suggestions, (text) => this.ask(text))));
    this.turns = memory.get("turns", []).map((/** @type {any} */ kept) => {
      const turn = new Turn(kept.question, labels);
      turn.answer = kept.answer;
      turn.finish(...reply(kept.answer, this.setting()));
      this.log.append(turn.element);
      return turn;
    });
  }

  setting() {
    return {
      labels: this.labels, base: this.options.base, site: this.client.site, easy: this.easy, outOfHours: this.outOfHours,
      ask: (/** @type {string} */ text) => this.ask(text),
      rate: (/** @type {string} */ id, /** @type {"up" | "down"} */ rating) => this.client.rate(id, rating),
    };
  }

  async open() {
    if (this.dataset.state === "open") return;
    this.show(true);
    this.focusFirst();
    this.tell("open", {});
    if (!this.client.site) await this.greet();
  }

  /** Gets a session and shows what the site has configured. */
  async greet() {
    clearTimeout(this.again);
    try {
      await this.client.session();
    } catch (error) {
      this.trouble(error);
      return;
    }
    this.banner.textContent = "";
    this.retryMs = RETRY_MS;
    this.heading.textContent = this.name;
    if (this.answering) return; // somebody was quicker than the server
    const typing = this.shadowRoot?.activeElement === this.box;
    this.fill();
    if (!typing) this.focusFirst();
  }

  close() {
    this.quiet();
    clearTimeout(this.again);
    this.show(false);
    this.launcher.focus();
    this.tell("close", {});
  }

  /** @param {boolean} open */
  show(open) {
    this.dataset.state = open ? "open" : "closed";
    this.panel.hidden = !open;
    this.launcher.hidden = open;
    this.launcher.setAttribute("aria-expanded", String(open));
  }

  focusFirst() {
    const agree = /** @type {HTMLElement | null} */ (this.log.querySelector(".agree"));
    (agree || this.box).focus();
  }

  agree() {
    this.memory.set("agreed", true);
    this.fill();
    this.box.focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      if (this.asking.hidden) this.close();
      else this.asked(this.asker);
    }
    // On a phone the panel is all there is to see, so focus stays in it; elsewhere the page is still there.
    if (event.key !== "Tab" || !matchMedia(FULL).matches) return;
    const stops = [...this.panel.querySelectorAll("button, textarea, a[href], [tabindex='0']")].filter(
      (one) => /** @type {HTMLElement} */ (one).offsetParent !== null,
    );
    const [first, last] = [stops[0], stops[stops.length - 1]];
    const active = this.shadowRoot?.activeElement;
    if (active === (event.shiftKey ? first : last)) {
      event.preventDefault();
      /** @type {HTMLElement} */ (event.shiftKey ? last : first).focus();
    }
  }

  keepDraft() {
    this.memory.set("draft", this.box.value);
    this.fitBox();
  }

  fitBox() {
    this.box.rows = Math.min(5, this.box.value.split("\n").length + Math.floor(this.box.value.length / 40));
  }

  send() {
    const text = this.box.value.trim();
    if (!text || this.answering) return;
    if (!navigator.onLine) {
      this.connection(false);
      return;
    }
    this.box.value = "";
    this.keepDraft();
    this.ask(text);
  }

  /** @param {string} text */
  async ask(text) {
    if (this.answering || !this.memory.get("agreed", false)) return;
    const { labels } = this;
    const turn = new Turn(text, labels);
    this.answering = new AbortController();
    this.log.querySelector(".first")?.remove();
    this.log.append(turn.element);
    turn.element.scrollIntoView({ block: "start" });
    this.busy(true);
    this.tell("question", {});
    try {
      for await (const event of this.client.ask({ question: text, history: this.history() }, this.answering.signal)) {
        if (event.name === "status" && this.language === "ko" && event.data.message) turn.working(event.data.message);
        if (event.name === "token") turn.add(event.data.text);
        if (event.name === "error") throw new Refused(event.data.status, event.data.detail);
        if (event.name === "answer") this.answered(turn, event.data);
      }
      if (!turn.answer) turn.finish(h("p", { class: "note" }, labels.stopped));
    } catch (error) {
      this.failed(turn, error);
    } finally {
      this.answering = null;
      this.busy(false);
    }
  }

  /** What was asked and answered last, for follow-up questions. */
  history() {
    return this.turns.slice(-TURNS_OF_HISTORY).flatMap(({ question, answer }) => [
      { role: "user", content: question },
      { role: "assistant", content: answer.text.slice(0, 4000) },
    ]);
  }

  /** @param {Turn} turn @param {any} answer */
  answered(turn, answer) {
    turn.answer = answer;
    turn.finish(...reply(answer, this.setting()));
    turn.element.scrollIntoView({ block: "start" });
    this.turns.push(turn);
    this.memory.set("turns", this.turns.map(({ question, answer }) => ({ question, answer })));
    this.announce(`${this.labels.answered} ${spoken(answer)} ${
      answer.citations.length ? this.labels.sources.replace("{n}", answer.citations.length) : ""}`);
    this.tell("answer", { answerId: answer.answer_id, status: answer.status, citations: answer.citations.length });
  }

  /** @param {Turn} turn @param {unknown} error */
  failed(turn, error) {
    const message = this.messageOf(error);
    turn.finish(h("p", { class: "note error" }, message), h("button", {
      type: "button", class: "retry", onclick: () => {
        turn.element.remove();
        this.ask(turn.question);
      },
    }, this.labels.retry));
    this.announce(message);
    this.tell("error", { status: error instanceof Refused ? error.status : 0 });
  }

  /** @param {unknown} error */
  trouble(error) {
    this.banner.textContent = this.messageOf(error);
    this.tell("error", { status: error instanceof Refused ? error.status : 0 });
    if (!navigator.onLine) return;
    if (!this.warned)
      console.error(`gov-chat: no session for ${location.origin}. Is it among the origins of the site key?`);
    this.warned = true;
    if (!(error instanceof Unreachable) || this.dataset.state !== "open") return;
    // A line may have been back before the request had failed, so that no event will say so.
    this.again = setTimeout(() => this.greet(), this.retryMs);
    this.retryMs = Math.min(2 * this.retryMs, MAX_RETRY_MS);
  }

  /** @param {unknown} error */
  messageOf(error) {
    if (error instanceof Refused) return (this.language === "ko" && error.message) || this.labels.failed;
    if (error instanceof Unreachable) return navigator.onLine ? this.labels.unreachable : this.labels.offline;
    return this.labels.failed;
  }

  /** @param {boolean} answering */
  busy(answering) {
    this.button.setAttribute("aria-label", answering ? this.labels.stop : this.labels.send);
    this.button.replaceChildren(icon(answering ? "stop" : "send"));
    this.classList.toggle("busy", answering);
  }

  /** @param {boolean} there */
  connection(there) {
    if (!there) this.banner.textContent = this.labels.offline;
    else if (this.banner.textContent) {
      this.banner.textContent = "";
      this.announce(this.labels.online);
    }
    if (there && !this.client.site && this.dataset.state === "open") this.greet();
  }

  toggleEasy() {
    this.easy = !this.easy;
    this.memory.set("easy", this.easy);
    this.easyButton.setAttribute("aria-pressed", String(this.easy));
    for (const turn of this.turns) turn.finish(...reply(turn.answer, this.setting()));
    this.announce(this.easy ? this.labels.easyOn : this.labels.easyOff);
  }

  /** @param {string} language */
  setLanguage(language) {
    if (this.answering || !(language in LABELS)) return;
    this.quiet();
    const open = this.dataset.state === "open";
    this.language = language;
    this.memory.set("language", language);
    this.draw();
    this.show(open);
    if (open) /** @type {HTMLElement} */ (this.panel.querySelectorAll(".tool")[1]).focus();
  }

  /**
   * Something to decide, or to know, above the conversation.
   * @param {string} text @param {HTMLElement} from where the focus goes back to @param {...HTMLElement} rest
   */
  put(text, from, ...rest) {
    this.asker = from;
    this.asking.hidden = false;
    this.asking.replaceChildren(h("p", { id: "asking" }, text), ...rest);
    /** @type {HTMLElement} */ (this.asking.querySelector("button:last-of-type")).focus();
  }

  /** @param {HTMLElement} from */
  asked(from) {
    this.asking.hidden = true;
    from.focus();
  }

  /** @param {string} name @param {string} text @param {() => void} act */
  choice(name, text, act) {
    return h("button", { type: "button", class: name, "aria-describedby": "asking", onclick: act }, text);
  }

  confirmErase() {
    const { labels } = this;
    this.put(labels.eraseAsk, this.eraseButton, this.choice("yes", labels.eraseYes, () => this.erase()),
      this.choice("no", labels.eraseNo, () => this.asked(this.eraseButton)));
  }

  /** Whom to call, and whether somebody is there. */
  showDesk() {
    const { labels, hours } = this;
    const told = this.outOfHours || (isOpen(hours) && labels.hours.replace("{hours}", spelled(hours, labels.days)));
    this.put(labels.desk, this.deskButton, /** @type {HTMLElement} */ (desk(this.client.site)),
      ...(told ? [h("p", { class: "note" }, told)] : []), this.choice("no", labels.close, () => this.asked(this.deskButton)));
  }

  speak() {
    const { labels } = this;
    if (this.stopListening) this.stopListening();
    else if (this.memory.get("voice", false)) this.listen();
    else
      this.put(labels.speakAsk, this.mic, this.choice("yes", labels.speakYes, () => {
        this.memory.set("voice", true);
        this.asked(this.mic);
        this.listen();
      }), this.choice("no", labels.speakNo, () => this.asked(this.box)));
  }

  /** Writes what is said into the box; sending it is left to the speaker. */
  listen() {
    const { labels } = this;
    const before = this.box.value.trim();
    let some = false;
    this.announce(labels.listening);
    this.listeningTo(true);
    this.stopListening = listen(this.language === "ko" ? "ko-KR" : "en-US", {
      heard: (text) => {
        some = true;
        this.box.value = [before, text].filter(Boolean).join(" ").slice(0, MAX_QUESTION_CHARS);
        this.keepDraft();
      },
      ended: (error) => {
        this.stopListening = null;
        this.listeningTo(false);
        if (some) {
          this.announce(labels.heard);
          this.box.focus();
        } else if (error)
          this.announce((this.banner.textContent = { "not-allowed": labels.speakDenied, "no-speech": labels.speakSilent }[error] ?? labels.speakFailed));
      },
    });
  }

  /** @param {boolean} listening */
  listeningTo(listening) {
    const name = listening ? this.labels.speakStop : this.labels.speak;
    this.mic.setAttribute("aria-pressed", String(listening));
    this.mic.setAttribute("aria-label", name);
    this.mic.title = name;
    if (listening) this.banner.textContent = this.labels.listening;
    else if (this.banner.textContent === this.labels.listening) this.banner.textContent = "";
  }

  /** Neither listens nor reads aloud any more. */
  quiet() {
    this.stopListening?.();
    window.speechSynthesis?.cancel();
  }

  /** Nothing of the conversation is left, and the next question is a stranger's. */
  erase() {
    this.answering?.abort();
    this.quiet();
    this.memory.clear("agreed", "language", "easy", "voice");
    this.client.forget();
    this.turns = [];
    this.asking.hidden = true;
    this.box.value = "";
    this.fill();
    this.focusFirst();
    this.announce(this.labels.erased);
    this.tell("erase", {});
  }

  /** @param {string} text */
  announce(text) {
    this.announcer.textContent = text;
  }

  /** Tells the page, without a word of what was written. @param {string} name @param {object} detail */
  tell(name, detail) {
    window.dispatchEvent(new CustomEvent(`gov-chat:${name}`, { detail }));
  }
}

const FULL = "(max-width: 480px), (max-height: 480px)";

/** @param {string} css */
function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

/** The page's colour where white can be read on it (4.5 to 1), ours otherwise. @param {string} [color] */
function colours(color) {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color || "");
  if (!hex) return "";
  const [r, g, b] = hex.slice(1).map((part) => {
    const value = parseInt(part, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const readable = 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05) >= 4.5;
  if (!readable) console.warn(`gov-chat: white on ${color} cannot be read; the default colour is used`);
  return readable ? `:host { --accent: ${hex[0]}; }` : "";
}
