/**
 * Following the feed: from the last event on, again and again, so that nothing is missed and nothing comes twice.
 */

import { Failed, ask, read } from "./api.js";
import { eventsOf } from "./stream.js";

/** The API sends a comment every 15 s; a connection that was silent for three of them is dead. */
const SILENCE_MS = 45_000;
const LONGEST_PAUSE_MS = 30_000;

/** @typedef {"connecting" | "live" | "waiting" | "off"} LiveState */
/** @typedef {{ cursor: string, article_id: string, revision: number, outcome: string }} Entry */
/**
 * @typedef {object} Follower
 * @property {(entries: Entry[]) => void} arrived
 * @property {(state: LiveState) => void} changed
 * @property {(error: Failed) => void} refused The feed will not be followed: a key is needed or does not suffice.
 * @property {() => void} lost The cursor is not known any more; what is shown has to be read anew.
 */

/**
 * Where the feed ends now.
 *
 * @returns {Promise<string>}
 */
export async function newest() {
  return (await read("/v1/feed?after=latest&limit=1")).next_cursor;
}

/**
 * How long to wait before another try, in milliseconds: twice as long each time, and not all readers at once.
 *
 * @param {number} tries Failed tries so far, from 1.
 * @param {number} chance Between 0 and 1.
 * @returns {number}
 */
export function pause(tries, chance) {
  return Math.min(1_000 * 2 ** (tries - 1), LONGEST_PAUSE_MS) * (0.75 + chance / 2);
}

/**
 * Follow the feed until the signal says stop.
 *
 * @param {string} after Cursor of the last entry that is known.
 * @param {Follower} follower
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export async function follow(after, follower, signal) {
  let cursor = after;
  for (let tries = 0; !signal.aborted;) {
    follower.changed(tries ? "waiting" : "connecting");
    try {
      await connection(
        cursor,
        signal,
        () => follower.changed("live"),
        (entries) => {
          tries = 0;
          cursor = entries[entries.length - 1].cursor;
          follower.arrived(entries);
        },
      );
    } catch (error) {
      if (signal.aborted) break;
      if (error instanceof Failed && (error.trouble === "key" || error.trouble === "scope")) {
        follower.changed("off");
        return follower.refused(error);
      }
      if (error instanceof Failed && error.trouble === "refused") return follower.lost();
    }
    if (signal.aborted) break;
    follower.changed("waiting");
    tries += 1;
    await sleep(pause(tries, Math.random()), signal);
  }
  follower.changed("off");
}

/**
 * One connection, until it ends.
 *
 * @param {string} cursor
 * @param {AbortSignal} signal
 * @param {() => void} opened
 * @param {(entries: Entry[]) => void} arrived
 */
async function connection(cursor, signal, opened, arrived) {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  try {
    const response = await ask(`/v1/feed?after=${encodeURIComponent(cursor)}`, {
      accept: "text/event-stream",
      headers: { "Last-Event-ID": cursor },
      signal: AbortSignal.any([signal, silence.signal]),
    });
    opened();
    if (!response.body) return;
    for await (const events of eventsOf(response.body, heard)) {
      const entries = events.filter((event) => event.event === "outcome").map((event) => JSON.parse(event.data));
      if (entries.length) arrived(entries);
    }
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 */
function sleep(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve(undefined);
      },
      { once: true },
    );
  });
}
