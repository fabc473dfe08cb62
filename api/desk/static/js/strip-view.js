/**
 * The pipeline strip: what waits and how old it is, what each stage has in work, what the stages found, what gave up.
 */

import { read } from "./api.js";
import { address } from "./address.js";
import { fill, h, part } from "./dom.js";
import { key } from "./key.js";
import { span } from "./time.js";
import { asFailed } from "./trouble.js";

const EVERY_MS = 5_000;
const STAGES = ["clean", "entities", "geotag", "dedupe"];
const COVERED = ["language", "entities", "places", "focus"];

/**
 * @param {string} name
 * @param {string | number | Node} value
 * @param {{ beside?: string, kind?: string, isAlarm?: boolean }} [more]
 */
function gauge(name, value, { beside = "", kind = "", isAlarm = false } = {}) {
  const shown = typeof value === "number" ? value.toLocaleString("en") : value;
  return h(
    "div",
    { class: `gauge ${kind}`, "data-alarm": isAlarm },
    h("dt", {}, name),
    h("dd", {}, shown, beside && h("small", {}, ` ${beside}`)),
  );
}

/**
 * A rate in the unit that gives a number to remember.
 *
 * @param {number | null} perSecond
 * @returns {string}
 */
export function rate(perSecond) {
  if (perSecond === null) return "";
  if (perSecond === 0) return "none now";
  return perSecond >= 1
    ? `${perSecond.toFixed(perSecond < 10 ? 1 : 0)}/s`
    : `${(perSecond * 60).toFixed(perSecond * 60 < 10 ? 1 : 0)}/min`;
}

/**
 * @param {any} status
 * @param {string} stage
 */
function stageGauge(status, stage) {
  const loads = Object.values(status.lanes).map((/** @type {any} */ lane) => lane.stages[stage]);
  const inWork = loads.reduce((sum, load) => sum + load.in_work, 0);
  const ages = loads.map((load) => load.oldest_seconds).filter((age) => age !== null);
  return gauge(stage, inWork, { kind: "stage minor", beside: ages.length ? span(Math.max(...ages)) : "" });
}

/**
 * @param {any} status
 * @param {string} lane
 */
function laneGauge(status, lane) {
  const { waiting, oldest_seconds: oldest } = status.lanes[lane];
  return gauge(`Waiting, ${lane}`, waiting, { beside: oldest === null ? "" : `oldest ${span(oldest)}` });
}

/** @param {any} status */
function coverageGauges(status) {
  const lately = status.last.quarter.figures.coverage ?? status.total.coverage;
  if (!lately) return [];
  return COVERED.map((name) =>
    gauge(`With ${name}`, `${Math.round(lately[name] * 100)} %`, { kind: "minor coverage" }),
  );
}

/** @param {any} status */
function quarantineGauge(status) {
  const count = status.outcomes.quarantined ?? 0;
  const value = count ? h("a", { href: address({ outcome: "quarantined" }) }, count.toLocaleString("en")) : 0;
  return gauge("Quarantine", value, { isAlarm: count > 0 });
}

/** @param {any} status */
function passageGauge(status) {
  const passage = status.last.quarter.figures.passage.live ?? status.total.passage.live ?? status.total.passage.bulk;
  return passage ? gauge("Half done within", span(passage.median_seconds), { kind: "minor passage" }) : null;
}

/**
 * Show how the pipeline is.
 *
 * @param {any} status As `GET /v1/pipeline` tells it.
 */
export function showStrip(status) {
  const { minute } = status.last;
  fill(
    part("strip-body"),
    h(
      "dl",
      { class: "gauges" },
      gauge("Accepted", status.accepted, { beside: rate(minute.accepted_per_second) }),
      Object.keys(status.lanes).map((lane) => laneGauge(status, lane)),
      STAGES.map((stage) => stageGauge(status, stage)),
      gauge("Finished", status.accepted - status.pending, { beside: rate(minute.finished_per_second) }),
      passageGauge(status),
      quarantineGauge(status),
      coverageGauges(status),
      status.broker ? null : gauge("Broker", "away", { isAlarm: true }),
      status.balanced ? null : gauge("Accounting", "does not add up", { isAlarm: true }),
    ),
  );
}

let timer = 0;

/** Keep the strip up to date. */
export async function pollStrip() {
  window.clearTimeout(timer);
  try {
    showStrip(await read("/v1/pipeline"));
  } catch (error) {
    const known = asFailed(error);
    const words =
      known.trouble === "key" && !key() ? "How the pipeline is shows here once the desk has a key." : known.message;
    fill(part("strip-body"), h("p", { class: "strip-words" }, words));
  }
  timer = window.setTimeout(pollStrip, document.hidden ? 6 * EVERY_MS : EVERY_MS);
}
