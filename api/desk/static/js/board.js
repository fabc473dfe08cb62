/**
 * The board: the list of articles or stories, and with it map, timeline and places.
 */

import { say } from "./announcer.js";
import { read } from "./api.js";
import { state, surface } from "./context.js";
import { fill, h, part } from "./dom.js";
import { showFilters } from "./filter-bar.js";
import { key } from "./key.js";
import { articleList, storyHead, storyList } from "./list-view.js";
import { page } from "./listing.js";
import { newest } from "./live.js";
import * as notices from "./notices.js";
import { showPlaces } from "./places-view.js";
import { asFailed, failed } from "./trouble.js";
import { counted } from "./words.js";

let loading = new AbortController();
/** @type {() => void} */
let complete = () => {};

/** @param {() => void} told Called whenever a list has been read, so that the feed can be followed from there. */
export function whenComplete(told) {
  complete = told;
}

/**
 * What every reading of a list begins and ends with.
 *
 * @param {(signal: AbortSignal) => Promise<void>} reading
 * @param {() => void} again
 */
async function load(reading, again) {
  loading.abort();
  const mine = (loading = new AbortController());
  state.isListed = false;
  fill(part("board-notice"), notices.loading());
  fill(part("board-list"));
  part("content").setAttribute("aria-busy", "true");
  try {
    // Asked before the list is read: what comes in between is told by the feed.
    if (!state.cursor) state.cursor = await newest();
    await reading(mine.signal);
    if (mine.signal.aborted) return;
    part("forget-key").hidden = !key();
    complete();
  } catch (error) {
    if (!mine.signal.aborted) failed(error, again);
  } finally {
    if (mine === loading) part("content").removeAttribute("aria-busy");
  }
}

/**
 * Read the articles of the filters.
 *
 * @param {boolean} byReader
 */
export function loadArticles(byReader) {
  const { filters } = state;
  const reading = async (/** @type {AbortSignal} */ signal) => {
    const found = await page(filters, null, signal);
    // A story has two articles or more; what is alone has none.
    const hasStory = filters.story && found.items.length > 1;
    const story = hasStory
      ? await read(`/v1/stories/${encodeURIComponent(filters.story)}`, signal).catch(() => null)
      : null;
    if (signal.aborted) return;
    Object.assign(state, { articles: found.items, next: found.next, story, isListed: true });
    showArticles(new Set());
    showFilters();
    if (!byReader) return;
    if (document.activeElement === document.body) part("content").focus({ preventScroll: true });
    say(`${counted(found.items.length, "article")}${found.next ? " and more" : ""}`);
  };
  return load(reading, () => loadArticles(byReader));
}

/**
 * Show the articles that have been read.
 *
 * @param {Set<string>} fresh Ids of those that have just come in.
 */
export function showArticles(fresh) {
  const { articles, filters, next, story } = state;
  const isNothing = articles.length === 0 && next === null;
  fill(part("board-notice"), isNothing ? notices.nothing(Object.keys(filters).length > 0, "articles") : []);
  const tail = next
    ? h("button", { class: "button", type: "button", click: older, id: "older" }, "Older articles")
    : articles.length > 0 && `The end: ${counted(articles.length, "article")}.`;
  fill(
    part("board-list"),
    story && storyHead(story),
    articles.length > 0 && articleList(articles, filters, { now: Date.now(), fresh, pointed }),
    h("div", { class: "tail" }, tail),
  );
  showAround(articles, fresh);
}

/**
 * Map, timeline and places for articles.
 *
 * @param {any[]} articles
 * @param {Set<string>} fresh
 */
export function showAround(articles, fresh) {
  // While a list is read the boxes stay, so that nothing jumps; the map may be there only after that has failed.
  const isOver = state.isListed || !part("content").hasAttribute("aria-busy");
  const isNothing = articles.length === 0 && isOver;
  part("timeline").hidden = isNothing;
  part("places").hidden = isNothing;
  surface.map?.show(articles, state.filters, fresh);
  surface.timeline?.show(articles, state.filters);
  showPlaces(articles);
}

/** @param {any | null} article That the pointer or the focus is on. */
function pointed(article) {
  const places = article?.geotags?.places ?? [];
  surface.map?.point(new Set(places.map((/** @type {any} */ place) => place.geoname_id)));
}

async function older() {
  const button = /** @type {HTMLButtonElement} */ (part("older"));
  const count = state.articles.length;
  const { signal } = loading;
  button.disabled = true;
  try {
    const found = await page(state.filters, state.next, signal);
    if (signal.aborted) return;
    const known = new Set(state.articles.map((article) => article.id));
    state.articles = [...state.articles, ...found.items.filter((article) => !known.has(article.id))];
    state.next = found.next;
    showArticles(new Set());
    /** @type {HTMLElement | undefined} */ (part("board-list").querySelectorAll("h3 a")[count])?.focus();
  } catch (error) {
    button.disabled = false;
    if (!signal.aborted) say(asFailed(error).message);
  }
}

/**
 * Read the stories.
 *
 * @param {boolean} byReader
 */
export function loadStories(byReader) {
  const reading = async (/** @type {AbortSignal} */ signal) => {
    const [found, latest] = await Promise.all([read("/v1/stories?limit=100", signal), page({}, null, signal)]);
    if (signal.aborted) return;
    fill(part("board-notice"), found.items.length ? [] : notices.noStories());
    fill(part("board-list"), found.items.length > 0 && storyList(found.items, Date.now()));
    showAround(latest.items, new Set());
    if (byReader) say(counted(found.items.length, "story", "stories"));
  };
  return load(reading, () => loadStories(byReader));
}

/** Read the stories again, quietly. */
export async function refreshStories() {
  const found = await read("/v1/stories?limit=100", loading.signal);
  if (state.route.view === "stories" && found.items.length) {
    fill(part("board-notice"));
    fill(part("board-list"), storyList(found.items, Date.now()));
  }
}

/** Aborted as soon as another list is read. */
export function listSignal() {
  return loading.signal;
}

/**
 * Show the board again after an article was read, at the article.
 *
 * @param {import("./address.js").Route} before
 */
export function backToBoard(before) {
  state.article = null;
  document.title = "Dateline";
  document.body.classList.remove("is-reading");
  part("reading").hidden = true;
  part("board").hidden = false;
  surface.map?.focus(null);
  const link = before.view === "article" && part("board-list").querySelector(`[data-id="${before.id}"] h3 a`);
  if (!(link instanceof HTMLElement)) return;
  link.focus({ preventScroll: true });
  link.closest("li")?.scrollIntoView({ block: "center" });
}
