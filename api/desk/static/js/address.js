/**
 * The address of the desk: its query is the query of `GET /v1/articles`, its fragment says what is shown of it.
 */

/** The filters, in the order in which they are written; each is a parameter of `GET /v1/articles`. */
export const FILTERS = Object.freeze([
  "outcome",
  "source",
  "since",
  "until",
  "near",
  "radius_km",
  "place",
  "country",
  "admin1",
  "entity",
  "story",
  "originals",
]);

/** @typedef {Record<string, string>} Filters */
/** @typedef {{ view: "articles" | "stories" } | { view: "article", id: string, revision: number | null }} Route */

const ARTICLE = /^#article\/([a-z2-7]{26})(?::([0-9]{1,9}))?$/;

/**
 * The filters in a query; what is no filter, or empty, is left out.
 *
 * @param {string} search
 * @returns {Filters}
 */
export function readFilters(search) {
  const parameters = new URLSearchParams(search);
  /** @type {Filters} */
  const filters = {};
  for (const name of FILTERS) {
    const value = (parameters.get(name) ?? "").trim();
    if (value && !(name === "originals" && value === "false")) filters[name] = value;
  }
  if (filters.radius_km && !filters.near) delete filters.radius_km;
  return filters;
}

/**
 * The query for filters: what the desk has in its address and what the API is asked.
 *
 * @param {Filters} filters
 * @returns {string} Without the question mark.
 */
export function query(filters) {
  const parameters = new URLSearchParams();
  for (const name of FILTERS) if (filters[name]) parameters.set(name, filters[name]);
  return parameters.toString().replaceAll("%3A", ":").replaceAll("%2C", ",");
}

/**
 * What the fragment asks for.
 *
 * @param {string} hash
 * @returns {Route}
 */
export function readRoute(hash) {
  const article = ARTICLE.exec(hash);
  if (article) return { view: "article", id: article[1], revision: article[2] ? Number(article[2]) : null };
  return { view: hash === "#stories" ? "stories" : "articles" };
}

/**
 * @param {Route} route
 * @returns {string} The fragment, empty for the list of articles.
 */
export function fragment(route) {
  if (route.view === "article") return `#article/${route.id}${route.revision ? `:${route.revision}` : ""}`;
  return route.view === "stories" ? "#stories" : "";
}

/**
 * An address of the desk, to be used as a link.
 *
 * @param {Filters} filters
 * @param {Route} [route]
 * @returns {string}
 */
export function address(filters, route = { view: "articles" }) {
  const asked = query(filters);
  return `/${asked ? `?${asked}` : ""}${fragment(route)}`;
}
