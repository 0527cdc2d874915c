/** Talks to the server: a visitor token for this page, questions, opinions. */
import { events } from "./stream.js";

/** A refusal of the server; `message` is the Korean sentence of its problem document. */
export class Refused extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The server cannot be reached. */
export class Unreachable extends Error {}

const RESUME_AFTER_MS = [500, 1500, 4000];
const pause = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

export class Client {
  /** @param {string} base address of the server, ending in a slash @param {string} siteKey */
  constructor(base, siteKey) {
    this.base = base;
    this.siteKey = siteKey;
    this.token = "";
    this.renewAt = 0;
    /** @type {any} what the site has configured, once known */
    this.site = null;
    /** @type {Promise<void> | null} */
    this.renewing = null;
  }

  /** A token that is good for some minutes more; asks for a new one, once for all who wait, when it is not. */
  async session() {
    if (this.token && Date.now() < this.renewAt) return;
    this.renewing ??= this.renew().finally(() => (this.renewing = null));
    await this.renewing;
  }

  async renew() {
    const body = { site_key: this.siteKey, ...(this.token && { token: this.token }) };
    const response = await this.send("POST", "api/v1/widget/session", { body, anonymous: true });
    this.site = await response.json();
    this.token = this.site.token;
    this.renewAt = Date.now() + this.site.expires_in * 800;
  }

  /** Forgets who we were: the next question begins a new session. */
  forget() {
    this.token = "";
  }

  /**
   * The events of one answer; a line that is cut is taken up where it was.
   * @param {object} question
   * @param {AbortSignal} signal
   */
  async *ask(question, signal) {
    let last = "";
    let failures = 0;
    for (;;) {
      const connection = new AbortController();
      const abort = () => connection.abort();
      signal.addEventListener("abort", abort);
      try {
        const headers = last ? { "Last-Event-ID": last } : {};
        const response = await this.authorized("POST", "api/v1/ask/stream", {
          body: question, headers, signal: connection.signal,
        });
        for await (const event of events(response, connection)) {
          failures = 0;
          last = event.id;
          yield event;
          if (event.name === "answer" || event.name === "error") return;
        }
        throw new Unreachable();
      } catch (error) {
        if (signal.aborted) {
          if (last) this.stop(last);
          return;
        }
        if (error instanceof Refused || !last || failures >= RESUME_AFTER_MS.length) throw error;
        await pause(RESUME_AFTER_MS[failures++]);
      } finally {
        signal.removeEventListener("abort", abort);
      }
    }
  }

  /** Tells the server that nobody waits any more. @param {string} eventId */
  stop(eventId) {
    const stream = encodeURIComponent(eventId.split(":")[0]);
    this.authorized("DELETE", `api/v1/ask/stream/${stream}`, {}).catch(() => {});
  }

  /** @param {string} answerId @param {"up" | "down"} rating */
  async rate(answerId, rating) {
    await this.authorized("POST", "api/v1/feedback", { body: { answer_id: answerId, rating } });
  }

  /** With a token, renewed once if the server does not know it any more. @param {string} method @param {string} path @param {any} options */
  async authorized(method, path, options) {
    await this.session();
    try {
      return await this.send(method, path, options);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error;
      this.forget();
      await this.session();
      return this.send(method, path, options);
    }
  }

  /** @param {string} method @param {string} path @param {{body?: object, headers?: object, signal?: AbortSignal, anonymous?: boolean}} options */
  async send(method, path, { body, headers, signal, anonymous }) {
    let response;
    try {
      response = await fetch(this.base + path, {
        method,
        signal,
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "origin",
        headers: {
          ...(body && { "Content-Type": "application/json" }),
          ...(!anonymous && { Authorization: `Bearer ${this.token}` }),
          ...headers,
        },
        body: body && JSON.stringify(body),
      });
    } catch {
      throw new Unreachable();
    }
    if (response.ok) return response;
    const problem = await response.json().catch(() => ({}));
    throw new Refused(response.status, problem.detail || "");
  }
}
