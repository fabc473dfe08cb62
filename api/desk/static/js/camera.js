/**
 * Where the map looks: its scale, and where the left upper corner of the world lies, in pixels of the sheet.
 */

/** @typedef {{ k: number, x: number, y: number }} View */
/** @typedef {{ width: number, height: number }} Size */

const MOST_ZOOM = 24;
/** What a few places next to each other are magnified to, so that their country stays in sight. */
const CLOSE = 6;

/** @type {View} */
export const WORLD = Object.freeze({ k: 1, x: 0, y: 0 });

/**
 * The same view, with no edge of the world inside the sheet.
 *
 * @param {View} view
 * @param {Size} size
 * @returns {View}
 */
export function bounded(view, { width, height }) {
  const k = Math.min(Math.max(view.k, 1), MOST_ZOOM);
  const within = (/** @type {number} */ at, /** @type {number} */ room) => Math.min(0, Math.max(at, room * (1 - k)));
  return { k, x: within(view.x, width), y: within(view.y, height) };
}

/**
 * The view after magnifying; the point under x, y stays where it is.
 *
 * @param {View} view
 * @param {number} factor
 * @param {number} x
 * @param {number} y
 * @returns {View}
 */
export function scaled(view, factor, x, y) {
  const k = Math.min(Math.max(view.k * factor, 1), MOST_ZOOM);
  return { k, x: x - ((x - view.x) * k) / view.k, y: y - ((y - view.y) * k) / view.k };
}

/**
 * The view that holds all of some points, with room around them.
 *
 * @param {[number, number][]} points In pixels of the unmagnified sheet.
 * @param {Size} size
 * @returns {View}
 */
export function around(points, { width, height }) {
  if (!points.length) return WORLD;
  const xs = points.map((point) => point[0]);
  const ys = points.map((point) => point[1]);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const spread = Math.max((right - left) / width, (bottom - top) / height, 0.001);
  const k = Math.min(Math.max(0.6 / spread, 1), CLOSE);
  return { k, x: width / 2 - ((left + right) / 2) * k, y: height / 2 - ((top + bottom) / 2) * k };
}

/**
 * A view between two others: scale grows evenly, and the way keeps step with it.
 *
 * @param {View} from
 * @param {View} to
 * @param {number} t From 0 to 1.
 * @returns {View}
 */
export function between(from, to, t) {
  const ease = 1 - (1 - t) ** 3;
  const k = from.k * (to.k / from.k) ** ease;
  const share = to.k === from.k ? ease : (k - from.k) / (to.k - from.k);
  return { k, x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}
