/**
 * Telling screen readers what changed, seldom enough not to chatter.
 */

import { part } from "./dom.js";

const QUIET_MS = 10_000;
let last = 0;
let pending = "";
/** @type {number | undefined} */
let timer;

/**
 * Say something that follows from what the reader did.
 *
 * @param {string} text
 */
export function say(text) {
  window.clearTimeout(timer);
  pending = "";
  speak(text);
}

/**
 * Say something that happened by itself. Of several things within ten seconds only the last one is said.
 *
 * @param {string} text
 */
export function mention(text) {
  pending = text;
  window.clearTimeout(timer);
  timer = window.setTimeout(() => pending && speak(pending), Math.max(last + QUIET_MS - Date.now(), 1_000));
}

/** @param {string} text */
function speak(text) {
  last = Date.now();
  pending = "";
  part("announcements").textContent = text;
}
