/**
 * The list of articles: pages of `GET /v1/articles`, and what comes in while it is read.
 */

import { read } from "./api.js";
import { query } from "./address.js";

/** What the list, the map and the timeline need of each article. */
const FIELDS = [
  "outcome",
  "state",
  "source",
  "url",
  "accepted_at",
  "cursor",
  "clean.title",
  "clean.language",
  "clean.published_at",
  "clean.site_name",
  "geotags.places.geoname_id",
  "geotags.places.name",
  "geotags.places.kind",
  "geotags.places.latitude",
  "geotags.places.longitude",
  "geotags.places.precision",
  "geotags.places.country_code",
  "geotags.places.confidence",
  "geotags.places.roles",
  "geotags.places.population",
  "geotags.focus.countries",
  "geotags.focus.cities",
  "duplicates.relation",
  "duplicates.canonical_id",
  "duplicates.story_id",
  "failure.stage",
].join(",");
const PAGE = 100;
/** `entity` and `originals` make short pages that lead on. */
const CALLS = 6;
const ENOUGH = 25;

/** @typedef {import("./address.js").Filters} Filters */
/** @typedef {{ items: any[], next: string | null }} Page */

/**
 * @param {Filters} filters
 * @param {string | null} cursor
 * @returns {string}
 */
function path(filters, cursor) {
  const asked = query(filters);
  const tail = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
  return `/v1/articles?${asked ? `${asked}&` : ""}limit=${PAGE}&fields=${FIELDS}${tail}`;
}

/**
 * The articles from a cursor on: one page, or several short ones.
 *
 * @param {Filters} filters
 * @param {string | null} cursor
 * @param {AbortSignal} [signal]
 * @returns {Promise<Page>}
 */
export async function page(filters, cursor, signal) {
  /** @type {any[]} */
  const items = [];
  let next = cursor;
  for (let calls = 0; calls < CALLS; calls += 1) {
    const found = await read(path(filters, next), signal);
    items.push(...found.items);
    next = found.next_cursor;
    if (next === null || items.length >= ENOUGH) break;
  }
  return { items, next };
}

/**
 * The list after its beginning was read anew.
 *
 * As far as the reading goes, it is right: what is not in it has left the list. What is older stays; what of it was
 * withdrawn is told so.
 *
 * @param {any[]} items What is shown, newest acceptance first.
 * @param {Page} fresh The beginning of the list.
 * @param {Set<string>} withdrawn Ids of articles that were withdrawn meanwhile.
 * @returns {{ items: any[], added: any[] }}
 */
export function renewed(items, fresh, withdrawn) {
  const known = new Set(items.map((item) => item.id));
  const found = new Set(fresh.items.map((item) => item.id));
  const edge = fresh.next === null ? -Infinity : Math.min(...fresh.items.map(acceptance));
  const older = items
    .filter((item) => !found.has(item.id) && acceptance(item) <= edge)
    .map((item) => (withdrawn.has(item.id) ? emptied(item) : item));
  return { items: [...fresh.items, ...older], added: fresh.items.filter((item) => !known.has(item.id)) };
}

/** @param {any} item */
function emptied(item) {
  return { ...item, outcome: "withdrawn", clean: null, geotags: null, duplicates: null };
}

/** @param {any} item */
function acceptance(item) {
  return Date.parse(item.accepted_at);
}
