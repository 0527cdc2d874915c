/** One question with what becomes of it. */
import { h } from "./dom.js";

export class Turn {
  /** @param {string} question @param {any} labels */
  constructor(question, labels) {
    this.question = question;
    /** @type {any} */
    this.answer = null;
    this.step = h("p", { class: "working" }, labels.working);
    this.text = h("p", { class: "coming", lang: "ko" });
    this.box = h("div", { class: "answer", "aria-busy": "true" }, h("h3", { class: "sr" }, labels.bot), this.step, this.text);
    this.element = h("article", { class: "turn" },
      h("div", { class: "asked" }, h("h3", { class: "sr" }, labels.you), h("p", {}, question)), this.box);
  }

  /** The answer so far, in plain words; the marks become buttons at the end. @param {string} text */
  add(text) {
    this.step.hidden = true;
    this.text.textContent += text.replace(/\[\d{1,3}\]/g, "");
  }

  /** @param {string} message */
  working(message) {
    this.step.textContent = message;
  }

  /** @param {Node[]} content what stands below the question from now on */
  finish(...content) {
    this.box.setAttribute("aria-busy", "false");
    this.box.replaceChildren(this.box.children[0], ...content);
  }
}
