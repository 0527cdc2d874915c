/** What the tab remembers: in its session storage, or in memory where the browser refuses that to a foreign frame. */

export class Memory {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    /** @type {Record<string, any>} */
    this.values = {};
    try {
      this.store = window.sessionStorage;
      this.values = JSON.parse(this.store.getItem(name) || "{}");
    } catch {
      this.store = null;
    }
  }

  /** @param {string} key @param {any} otherwise */
  get(key, otherwise) {
    return this.values[key] ?? otherwise;
  }

  /** @param {string} key @param {any} value */
  set(key, value) {
    this.values[key] = value;
    this.save();
  }

  /** Forgets everything but the named keys. @param {...string} kept */
  clear(...kept) {
    this.values = Object.fromEntries(Object.entries(this.values).filter(([key]) => kept.includes(key)));
    this.save();
  }

  save() {
    try {
      this.store?.setItem(this.name, JSON.stringify(this.values));
    } catch {
      this.store = null; // full, or refused by now
    }
  }
}
