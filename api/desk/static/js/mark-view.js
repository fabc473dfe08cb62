/**
 * The marks of an article: which stretches of its title and text name something, and how they look.
 */

import { h } from "./dom.js";
import { settled } from "./marks.js";
import { LABELS } from "./words.js";

/** @typedef {import("./marks.js").Mark} Mark */

/** @type {Record<string, Mark["kind"]>} */
const KINDS = { PERSON: "person", ORG: "org" };

/**
 * The marks of one part of an article.
 *
 * @param {any} article
 * @param {"title" | "text"} where
 * @returns {Mark[]}
 */
export function marksOf(article, where) {
  const places = (article.geotags?.places ?? []).flatMap((/** @type {any} */ place) => placeMarks(place));
  const entities = (article.entities?.entities ?? []).flatMap((/** @type {any} */ entity) => entityMarks(entity));
  return settled([...places, ...entities].filter(({ part }) => part === where).map(({ mark }) => mark));
}

/** @param {any} place */
function placeMarks(place) {
  const label = [place.name, place.admin1_name, place.country_code].filter(Boolean).join(", ");
  return marked(place.mentions, { kind: "place", key: `place:${place.geoname_id}`, label });
}

/** @param {any} entity */
function entityMarks(entity) {
  const label = `${LABELS[entity.label] ?? entity.label}: ${entity.value ?? entity.name}`;
  return marked(entity.mentions, { kind: KINDS[entity.label] ?? "other", key: entity.id, label });
}

/**
 * @param {any[]} mentions
 * @param {Pick<Mark, "kind" | "key" | "label">} what
 * @returns {{ part: string, mark: Mark }[]}
 */
function marked(mentions, what) {
  return mentions.map(({ part, start, end }) => ({ part, mark: { start, end, ...what } }));
}

/**
 * Pieces of text as elements and strings.
 *
 * @param {import("./marks.js").Piece[]} found
 * @returns {(Node | string)[]}
 */
export function nodes(found) {
  return found.map(({ mark, text, start, end, inside }) => {
    if (!mark) return text;
    const { kind, label, key } = mark;
    const attributes = { class: `m ${kind}`, title: label, "data-key": key, "data-start": start, "data-end": end };
    return h("mark", attributes, inside.length ? nodes(inside) : text);
  });
}
