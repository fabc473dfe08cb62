/**
 * The desk. The address says what is asked for; this reads it, asks the API, and hands the answers to the views.
 */

import { address, readFilters, readRoute } from "./address.js";
import { mention, say } from "./announcer.js";
import { Failed, read } from "./api.js";
import { showArticle } from "./article-view.js";
import { fill, h, part } from "./dom.js";
import { chips, form } from "./filters-view.js";
import { forget, keep, key } from "./key.js";
import { articleList, storyHead, storyList } from "./list-view.js";
import { merged, page } from "./listing.js";
import { follow, newest } from "./live.js";
import { WorldMap } from "./map-view.js";
import * as notices from "./notices.js";
import { showPlaces } from "./places-view.js";
import { showStrip, stripSays } from "./strip-view.js";
import { install as installTheme } from "./theme.js";
import { Timeline } from "./timeline-view.js";
import { counted, titleOf } from "./words.js";

/** Between two readings of the list, however fast the feed is. */
const REFRESH_MS = 1_500;
const STRIP_MS = 5_000;
const FRESH_MS = 6_000;
const LIVE_WORDS = { connecting: "connecting", live: "live", waiting: "reconnecting", off: "not connected" };

/** @typedef {import("./address.js").Filters} Filters */

const state = {
  /** @type {Filters} */
  filters: {},
  route: readRoute(""),
  /** @type {any[]} */
  articles: [],
  /** @type {string | null} */
  next: null,
  /** @type {any} */
  story: null,
  /** @type {any} */
  article: null,
  /** Ids of articles that have just come in. */
  fresh: /** @type {Set<string>} */ (new Set()),
  /** What came in while the reader was further down. */
  held: /** @type {{ items: any[], count: number } | null} */ (null),
  /** Ids of articles of which the feed told since the list was read. */
  told: /** @type {Set<string>} */ (new Set()),
  cursor: "",
  ready: false,
};

/** @type {WorldMap | null} */
let map = null;
const timeline = new Timeline((since, until) => go(address({ ...state.filters, since, until })));
let loading = new AbortController();
/** @type {AbortController | null} */
let following = null;

/** @param {string} href An address of the desk. */
function go(href) {
  history.pushState(null, "", href);
  arrive(true);
}

/** @returns {Filters} */
function filtersNow() {
  return readFilters(location.search);
}

/**
 * Show what the address asks for.
 *
 * @param {boolean} byReader Whether the reader went there just now, so that the focus may move.
 */
function arrive(byReader) {
  const before = { filters: state.filters, route: state.route };
  state.filters = filtersNow();
  state.route = readRoute(location.hash);
  const isSameList = state.ready && address(before.filters) === address(state.filters) && before.route.view !== "stories";
  showFilters();
  if (state.route.view === "stories") loadStories(byReader);
  else if (!isSameList) loadArticles(byReader && state.route.view === "articles");
  if (state.route.view === "article") loadArticle(state.route.id, state.route.revision);
  else showBoard(before.route);
}

/** @param {import("./address.js").Route} before */
function showBoard(before) {
  state.article = null;
  document.title = "Dateline";
  document.body.classList.remove("is-reading");
  part("reading").hidden = true;
  part("board").hidden = false;
  map?.focus(null);
  if (before.view !== "article") return;
  const link = part("board-list").querySelector(`[data-id="${before.id}"] h3 a`);
  if (link instanceof HTMLElement) {
    link.focus({ preventScroll: true });
    link.closest("li")?.scrollIntoView({ block: "center" });
  }
}

function showFilters() {
  const isStories = state.route.view === "stories";
  for (const [id, current] of /** @type {[string, boolean][]} */ ([["tab-articles", !isStories], ["tab-stories", isStories]])) {
    if (current) part(id).setAttribute("aria-current", "page");
    else part(id).removeAttribute("aria-current");
  }
  part("filters").hidden = isStories;
  const known = { place: placeName, sources: () => [...new Set(state.articles.map((article) => article.source).filter(Boolean))].sort() };
  const isOpen = part("filters").querySelector(".filter-form") !== null && filterFormOpen;
  const open = h("button", { class: "filter-open", type: "button", "aria-expanded": String(isOpen), "aria-controls": "filter-form" }, "Filter");
  const bar = h("div", { class: "filter-bar" }, open, chips(state.filters, known));
  const sheet = form(state.filters, known, (filters) => { filterFormOpen = false; go(address(filters)); });
  sheet.hidden = !isOpen;
  open.addEventListener("click", () => {
    filterFormOpen = sheet.hidden;
    sheet.hidden = !filterFormOpen;
    open.setAttribute("aria-expanded", String(filterFormOpen));
    if (filterFormOpen) sheet.querySelector("input")?.focus();
  });
  fill(part("filters"), bar, sheet);
}
let filterFormOpen = false;

/** @param {string} id */
function placeName(id) {
  for (const article of state.articles) {
    const place = (article.geotags?.places ?? []).find((/** @type {any} */ one) => String(one.geoname_id) === id);
    if (place) return place.name;
  }
  return null;
}

/** @param {boolean} byReader */
async function loadArticles(byReader) {
  loading.abort();
  const mine = (loading = new AbortController());
  state.held = null;
  state.ready = false;
  fill(part("board-notice"), notices.loading());
  fill(part("board-list"));
  part("content").setAttribute("aria-busy", "true");
  try {
    if (!state.cursor) state.cursor = await newest();
    const { filters } = state;
    const [found, story] = await Promise.all([
      page(filters, null, mine.signal),
      filters.story ? read(`/v1/stories/${encodeURIComponent(filters.story)}`, mine.signal).catch(() => null) : null,
    ]);
    Object.assign(state, { articles: found.items, next: found.next, story, ready: true, fresh: new Set() });
    part("forget-key").hidden = !key();
    showArticles();
    showFilters();
    if (byReader) say(`${counted(found.items.length, "article")}${found.next ? " and more" : ""}`);
    startFollowing();
  } catch (error) {
    if (!mine.signal.aborted) failed(error, () => loadArticles(byReader));
  } finally {
    if (mine === loading) part("content").removeAttribute("aria-busy");
  }
}

function showArticles() {
  if (state.route.view === "stories") return;
  const { articles, filters, fresh } = state;
  fill(part("board-notice"), articles.length || state.next ? [] : notices.nothing(Object.keys(filters).length > 0, "articles"));
  const tail = state.next
    ? h("button", { class: "button", type: "button", click: older, id: "older" }, "Older articles")
    : articles.length > 0 && `The end: ${counted(articles.length, "article")}.`;
  fill(
    part("board-list"),
    state.story && storyHead(state.story),
    articles.length > 0 && articleList(articles, filters, { now: Date.now(), fresh, pointed: (article) => map?.point(new Set((article?.geotags?.places ?? []).map((/** @type {any} */ place) => place.geoname_id))) }),
    h("div", { class: "tail" }, tail),
  );
  map?.show(articles, filters, fresh);
  timeline.show(articles, filters);
  showPlaces(articles);
}

async function older() {
  const button = /** @type {HTMLButtonElement} */ (part("older"));
  button.disabled = true;
  const count = state.articles.length;
  try {
    const found = await page(state.filters, state.next, loading.signal);
    const { items } = merged(found.items, state.articles, new Set());
    Object.assign(state, { articles: items, next: found.next });
    showArticles();
    /** @type {HTMLElement | undefined} */ (part("board-list").querySelectorAll("h3 a")[count])?.focus();
  } catch (error) {
    button.disabled = false;
    if (!loading.signal.aborted) say(error instanceof Failed ? error.message : "That did not work.");
  }
}

/** @param {boolean} byReader */
async function loadStories(byReader) {
  loading.abort();
  const mine = (loading = new AbortController());
  state.ready = false;
  fill(part("board-notice"), notices.loading());
  fill(part("board-list"));
  try {
    const found = await read("/v1/stories?limit=100", mine.signal);
    fill(part("board-notice"), found.items.length ? [] : notices.noStories());
    fill(part("board-list"), found.items.length > 0 && storyList(found.items, Date.now()));
    if (byReader) say(counted(found.items.length, "story", "stories"));
    if (!state.articles.length) state.articles = (await page({}, null, mine.signal)).items;
    map?.show(state.articles, {}, new Set());
    timeline.show(state.articles, {});
    showPlaces(state.articles);
    if (!state.cursor) state.cursor = await newest();
    startFollowing();
  } catch (error) {
    if (!mine.signal.aborted) failed(error, () => loadStories(byReader));
  }
}

/**
 * @param {string} id
 * @param {number | null} revision
 */
async function loadArticle(id, revision) {
  const reading = part("reading");
  const isAnother = state.article?.id !== id;
  if (isAnother) {
    reading.replaceChildren(notices.loading());
    part("board").hidden = true;
    reading.hidden = false;
    document.body.classList.add("is-reading");
  }
  try {
    const article = await read(`/v1/articles/${id}${revision ? `?revision=${revision}` : ""}`);
    if (state.route.view !== "article" || state.route.id !== id) return;
    state.article = article;
    showArticle(reading, article, state.filters, { now: Date.now(), pointed: (ids) => map?.point(ids) });
    document.title = `${titleOf(article)} · Dateline`;
    map?.focus(article.geotags?.places ?? []);
    if (isAnother) {
      part("content").scrollTop = 0;
      window.scrollTo(0, 0);
      part("reading-title").focus({ preventScroll: true });
    }
  } catch (error) {
    if (state.route.view !== "article") return;
    if (!(error instanceof Failed)) console.error(error);
    if (error instanceof Failed && error.trouble !== "missing") return failed(error, () => loadArticle(id, revision));
    fill(reading, notices.trouble(error instanceof Failed ? error : new Failed("away", "It could not be shown."), () => loadArticle(id, revision)));
  }
}

/**
 * @param {unknown} error
 * @param {() => void} again
 */
function failed(error, again) {
  const known = error instanceof Failed ? error : new Failed("away", "The desk failed to show this.");
  if (!(error instanceof Failed)) console.error(error);
  part("board").hidden = false;
  part("reading").hidden = true;
  document.body.classList.remove("is-reading");
  fill(part("board-list"));
  if (known.trouble === "key" || known.trouble === "scope") return askForKey(known);
  fill(part("board-notice"), notices.trouble(known, again));
  say(known.message);
  if (known.trouble === "away") window.setTimeout(() => part("board-notice").querySelector(".notice") && again(), Math.max(known.retryAfter, 5) * 1_000);
}

/** @param {Failed} error */
function askForKey(error) {
  following?.abort();
  following = null;
  const isFirst = !key();
  forget();
  part("forget-key").hidden = true;
  fill(part("filters"));
  fill(
    part("board-notice"),
    notices.keyNeeded(error.message, isFirst, (given) => {
      keep(given);
      state.cursor = "";
      arrive(true);
      pollStrip();
    }),
  );
  part("board-notice").querySelector("input")?.focus();
}

function startFollowing() {
  if (following) return;
  const mine = (following = new AbortController());
  follow(
    state.cursor,
    {
      arrived: (entries) => {
        state.cursor = entries[entries.length - 1].cursor;
        for (const entry of entries) state.told.add(entry.article_id);
        refreshSoon();
      },
      changed: (live) => {
        part("live").dataset.state = live;
        part("live-word").textContent = LIVE_WORDS[live];
      },
      refused: (error) => { if (mine === following) askForKey(error); },
      lost: () => { following = null; state.cursor = ""; state.ready = false; arrive(false); },
    },
    mine.signal,
  );
}

let refreshTimer = 0;
let refreshed = 0;

function refreshSoon() {
  if (refreshTimer) return;
  refreshTimer = window.setTimeout(refresh, Math.max(refreshed + REFRESH_MS - Date.now(), 60));
}

/** Read the first page again, and take in what is new. */
async function refresh() {
  const told = state.told;
  state.told = new Set();
  refreshed = Date.now();
  try {
    if (state.route.view === "article" && told.has(state.route.id)) loadArticle(state.route.id, state.route.revision);
    if (state.route.view === "stories" || !state.ready) return;
    const { filters } = state;
    const found = await page(filters, null, loading.signal);
    if (address(filters) !== address(state.filters)) return;
    const before = state.held ? state.held.items : state.articles;
    const { items, added } = merged(before, found.items, told);
    take(items, added);
  } catch (error) {
    if (!loading.signal.aborted) for (const id of told) state.told.add(id);
    if (error instanceof Failed && error.trouble === "key") askForKey(error);
  } finally {
    refreshTimer = 0;
    if (state.told.size) refreshSoon();
  }
}

/**
 * @param {any[]} items
 * @param {any[]} added
 */
function take(items, added) {
  const count = (state.held?.count ?? 0) + added.length;
  if (added.length) mention(counted(count, "new article"));
  if (isBeingRead() && count) {
    state.held = { items, count };
    showNews(count);
    map?.show(items, state.filters, new Set(added.map((article) => article.id)));
    timeline.show(items, state.filters);
    return;
  }
  state.held = null;
  state.articles = items;
  state.fresh = new Set(added.map((article) => article.id));
  const focused = document.activeElement?.closest("[data-id]")?.getAttribute("data-id");
  const top = part("content").scrollTop;
  showArticles();
  part("content").scrollTop = top;
  if (focused) /** @type {HTMLElement | null} */ (part("board-list").querySelector(`[data-id="${focused}"] h3 a`))?.focus({ preventScroll: true });
  window.setTimeout(() => { state.fresh = new Set(); }, FRESH_MS);
}

/** Whether the list must not move under the reader. */
function isBeingRead() {
  if (part("board").hidden) return false;
  const list = part("board-list");
  const isFurtherDown = part("content").scrollTop > 80 || list.getBoundingClientRect().top < -80;
  return isFurtherDown || list.contains(document.activeElement);
}

/** @param {number} count */
function showNews(count) {
  const show = () => {
    state.articles = state.held?.items ?? state.articles;
    state.held = null;
    fill(part("board-notice"));
    showArticles();
    part("content").scrollTop = 0;
    part("content").scrollIntoView({ block: "start" });
    /** @type {HTMLElement | null} */ (part("board-list").querySelector("h3 a"))?.focus({ preventScroll: true });
  };
  fill(part("board-notice"), h("button", { class: "news", type: "button", click: show, id: "news" }, `Show ${counted(count, "new article")}`));
}

let stripTimer = 0;

async function pollStrip() {
  window.clearTimeout(stripTimer);
  try {
    showStrip(await read("/v1/health/accepting"));
  } catch (error) {
    stripSays(error instanceof Failed ? error.message : "No figures.");
  }
  stripTimer = window.setTimeout(pollStrip, document.hidden ? 6 * STRIP_MS : STRIP_MS);
}

async function start() {
  installTheme(part("theme"));
  part("places").toggleAttribute("open", window.matchMedia("(min-width: 1000px)").matches);
  part("skip").addEventListener("click", (event) => { event.preventDefault(); part("content").focus(); });
  part("forget-key").addEventListener("click", () => { forget(); location.assign("/"); });
  document.addEventListener("click", onLink);
  window.addEventListener("popstate", () => arrive(true));
  arrive(false);
  pollStrip();
  const topology = await read("/desk/vendor/countries-110m-2.0.2.json");
  map = new WorldMap(part("map-sheet"), topology, {
    place: (id) => go(address({ ...withoutPlace(), place: String(id) })),
    country: (code) => go(address({ ...withoutPlace(), country: code })),
  });
  part("zoom-in").addEventListener("click", () => map?.zoom(1.8));
  part("zoom-out").addEventListener("click", () => map?.zoom(1 / 1.8));
  part("zoom-all").addEventListener("click", () => map?.reset());
  map.show(state.articles, state.filters, new Set());
  if (state.article) map.focus(state.article.geotags?.places ?? []);
}

/** @returns {Filters} */
function withoutPlace() {
  const { place: _, country: __, admin1: ___, near: ____, radius_km: _____, ...rest } = state.filters;
  return rest;
}

/**
 * Links to the desk itself do not load the page again.
 *
 * @param {MouseEvent} event
 */
function onLink(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.origin !== location.origin || link.pathname !== "/" || link.target) return;
  event.preventDefault();
  go(link.getAttribute("href") ?? "/");
}

start();
