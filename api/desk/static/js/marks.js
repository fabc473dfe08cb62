/**
 * Putting mentions back into the text. Offsets count Unicode code points, while JavaScript's strings count UTF-16
 * units: texts are cut into code points first.
 */

/**
 * @typedef {object} Mark
 * @property {number} start Code point where it begins.
 * @property {number} end Code point behind it.
 * @property {"place" | "person" | "org" | "other"} kind
 * @property {string} label What the reader is told of it.
 * @property {string} key The same for all mentions of one thing.
 */
/** @typedef {{ mark: Mark | null, text: string, start: number, end: number, inside: Piece[] }} Piece */

/**
 * @param {string} text
 * @returns {string[]}
 */
export function codePoints(text) {
  return Array.from(text);
}

/**
 * Paragraphs of a clean text: they are parted by one blank line.
 *
 * @param {string[]} points
 * @returns {{ start: number, end: number }[]}
 */
export function paragraphs(points) {
  const found = [];
  let start = 0;
  for (let at = 0; at <= points.length; at += 1) {
    const isBreak = at === points.length || (points[at] === "\n" && points[at + 1] === "\n");
    if (!isBreak) continue;
    if (at > start) found.push({ start, end: at });
    while (points[at] === "\n" && points[at + 1] === "\n") at += 1;
    start = at + 1;
  }
  return found;
}

/**
 * Marks without double ones: of two on the same stretch the place stays, and a mark that begins inside another one and
 * ends outside of it goes.
 *
 * @param {Mark[]} marks
 * @returns {Mark[]} By their beginning, the longer one first.
 */
export function settled(marks) {
  const rank = (/** @type {Mark} */ mark) => (mark.kind === "place" ? 0 : 1);
  const sorted = [...marks].sort((a, b) => a.start - b.start || b.end - a.end || rank(a) - rank(b));
  /** @type {Mark[]} */
  const open = [];
  return sorted.filter((mark, index) => {
    const before = sorted[index - 1];
    if (before && before.start === mark.start && before.end === mark.end) return false;
    while (open.length && open[open.length - 1].end <= mark.start) open.pop();
    if (open.length && mark.end > open[open.length - 1].end) return false;
    open.push(mark);
    return true;
  });
}

/**
 * A stretch of text as a tree of marked and plain pieces.
 *
 * @param {string[]} points The whole text.
 * @param {number} start
 * @param {number} end
 * @param {Mark[]} marks As `settled` returns them.
 * @returns {Piece[]}
 */
export function pieces(points, start, end, marks) {
  const within = marks.filter((mark) => mark.start >= start && mark.end <= end);
  /** @type {Piece[]} */
  const found = [];
  let at = start;
  const plain = (/** @type {number} */ until) => {
    if (until > at)
      found.push({ mark: null, text: points.slice(at, until).join(""), start: at, end: until, inside: [] });
  };
  for (const mark of within) {
    if (mark.start < at) continue;
    plain(mark.start);
    const inner = within.filter((other) => other !== mark && other.start >= mark.start && other.end <= mark.end);
    const text = points.slice(mark.start, mark.end).join("");
    const inside = inner.length ? pieces(points, mark.start, mark.end, inner) : [];
    found.push({ mark, text, start: mark.start, end: mark.end, inside });
    at = mark.end;
  }
  plain(end);
  return found;
}
