/**
 * One article: its text with the names in it, what was removed, and everything that is known of it.
 */

import { address } from "./address.js";
import { h, outsideLink } from "./dom.js";
import { whereabouts } from "./geography.js";
import { marksOf, nodes } from "./mark-view.js";
import { codePoints, paragraphs, pieces } from "./marks.js";
import { placed } from "./provenance.js";
import { record } from "./record-view.js";
import { ago, day, dayAndTime } from "./time.js";
import { OUTCOMES, RELATIONS, counted, languageName, plain, sourceOf, titleOf } from "./words.js";

/** @typedef {import("./address.js").Filters} Filters */

/** @type {[import("./marks.js").Mark["kind"], string][]} */
const LEGEND = [
  ["place", "Places"],
  ["person", "People"],
  ["org", "Organisations"],
  ["other", "Dates, money, other names"],
];

/**
 * @param {any} one
 * @param {"div" | "span"} tag
 */
function removedPassage({ rule, text }, tag) {
  return h(
    tag,
    { class: "removed" },
    h("span", { class: "why" }, plain(rule)),
    h("del", {}, text),
    tag === "span" && " ",
  );
}

/**
 * @param {any} article
 * @param {boolean} showRemoved
 */
function body(article, showRemoved) {
  const { text, removed, language } = article.clean;
  const points = codePoints(text);
  const blocks = paragraphs(points);
  const marks = marksOf(article, "text");
  const taken = placed(points, blocks, removed);
  const container = h("div", {
    class: `body${showRemoved ? " show-removed" : ""}`,
    id: "reading-body",
    lang: language,
  });
  for (const { start, end } of blocks) {
    for (const one of taken) if (one.at === start) container.append(removedPassage(one.removed, "div"));
    const inside = taken.filter((one) => one.at > start && one.at < end);
    const borders = [start, ...inside.map((one) => one.at), end];
    const paragraph = h("p");
    borders.slice(1).forEach((border, index) => {
      paragraph.append(...nodes(pieces(points, borders[index], border, marks)));
      if (index < inside.length) paragraph.append(removedPassage(inside[index].removed, "span"));
    });
    container.append(paragraph);
  }
  const lastBlock = blocks.length ? blocks[blocks.length - 1].end : 0;
  for (const one of taken)
    if (one.at >= lastBlock && !blocks.some((block) => block.start === one.at))
      container.append(removedPassage(one.removed, "div"));
  return container;
}

/**
 * What should be known before reading: that it is a copy, in quarantine, still on its way, or hardly an article.
 *
 * @param {any} article
 * @param {Filters} filters
 */
function verdict(article, filters) {
  /** @type {(Node | string | false | null)[][]} */
  const lines = [];
  const found = article.duplicates;
  if (article.state) lines.push(["On its way: this page fills by itself when it is done."]);
  if (article.failure)
    lines.push([`In quarantine since ${article.failure.stage ?? "the beginning"}: ${article.failure.message}`]);
  if (article.last_failure)
    lines.push([`Put aside after ${counted(article.attempts, "try", "tries")}: ${article.last_failure.message}`]);
  if (found && found.relation in RELATIONS && found.canonical_id !== article.id) {
    const of = h(
      "a",
      { href: address(filters, { view: "article", id: found.canonical_id, revision: null }) },
      "this article",
    );
    lines.push([
      `${sentence(RELATIONS[found.relation])} of `,
      of,
      found.score ? `, ${Math.round(found.score * 100)} % of the shorter text in the longer one` : "",
      ".",
    ]);
  }
  const quality = article.clean?.quality;
  if (quality?.degraded) lines.push(["The page was hostile; a plain fallback read it."]);
  if (quality?.boilerplate_only) lines.push(["No article was found on the page: a paywall, or an empty shell."]);
  if (quality?.truncated) lines.push(["Only a teaser: the text is cut off."]);
  if (quality?.listing) lines.push(["A list of articles, not one article."]);
  for (const stage of article.stages ?? []) {
    if (stage.status === "skipped" || stage.status === "unavailable")
      lines.push([`${sentence(stage.stage)} ${stage.status}: ${plain(stage.reason ?? "no reason given")}.`]);
  }
  return lines.length
    ? h(
        "div",
        { class: "verdict" },
        lines.map((line) => h("p", {}, line)),
      )
    : null;
}

/** @param {string} words */
function sentence(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * @param {any} article
 * @param {HTMLElement} reading
 */
function legend(article, reading) {
  const removed = article.clean?.removed ?? [];
  const box = (
    /** @type {string} */ name,
    /** @type {Node} */ content,
    /** @type {boolean} */ checked,
    /** @type {(on: boolean) => void} */ changed,
  ) => {
    const input = h("input", {
      type: "checkbox",
      name,
      checked,
      change: (event) => changed(/** @type {HTMLInputElement} */ (event.target).checked),
    });
    return h("label", {}, input, content);
  };
  const kinds = LEGEND.map(([kind, words]) =>
    box(`kind-${kind}`, h("span", { class: `m ${kind}` }, words), true, (on) =>
      reading.classList.toggle(`hide-${kind}`, !on),
    ),
  );
  const words = h("span", {}, removed.length ? `Removed passages (${removed.length})` : "");
  const toggle = (/** @type {boolean} */ on) => reading.querySelector(".body")?.classList.toggle("show-removed", on);
  return h(
    "div",
    { class: "legend", role: "group", "aria-label": "What to highlight" },
    kinds,
    removed.length > 0 && box("removed", words, true, toggle),
  );
}

/**
 * @param {any} article
 * @param {number} now
 */
function dateLine(article, now) {
  const published = article.clean?.published_at;
  const accepted = Date.parse(article.accepted_at);
  const where = whereabouts(article);
  const authors = article.clean?.authors ?? [];
  return h(
    "p",
    { class: "facts" },
    h("span", {}, outsideLink(article.url, sourceOf(article))),
    authors.length > 0 && h("span", {}, authors.join(", ")),
    published &&
      h("time", { datetime: published, title: dayAndTime(Date.parse(published)) }, day(Date.parse(published))),
    h(
      "time",
      { datetime: article.accepted_at, title: dayAndTime(accepted) },
      `came in ${ago(accepted, now) === "now" ? "just now" : `${ago(accepted, now)} ago`}`,
    ),
    article.clean && h("span", {}, languageName(article.clean.language)),
    article.clean?.quality?.words > 0 && h("span", {}, counted(article.clean.quality.words, "word")),
    where && h("span", { class: "where" }, where),
    article.outcome && article.outcome !== "done" && h("span", { class: "state" }, OUTCOMES[article.outcome]),
    article.revision > 1 && h("span", {}, `revision ${article.revision}`),
  );
}

/**
 * Fill the reading pane.
 *
 * @param {HTMLElement} reading
 * @param {any} article
 * @param {Filters} filters Those of the list behind it.
 * @param {{ now: number, told: number, pointed: (ids: Set<number>) => void }} how Told: articles about the same event.
 */
export function showArticle(reading, article, filters, { now, told, pointed }) {
  const clean = article.clean;
  const title = clean?.title
    ? nodes(pieces(codePoints(clean.title), 0, codePoints(clean.title).length, marksOf(article, "title")))
    : titleOf(article);
  const story = article.duplicates?.story_id;
  reading.className = "reading";
  reading.replaceChildren(
    ...[
      h(
        "nav",
        { class: "reading-bar", "aria-label": "Article" },
        h("a", { href: address(filters), id: "back" }, "← All articles"),
        h("span", { class: "spacer" }),
        story && told > 1 && h("a", { href: address({ story }) }, `Its story, ${counted(told, "article")}`),
      ),
      clean?.kicker && h("p", { class: "eyebrow kicker" }, clean.kicker),
      h("h2", { id: "reading-title", tabindex: "-1", lang: clean?.language }, title),
      clean?.subhead && h("p", { class: "subhead" }, clean.subhead),
      dateLine(article, now),
      verdict(article, filters),
      clean && legend(article, reading),
      clean && body(article, true),
      record(article),
    ].filter((node) => node instanceof Node),
  );
  reading.onpointerover = (event) => pointed(placeUnder(event.target));
  reading.onpointerleave = () => pointed(new Set());
}

/**
 * @param {EventTarget | null} target
 * @returns {Set<number>}
 */
function placeUnder(target) {
  const key = target instanceof Element ? (target.closest("[data-key]")?.getAttribute("data-key") ?? "") : "";
  return new Set(key.startsWith("place:") ? [Number(key.slice(6))] : []);
}
