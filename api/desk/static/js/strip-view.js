/**
 * The pipeline strip: what waits, how old it is, what was done.
 */

import { fill, h, part } from "./dom.js";
import { span } from "./time.js";

/**
 * @param {string} name
 * @param {string | number} value
 * @param {string} [beside]
 * @param {boolean} [isAlarm]
 */
function gauge(name, value, beside = "", isAlarm = false) {
  return h("div", { class: "gauge", "data-alarm": isAlarm }, h("dt", {}, name), h("dd", {}, typeof value === "number" ? value.toLocaleString("en") : value, beside && h("small", {}, ` ${beside}`)));
}

/** @param {any} state As `GET /v1/health/accepting` has it. */
export function showStrip(state) {
  const lanes = Object.keys(state.waiting).map((lane) => {
    const age = state.oldest_waiting_seconds[lane];
    return gauge(`Waiting, ${lane}`, state.waiting[lane], age === null ? "" : `oldest ${span(age)}`);
  });
  fill(
    part("strip-body"),
    h("dl", { class: "gauges" }, gauge("Accepted", state.accepted), lanes, gauge("In work", state.leased), gauge("Put aside", state.delayed), gauge("Pending", state.pending)),
  );
}

/** @param {string} words */
export function stripSays(words) {
  fill(part("strip-body"), h("p", { class: "strip-words" }, words));
}
