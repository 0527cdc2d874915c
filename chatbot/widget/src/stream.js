/** Server-sent events over fetch (EventSource can send neither a body nor a token). */

/** @typedef {{id: string, name: string, data: any}} ServerEvent */

/** A heartbeat comes every 15 seconds; a line that is silent for three of them is dead. */
const SILENCE_MS = 45000;

/**
 * @param {Response} response
 * @param {AbortController} connection aborted when the line falls silent
 * @returns {AsyncGenerator<ServerEvent>}
 */
export async function* events(response, connection) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let held = "";
  for (;;) {
    const silence = setTimeout(() => connection.abort(), SILENCE_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(silence));
    if (done) return;
    held += decoder.decode(value, { stream: true });
    const blocks = held.split("\n\n");
    held = blocks.pop() || "";
    for (const block of blocks) {
      const event = parse(block);
      if (event) yield event;
    }
  }
}

/** @param {string} block @returns {ServerEvent | null} null for a heartbeat */
function parse(block) {
  const fields = { id: "", event: "", data: "" };
  for (const line of block.split("\n")) {
    const [name, ...rest] = line.split(": ");
    if (name in fields) fields[/** @type {keyof typeof fields} */ (name)] += rest.join(": ");
  }
  return fields.event ? { id: fields.id, name: fields.event, data: JSON.parse(fields.data) } : null;
}
