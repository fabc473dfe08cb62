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
 * The list after its first page was read anew.
 *
 * @param {any[]} items What is shown.
 * @param {any[]} fresh The first page, newest first.
 * @param {Set<string>} gone Ids of articles that were told of and may have left the list.
 * @returns {{ items: any[], added: any[] }}
 */
export function merged(items, fresh, gone) {
  const known = new Map(items.map((item) => [item.id, item]));
  const found = new Set(fresh.map((item) => item.id));
  const rest = items.filter((item) => !found.has(item.id) && !gone.has(item.id));
  const added = fresh.filter((item) => !known.has(item.id));
  const both = [...fresh, ...rest].sort((a, b) => Date.parse(b.accepted_at) - Date.parse(a.accepted_at));
  return { items: both, added };
}
