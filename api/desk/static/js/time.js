/**
 * Times: for people, for the address, and in bins for the timeline.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WIDTHS = [1, 5, 15, 30]
  .map((n) => n * SECOND)
  .concat(
    [1, 2, 5, 15, 30].map((n) => n * MINUTE),
    [1, 2, 3, 6, 12].map((n) => n * HOUR),
    [1, 2, 7, 14, 28, 91, 364].map((n) => n * DAY),
  );

/**
 * How long ago, in one short word: `now`, `4 min`, `3 h`, `2 d`, then the day.
 *
 * @param {number} then Milliseconds.
 * @param {number} now Milliseconds.
 * @returns {string}
 */
export function ago(then, now) {
  const passed = now - then;
  if (passed < 10 * SECOND) return "now";
  if (passed < MINUTE) return `${Math.floor(passed / SECOND)} s`;
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)} h`;
  if (passed < 14 * DAY) return `${Math.floor(passed / DAY)} d`;
  return day(then);
}

/**
 * A length of time in one short word.
 *
 * @param {number} seconds
 * @returns {string}
 */
export function span(seconds) {
  if (seconds < 0.1) return `${Math.round(seconds * 1_000)} ms`;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** @param {number} moment Milliseconds. */
export function day(moment) {
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" }).format(moment);
}

/** @param {number} moment Milliseconds. */
export function dayAndTime(moment) {
  const form = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat("en-GB", /** @type {Intl.DateTimeFormatOptions} */ (form)).format(moment);
}

/**
 * A stretch of time in words, the day once where it is one day.
 *
 * @param {number} from Milliseconds.
 * @param {number} until
 * @returns {string}
 */
export function stretch(from, until) {
  if (dayAndTime(from) === dayAndTime(until)) return `on ${dayAndTime(from)}`;
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (day(from) === day(until)) return `between ${clock.format(from)} and ${clock.format(until)} on ${day(from)}`;
  return `between ${dayAndTime(from)} and ${dayAndTime(until)}`;
}

/**
 * A label for the axis of the timeline.
 *
 * @param {number} moment Milliseconds.
 * @param {number} width Of a bin, in milliseconds.
 * @returns {string}
 */
export function tick(moment, width) {
  /** @type {Intl.DateTimeFormatOptions} */
  const form = width >= 12 * HOUR ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit" };
  if (width < MINUTE) form.second = "2-digit";
  return new Intl.DateTimeFormat("en-GB", form).format(moment);
}

/** @typedef {{ from: number, until: number, count: number }} Bin */

/**
 * Moments in bins of one width, as many as fit.
 *
 * @param {number[]} moments Milliseconds.
 * @param {number} from Where the first bin may begin.
 * @param {number} until
 * @param {number} [most] Bins.
 * @returns {{ width: number, bins: Bin[] }}
 */
export function binned(moments, from, until, most = 72) {
  const width = WIDTHS.find((candidate) => (until - from) / candidate <= most - 1) ?? WIDTHS[WIDTHS.length - 1];
  const first = Math.floor(from / width) * width;
  const count = Math.min(Math.floor((until - first) / width) + 1, 10 * most);
  const bins = Array.from({ length: count }, (_, index) => ({
    from: first + index * width,
    until: first + (index + 1) * width,
    count: 0,
  }));
  for (const moment of moments) {
    const bin = bins[Math.floor((moment - first) / width)];
    if (bin) bin.count += 1;
  }
  return { width, bins };
}

/**
 * For a field of the type `datetime-local`, in the reader's time zone.
 *
 * @param {string | undefined} iso
 * @returns {string}
 */
export function toField(iso) {
  const moment = iso ? Date.parse(iso) : NaN;
  if (Number.isNaN(moment)) return "";
  const local = new Date(moment - new Date(moment).getTimezoneOffset() * MINUTE);
  return local.toISOString().slice(0, 19).replace(/:00$/, "");
}

/**
 * @param {string} field
 * @returns {string} ISO 8601 in UTC, empty where the field is.
 */
export function fromField(field) {
  const moment = field ? new Date(field).getTime() : NaN;
  return Number.isNaN(moment) ? "" : new Date(moment).toISOString().replace(".000Z", "Z");
}
