/**
 * The desk. Its address says what is asked for; here it is read, and each part is told what to show.
 */

import { address, readFilters, readRoute } from "./address.js";
import { ask } from "./api.js";
import { backToBoard, loadArticles, loadStories, showAround, whenComplete } from "./board.js";
import { state, surface } from "./context.js";
import { part } from "./dom.js";
import { showFilters } from "./filter-bar.js";
import { forget } from "./key.js";
import { renewTimes } from "./list-view.js";
import { WorldMap } from "./map-view.js";
import { go, install as installNavigation } from "./navigation.js";
import { startFollowing } from "./news.js";
import { loadArticle } from "./reading.js";
import { pollStrip } from "./strip-view.js";
import { install as installTheme } from "./theme.js";
import { Timeline } from "./timeline-view.js";

const WORLD = "/desk/vendor/countries-110m-2.0.2.json";
const TIMES_MS = 20_000;
const WIDE = "(min-width: 1000px)";

/** @param {boolean} byReader */
function arrive(byReader) {
  const { filters, route } = state;
  state.filters = readFilters(location.search);
  state.route = readRoute(location.hash);
  const isSameList = state.isListed && address(filters) === address(state.filters);
  showFilters();
  if (state.route.view === "stories") loadStories(byReader);
  else if (!isSameList) loadArticles(byReader && state.route.view === "articles");
  if (state.route.view === "article") loadArticle(state.route.id, state.route.revision);
  else backToBoard(route);
}

/**
 * The filters with another place.
 *
 * @param {import("./address.js").Filters} place
 */
function elsewhere(place) {
  const { place: _, country: __, admin1: ___, near: ____, radius_km: _____, ...rest } = state.filters;
  return address({ ...rest, ...place });
}

async function installMap() {
  const topology = await (await ask(WORLD)).json();
  surface.map = new WorldMap(part("map-sheet"), topology, {
    place: (id) => go(elsewhere({ place: String(id) })),
    country: (code) => go(elsewhere({ country: code })),
  });
  part("zoom-in").addEventListener("click", () => surface.map?.zoom(1.8));
  part("zoom-out").addEventListener("click", () => surface.map?.zoom(1 / 1.8));
  part("zoom-all").addEventListener("click", () => surface.map?.reset());
  showAround(state.articles, new Set());
  if (state.article) surface.map.focus(state.article.geotags?.places ?? []);
}

function start() {
  installTheme(part("theme"));
  part("places").toggleAttribute("open", window.matchMedia(WIDE).matches);
  part("skip").addEventListener("click", (event) => {
    event.preventDefault();
    part("content").focus();
  });
  part("forget-key").addEventListener("click", () => {
    forget();
    location.assign("/");
  });
  surface.timeline = new Timeline((since, until) => go(address({ ...state.filters, since, until })));
  whenComplete(() => {
    startFollowing();
    pollStrip();
  });
  installNavigation(arrive);
  arrive(false);
  pollStrip();
  installMap();
  window.setInterval(renewTimes, TIMES_MS);
}

start();
