/**
 * What comes in while the desk is open: the feed says that something came, the API says what of it belongs to the list.
 */

import { address } from "./address.js";
import { mention } from "./announcer.js";
import { listSignal, refreshStories, showAround, showArticles } from "./board.js";
import { state } from "./context.js";
import { fill, h, part } from "./dom.js";
import { page, renewed } from "./listing.js";
import { follow } from "./live.js";
import * as navigation from "./navigation.js";
import { loadArticle } from "./reading.js";
import { askForKey, asFailed, whenLocked } from "./trouble.js";
import { counted } from "./words.js";

/** Between two readings of the list, however fast the feed is. */
const REFRESH_MS = 1_500;
/** The same while nobody looks. */
const UNSEEN_MS = 30_000;
const WORDS = { connecting: "connecting", live: "live", waiting: "reconnecting", off: "not connected" };

/** @type {AbortController | null} */
let following = null;
/** What the feed told since the list was read, by article. @type {Map<string, import("./live.js").Entry>} */
let told = new Map();
/** What came in while the reader was further down. @type {{ list: string, items: any[], count: number } | null} */
let held = null;
let timer = 0;
let refreshed = 0;
let refreshing = false;

/** Follow the feed from the list on, if that is not done yet. */
export function startFollowing() {
  if (following) return;
  const mine = (following = new AbortController());
  follow(
    state.cursor,
    {
      arrived: (entries) => {
        state.cursor = entries[entries.length - 1].cursor;
        for (const entry of entries) told.set(entry.article_id, entry);
        refreshSoon();
      },
      changed: showState,
      refused: (error) => {
        if (mine === following) askForKey(error);
      },
      lost: () => {
        stop();
        navigation.again();
      },
    },
    mine.signal,
  );
}

function stop() {
  following?.abort();
  following = null;
  state.cursor = "";
  state.isListed = false;
}

whenLocked(stop);

/** @param {import("./live.js").LiveState} live */
function showState(live) {
  part("live").dataset.state = live;
  part("live-word").textContent = WORDS[live];
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden || !timer || refreshing) return;
  window.clearTimeout(timer);
  timer = window.setTimeout(refresh, 60);
});

function refreshSoon() {
  if (!timer)
    timer = window.setTimeout(
      refresh,
      Math.max(refreshed + (document.hidden ? UNSEEN_MS : REFRESH_MS) - Date.now(), 60),
    );
}

async function refresh() {
  const entries = told;
  told = new Map();
  refreshed = Date.now();
  refreshing = true;
  const signal = listSignal();
  try {
    if (state.route.view === "article" && entries.has(state.route.id))
      loadArticle(state.route.id, state.route.revision);
    if (state.route.view === "stories") await refreshStories();
    else if (state.isListed) await refreshList(entries, signal);
  } catch (error) {
    if (!signal.aborted) {
      told = new Map([...entries, ...told]);
      const known = asFailed(error);
      if (known.trouble === "key") askForKey(known);
    }
  } finally {
    timer = 0;
    refreshing = false;
    if (told.size && following) refreshSoon();
  }
}

/**
 * Read the first page again, and take in what is new.
 *
 * @param {Map<string, import("./live.js").Entry>} entries
 * @param {AbortSignal} signal
 */
async function refreshList(entries, signal) {
  const list = address(state.filters);
  if (held && held.list !== list) held = null;
  const found = await page(state.filters, null, signal);
  if (signal.aborted || list !== address(state.filters)) return;
  const withdrawn = new Set(
    [...entries.values()].filter((entry) => entry.outcome === "withdrawn").map((entry) => entry.article_id),
  );
  const { items, added } = renewed(held?.items ?? state.articles, found, withdrawn);
  const count = (held?.count ?? 0) + added.length;
  const fresh = new Set(added.map((article) => article.id));
  if (added.length) mention(counted(count, "new article"));
  if (count && isBeingRead()) {
    held = { list, items, count };
    offer(count);
    showAround(items, fresh);
  } else {
    held = null;
    state.articles = items;
    showInPlace(fresh);
  }
}

/** Whether the list must not move under the reader. */
function isBeingRead() {
  if (part("board").hidden) return false;
  const list = part("board-list");
  const isFurtherDown = part("content").scrollTop > 80 || list.getBoundingClientRect().top < -80;
  return isFurtherDown || list.contains(document.activeElement);
}

/**
 * Show the list anew where the reader is.
 *
 * @param {Set<string>} fresh
 */
function showInPlace(fresh) {
  const focused = document.activeElement?.closest("[data-id]")?.getAttribute("data-id");
  const top = part("content").scrollTop;
  showArticles(fresh);
  part("content").scrollTop = top;
  const link = focused && part("board-list").querySelector(`[data-id="${focused}"] h3 a`);
  if (link instanceof HTMLElement) link.focus({ preventScroll: true });
}

/** @param {number} count */
function offer(count) {
  const show = () => {
    state.articles = held?.items ?? state.articles;
    held = null;
    showArticles(new Set());
    part("content").scrollTop = 0;
    part("board").scrollIntoView({ block: "start" });
    const first = part("board-list").querySelector("h3 a");
    if (first instanceof HTMLElement) first.focus({ preventScroll: true });
  };
  const button = h(
    "button",
    { class: "news", type: "button", click: show, id: "news" },
    `Show ${counted(count, "new article")}`,
  );
  fill(part("board-notice"), button);
}
