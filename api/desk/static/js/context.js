/**
 * What the desk shows now, and on what.
 */

import { readRoute } from "./address.js";

export const state = {
  /** @type {import("./address.js").Filters} */
  filters: {},
  /** @type {import("./address.js").Route} */
  route: readRoute(""),
  /** @type {any[]} The listed articles, newest acceptance first. */
  articles: [],
  /** @type {string | null} Cursor of the older ones. */
  next: null,
  /** @type {any} The story whose articles are listed. */
  story: null,
  /** @type {any} The article that is read. */
  article: null,
  /** Whether the list is that of the filters. */
  isListed: false,
  /** Place in the feed up to which the list is known to be complete. */
  cursor: "",
};

/** @type {{ map: import("./map-view.js").WorldMap | null, timeline: import("./timeline-view.js").Timeline | null }} */
export const surface = { map: null, timeline: null };
