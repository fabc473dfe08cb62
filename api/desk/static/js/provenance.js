/**
 * Showing what the clean stage took out where it stood.
 *
 * The record says where a passage stood in the submitted text. The result holds the clean text alone, so its place
 * there is worked out: what lies between two removals was kept. Blank lines around a removal are not on record; the
 * place is moved to the nearest paragraph, or word, within a few code points. Order and wording are exact.
 */

/** @typedef {{ rule: string, start: number, end: number, text: string }} Removed */
/** @typedef {{ at: number, removed: Removed }} Placed */

/** Blank lines and spaces that may have gone with a passage. */
const NEAR = 12;

/**
 * Where each removed passage stood.
 *
 * @param {string[]} points Code points of the clean text.
 * @param {{ start: number, end: number }[]} paragraphs Of the clean text.
 * @param {Removed[]} removed
 * @returns {Placed[]} `at`: the code point of the clean text that it stood before.
 */
export function placed(points, paragraphs, removed) {
  const borders = [0, ...paragraphs.map((paragraph) => paragraph.start), points.length];
  let source = 0;
  let clean = 0;
  return [...removed]
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map((one) => {
      const guess = Math.min(Math.max(clean + one.start - source, clean), points.length);
      clean = Math.max(snapped(guess, borders, points), clean);
      source = Math.max(one.end, source);
      return { at: clean, removed: one };
    });
}

/**
 * @param {number} guess
 * @param {number[]} borders
 * @param {string[]} points
 * @returns {number}
 */
function snapped(guess, borders, points) {
  const nearest = borders.reduce((best, border) => (Math.abs(border - guess) < Math.abs(best - guess) ? border : best));
  if (Math.abs(nearest - guess) <= NEAR) return nearest;
  for (let away = 0; away <= NEAR; away += 1) {
    for (const at of [guess - away, guess + away]) if (/\s/.test(points[at - 1] ?? "")) return at;
  }
  return guess;
}
