/**
 * Reading server-sent events from a response, since an `EventSource` cannot send an access key.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */

/** @typedef {{ id: string, event: string, data: string }} ServerEvent */

/** Turns pieces of an event stream into events. */
export class EventParser {
  constructor() {
    this.lastId = "";
    this._rest = "";
    this._event = "";
    /** @type {string[]} */
    this._data = [];
  }

  /**
   * @param {string} piece
   * @returns {ServerEvent[]} The events that the piece completed.
   */
  push(piece) {
    const lines = (this._rest + piece).split("\n");
    this._rest = lines.pop() ?? "";
    /** @type {ServerEvent[]} */
    const events = [];
    for (const line of lines) {
      const event = this._line(line.endsWith("\r") ? line.slice(0, -1) : line);
      if (event) events.push(event);
    }
    return events;
  }

  /**
   * @param {string} line
   * @returns {ServerEvent | null}
   */
  _line(line) {
    if (line === "") return this._dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this._data.push(value);
    else if (field === "event") this._event = value;
    else if (field === "id" && !value.includes("\0")) this.lastId = value;
    return null;
  }

  /** @returns {ServerEvent | null} */
  _dispatch() {
    const event = { id: this.lastId, event: this._event || "message", data: this._data.join("\n") };
    const isEvent = this._data.length > 0;
    this._event = "";
    this._data = [];
    return isEvent ? event : null;
  }
}

/**
 * The events of a response, as they come.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @param {() => void} heard Called for every piece, heartbeats included.
 * @returns {AsyncGenerator<ServerEvent[]>}
 */
export async function* eventsOf(body, heard) {
  const parser = new EventParser();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      const events = parser.push(decoder.decode(value, { stream: true }));
      if (events.length) yield events;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
