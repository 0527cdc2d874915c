/** Speaking instead of typing, through the browser's own recognition. */

/** @returns {(new () => any) | undefined} */
export const recognition = () => /** @type {any} */ (window).SpeechRecognition || /** @type {any} */ (window).webkitSpeechRecognition;

/**
 * Listens until the speaker pauses.
 * @param {string} language
 * @param {{heard: (text: string) => void, ended: (error: string) => void}} told `error` is empty when all went well
 * @returns {() => void} stops listening
 */
export function listen(language, { heard, ended }) {
  const Recognition = /** @type {new () => any} */ (recognition());
  const listening = new Recognition();
  let error = "";
  listening.lang = language;
  listening.interimResults = true;
  listening.onresult = (/** @type {any} */ event) =>
    heard([...event.results].map((/** @type {any} */ result) => result[0].transcript).join("").trim());
  listening.onerror = (/** @type {any} */ event) => (error = event.error === "aborted" ? "" : event.error);
  listening.onend = () => ended(error);
  listening.start();
  return () => listening.abort();
}
