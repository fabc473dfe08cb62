/**
 * The desk's words for the API's codes.
 */

/** @type {Record<string, string>} */
export const OUTCOMES = {
  done: "done",
  partial: "partial",
  quarantined: "in quarantine",
  withdrawn: "withdrawn",
  pending: "pending",
};

/** @type {Record<string, string>} */
export const RELATIONS = {
  exact: "exact copy",
  near: "near copy",
  contained_in: "part of another",
  contains: "extends another",
  same_story: "same story",
  low_information: "too little to compare",
};

/** @type {Record<string, string>} */
export const LABELS = {
  PERSON: "Person",
  ORG: "Organisation",
  LOC: "Place",
  NORP: "Group",
  EVENT: "Event",
  WORK: "Work",
  PRODUCT: "Product",
  DATE: "Date",
  MONEY: "Money",
  MISC: "Other",
};

/** Relations of an article for which another one stands. */
export const COPIES = new Set(["exact", "near", "contained_in"]);

/**
 * What an article is called where it has no headline.
 *
 * @param {any} article
 * @returns {string}
 */
export function titleOf(article) {
  if (article.outcome === "withdrawn") return "Withdrawn";
  return article.clean?.title || (article.state ? "On its way through the stages" : "Without a headline");
}

/** @param {any} article */
export function sourceOf(article) {
  return article.clean?.site_name || article.source || "no source given";
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 * @returns {string}
 */
export function counted(count, one, many = `${one}s`) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/**
 * @param {string | null | undefined} code ISO 3166-1 alpha-2.
 * @returns {string}
 */
export function countryName(code) {
  if (!code) return "";
  try {
    return new Intl.DisplayNames(["en"], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/**
 * @param {string | null | undefined} code ISO 639-1.
 * @returns {string}
 */
export function languageName(code) {
  if (!code) return "language unknown";
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** @param {string} code */
export function plain(code) {
  return code.replaceAll("_", " ");
}
