/**
 * The lists: articles, and stories.
 */

import { address } from "./address.js";
import { h } from "./dom.js";
import { whereabouts } from "./geography.js";
import { ago, day, dayAndTime } from "./time.js";
import { COPIES, OUTCOMES, RELATIONS, counted, countryName, languageName, sourceOf, titleOf } from "./words.js";

/** @typedef {import("./address.js").Filters} Filters */

/** Bring the times of the list up to date. */
export function renewTimes() {
  for (const time of document.querySelectorAll(".entries time")) {
    time.textContent = ago(Date.parse(time.getAttribute("datetime") ?? ""), Date.now());
  }
}

/**
 * @param {string} iso
 * @param {number} now
 */
function moment(iso, now) {
  const then = Date.parse(iso);
  return h("time", { datetime: iso, title: dayAndTime(then) }, ago(then, now));
}

/**
 * @param {any} article
 * @param {number} now
 * @returns {Node[]}
 */
export function facts(article, now) {
  const relation = article.duplicates?.relation;
  const where = whereabouts(article);
  const language = article.clean?.language;
  const state =
    article.outcome && article.outcome !== "done" ? OUTCOMES[article.outcome] : article.state ? "pending" : null;
  return [
    h("span", {}, sourceOf(article)),
    moment(article.accepted_at, now),
    where && h("span", { class: "where" }, where),
    language && language !== "en" && h("span", {}, languageName(language)),
    COPIES.has(relation) && h("span", { class: "tag" }, RELATIONS[relation]),
    relation === "contains" && h("span", { class: "tag" }, RELATIONS[relation]),
    state && h("span", { class: "state" }, state),
  ].filter((node) => node instanceof Node);
}

/**
 * @param {any} article
 * @param {Filters} filters
 * @param {{ now: number, isNew: boolean, pointed: (article: any | null) => void }} how
 */
function entry(article, filters, { now, isNew, pointed }) {
  const href = address(filters, { view: "article", id: article.id, revision: null });
  return h(
    "li",
    {
      class: isNew ? "is-new" : null,
      "data-id": article.id,
      pointerenter: () => pointed(article),
      pointerleave: () => pointed(null),
      focusin: () => pointed(article),
      focusout: () => pointed(null),
    },
    h(
      "h3",
      { class: article.clean?.title ? null : "is-untitled", lang: article.clean?.language ?? null },
      h("a", { href }, titleOf(article)),
    ),
    h("p", { class: "facts" }, facts(article, now)),
  );
}

/**
 * @param {any[]} articles
 * @param {Filters} filters
 * @param {{ now: number, fresh: Set<string>, pointed: (article: any | null) => void }} how
 */
export function articleList(articles, filters, { now, fresh, pointed }) {
  const rows = articles.map((article) => entry(article, filters, { now, pointed, isNew: fresh.has(article.id) }));
  return h("ol", { class: "entries", "aria-label": "Articles, newest first", keydown: byArrows }, rows);
}

/**
 * @param {any} story
 * @param {number} now
 */
function storyEntry(story, now) {
  const countries = story.countries
    .slice(0, 3)
    .map((/** @type {any} */ one) => countryName(one.value))
    .join(", ");
  const sources = story.sources
    .slice(0, 2)
    .map((/** @type {any} */ one) => one.value)
    .join(", ");
  const rest = story.source_count - Math.min(story.sources.length, 2);
  const href = address({ story: story.id });
  return h(
    "li",
    { "data-id": story.id },
    h("span", { class: "size" }, story.size, h("small", {}, story.size === 1 ? "article" : "articles")),
    h("h3", {}, h("a", { href }, story.headline || "Without a headline")),
    h(
      "p",
      { class: "facts" },
      sources && h("span", {}, rest > 0 ? `${sources} and ${rest} more` : sources),
      moment(story.last_at, now),
      countries && h("span", { class: "where" }, countries),
    ),
  );
}

/**
 * @param {any[]} stories
 * @param {number} now
 */
export function storyList(stories, now) {
  return h(
    "ol",
    { class: "entries", "aria-label": "Stories, those that grew last first", keydown: byArrows },
    stories.map((story) => storyEntry(story, now)),
  );
}

/**
 * The head above the articles of one story.
 *
 * @param {any} story
 */
export function storyHead(story) {
  const from = day(Date.parse(story.first_at));
  const to = day(Date.parse(story.last_at));
  const names = story.places
    .map((/** @type {any} */ one) => one.name)
    .filter(Boolean)
    .slice(0, 5);
  return h(
    "header",
    { class: "story-head" },
    h("p", { class: "eyebrow" }, "Story"),
    h("h2", {}, story.headline || "Without a headline"),
    h(
      "p",
      {},
      [
        counted(story.size, "article"),
        counted(story.source_count, "source"),
        from === to ? from : `${from} to ${to}`,
      ].join(" · "),
    ),
    names.length > 0 && h("p", {}, `In ${names.join(", ")}`),
  );
}

/**
 * The arrow keys go from headline to headline, while one of them has the focus.
 *
 * @param {Event} event
 */
function byArrows(event) {
  const { key, target, currentTarget } = /** @type {KeyboardEvent} */ (event);
  if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(key)) return;
  const links = [.../** @type {Element} */ (currentTarget).querySelectorAll("h3 a")];
  const at = links.indexOf(/** @type {Element} */ (target));
  if (at < 0) return;
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[key] ?? at;
  const link = /** @type {HTMLElement | undefined} */ (links[next]);
  if (!link) return;
  event.preventDefault();
  link.focus();
  link.closest("li")?.scrollIntoView({ block: "nearest" });
}
