/**
 * From articles to what the map shows: places with a point, and countries that articles are about.
 */

/** From this confidence on the API lists an article under a place. */
export const LISTED_FROM = 0.5;

/**
 * @typedef {object} Spot
 * @property {number} id GeoNames id.
 * @property {string} name
 * @property {string | null} country ISO 3166-1 alpha-2.
 * @property {number} latitude
 * @property {number} longitude
 * @property {number} weight How many articles name it, those that are about it counted twice.
 * @property {number} population
 * @property {any[]} articles Those that name it, in the order of the list.
 */

/**
 * Places that articles name and that are small enough to have a point; those with most articles first.
 *
 * @param {any[]} articles
 * @returns {Spot[]}
 */
export function spots(articles) {
  /** @type {Map<number, Spot>} */
  const found = new Map();
  for (const article of articles) {
    for (const place of article.geotags?.places ?? []) {
      if (place.precision !== "point" || place.confidence < LISTED_FROM) continue;
      const spot = found.get(place.geoname_id) ?? spotOf(place);
      spot.articles.push(article);
      spot.weight += place.roles?.includes("focus") ? 2 : 1;
      found.set(place.geoname_id, spot);
    }
  }
  return [...found.values()].sort(
    (a, b) => b.articles.length - a.articles.length || b.weight - a.weight || b.population - a.population,
  );
}

/**
 * @param {any} place
 * @returns {Spot}
 */
function spotOf({ geoname_id, name, country_code, latitude, longitude, population }) {
  return {
    id: geoname_id,
    name,
    country: country_code ?? null,
    latitude,
    longitude,
    weight: 0,
    population: population ?? 0,
    articles: [],
  };
}

/**
 * How much of the news each country is the focus of: the sum of the articles' shares.
 *
 * @param {any[]} articles
 * @returns {Map<string, number>} By ISO 3166-1 alpha-2.
 */
export function weights(articles) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const article of articles) {
    for (const area of article.geotags?.focus?.countries ?? []) {
      if (area.country_code) found.set(area.country_code, (found.get(area.country_code) ?? 0) + area.score);
    }
  }
  return found;
}

/**
 * The radius of a circle whose area stands for a number of articles.
 *
 * @param {number} count
 * @returns {number} Pixels.
 */
export function radius(count) {
  return Math.min(3.25 * Math.sqrt(count), 22);
}

/**
 * Where an article happens, in a few words: its focus cities, then its focus countries.
 *
 * @param {any} article
 * @param {number} [most] Names of each kind.
 * @returns {string}
 */
export function whereabouts(article, most = 2) {
  const focus = article.geotags?.focus ?? {};
  const names = (/** @type {any[] | undefined} */ areas) => (areas ?? []).slice(0, most).map((area) => area.name);
  const cities = names(focus.cities);
  const countries = names(focus.countries).filter((name) => !cities.includes(name));
  return [cities.join(", "), countries.join(", ")].filter(Boolean).join(" · ");
}

/** Half of what a label takes in height, in pixels. */
const LABEL_HALF = 8;

/**
 * Names for the spots that have room for one: the largest first, none over another, and none in the middle of another
 * large spot, which it would seem to name.
 *
 * @param {{ x: number, y: number, r: number, text: string }[]} wanted In order of importance.
 * @param {{ width: number, height: number }} room
 * @param {number} most
 * @returns {{ x: number, y: number, anchor: "start" | "end", text: string }[]}
 */
export function labels(wanted, room, most) {
  /** @type {{ left: number, right: number, top: number, bottom: number }[]} */
  const taken = [];
  const placed = [];
  const large = wanted.filter(({ r }) => r >= LABEL_HALF);
  for (const { x, y, r, text } of wanted) {
    if (placed.length >= most) break;
    const width = text.length * 6.4 + 6;
    for (const anchor of /** @type {("start" | "end")[]} */ (["start", "end"])) {
      const edge = anchor === "start" ? x + r + 4 : x - r - 4;
      const box = {
        left: anchor === "start" ? edge : edge - width,
        right: anchor === "start" ? edge + width : edge,
        top: y - LABEL_HALF,
        bottom: y + LABEL_HALF,
      };
      const isOutside = box.left < 2 || box.right > room.width - 2 || box.top < 2 || box.bottom > room.height - 2;
      const isTaken = taken.some(
        (other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top,
      );
      const isAnothers = large.some(
        (spot) =>
          (spot.x !== x || spot.y !== y) &&
          spot.x > box.left - 4 &&
          spot.x < box.right + 4 &&
          spot.y > box.top - 4 &&
          spot.y < box.bottom + 4,
      );
      if (isOutside || isTaken || isAnothers) continue;
      taken.push(box);
      placed.push({ x: edge, y, anchor, text });
      break;
    }
  }
  return placed;
}
