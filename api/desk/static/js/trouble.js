/**
 * What the reader sees when something fails, and how it goes on.
 */

import { say } from "./announcer.js";
import { Failed } from "./api.js";
import { fill, part } from "./dom.js";
import { forget, keep, key } from "./key.js";
import * as navigation from "./navigation.js";
import * as notices from "./notices.js";

/** Between two tries while the API is away. */
const PAUSE_S = 5;
/** @type {(() => void)[]} */
const locked = [];

/** @param {() => void} told Called when the desk cannot go on without another key. */
export function whenLocked(told) {
  locked.push(told);
}

/**
 * Show a failure in the place of the list.
 *
 * @param {unknown} error
 * @param {() => void} again
 */
export function failed(error, again) {
  const known = asFailed(error);
  showBoard();
  if (known.trouble === "key" || known.trouble === "scope") return askForKey(known);
  const notice = notices.trouble(known, again);
  fill(part("board-notice"), notice);
  say(known.message);
  if (known.trouble !== "away") return;
  window.setTimeout(() => notice.isConnected && again(), Math.max(known.retryAfter, PAUSE_S) * 1_000);
}

/**
 * @param {unknown} error
 * @returns {Failed}
 */
export function asFailed(error) {
  if (error instanceof Failed) return error;
  console.error(error);
  return new Failed("away", "The desk could not show this.");
}

/**
 * Ask for another key.
 *
 * @param {Failed} error
 */
export function askForKey(error) {
  const isFirst = !key();
  forget();
  for (const told of locked) told();
  showBoard();
  part("forget-key").hidden = true;
  fill(part("filters"));
  const given = (/** @type {string} */ value) => {
    keep(value);
    navigation.again();
  };
  fill(part("board-notice"), notices.keyNeeded(error.message, isFirst, given));
  part("board-notice").querySelector("input")?.focus();
}

function showBoard() {
  part("board").hidden = false;
  part("reading").hidden = true;
  document.body.classList.remove("is-reading");
  fill(part("board-list"));
  // Without articles there is nothing in them; `showAround` brings them back.
  part("timeline").hidden = true;
  part("places").hidden = true;
}
