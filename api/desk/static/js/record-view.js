/**
 * Below the text: places, people and organisations, what each stage did, and the ids.
 */

import { address } from "./address.js";
import { h } from "./dom.js";
import { span } from "./time.js";
import { LABELS, RELATIONS, counted, countryName, plain } from "./words.js";

const SHOWN = 10;
/** Probability from which on a namesake is told. */
const WORTH_TELLING = 0.05;

/**
 * A list whose tail is folded away.
 *
 * @param {HTMLElement[]} rows
 * @returns {HTMLElement[]}
 */
function folded(rows) {
  const list = h("ul", { class: "rows" }, rows);
  if (rows.length <= SHOWN + 2) return [list];
  rows.slice(SHOWN).forEach((row) => {
    row.hidden = true;
  });
  const more = h("button", { class: "quiet more", type: "button" }, `All ${rows.length}`);
  more.addEventListener("click", () => {
    rows.forEach((row) => {
      row.hidden = false;
    });
    rows[SHOWN].querySelector("a")?.focus();
    more.remove();
  });
  return [list, more];
}

/**
 * @param {string} title
 * @param {string} count
 * @param {...(Node | string | false | null | (Node | string | false | null)[])} content
 */
function section(title, count, ...content) {
  return h("section", { class: "record" }, h("h3", {}, title, h("span", {}, count)), content.flat());
}

/**
 * @param {string} label
 * @param {number} value
 * @param {string} words
 */
function meter(label, value, words) {
  return h(
    "span",
    { class: "meter" },
    words,
    h("meter", { min: "0", max: "1", value: value.toFixed(3), "aria-label": label }),
  );
}

/**
 * The namesake that might have been meant.
 *
 * @param {any} one
 * @returns {string | null}
 */
function notThis(one) {
  if (!one || one.probability < WORTH_TELLING) return null;
  return `not ${one.name}, ${[one.admin1_code, countryName(one.country_code)].filter(Boolean).join(", ")}`;
}

/** @param {any} place */
function placeRow(place) {
  const above = [
    place.kind === "country" ? null : place.admin1_name,
    place.kind === "country" ? null : countryName(place.country_code),
  ];
  const named = [place.name, ...above.filter((name) => name && name !== place.name)].join(", ");
  const roles = place.roles.filter((/** @type {string} */ role) => role !== "mention");
  const other = notThis(place.runner_up);
  const details = [place.kind, ...roles, counted(place.mentions.length, "mention"), other].filter(Boolean).join(" · ");
  return h(
    "li",
    { "data-key": `place:${place.geoname_id}` },
    h("a", { href: address({ place: String(place.geoname_id) }) }, named),
    meter(`Confidence ${place.confidence.toFixed(2)}`, place.confidence, place.confidence.toFixed(2)),
    h("small", {}, details),
  );
}

/** @param {any} entity */
function entityRow(entity) {
  const isNamed = ["PERSON", "ORG", "LOC", "NORP", "EVENT", "WORK", "PRODUCT", "MISC"].includes(entity.label);
  const name = isNamed
    ? h("a", { href: address({ entity: `${entity.label}:${entity.name}` }) }, entity.name)
    : h("span", {}, entity.name);
  const details = [LABELS[entity.label] ?? entity.label, entity.value, counted(entity.count, "mention")]
    .filter(Boolean)
    .join(" · ");
  return h(
    "li",
    { "data-key": entity.id },
    name,
    meter(`Salience ${entity.salience.toFixed(2)}`, entity.salience, entity.salience.toFixed(2)),
    h("small", {}, details),
  );
}

/** @param {any} stage */
function stageRow(stage) {
  const artefacts = Object.entries(stage.artefacts ?? {})
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
  const status = stage.reason ? `${stage.status}: ${plain(stage.reason)}` : stage.status;
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, stage.stage),
    h("td", {}, status),
    h("td", {}, `version ${stage.version}`, artefacts && h("div", { class: "ids" }, artefacts)),
    h("td", { class: "number" }, span(stage.milliseconds / 1000)),
  );
}

/** @param {any[]} stages */
function stageTable(stages) {
  const head = ["Stage", "Ended", "With"].map((name) => h("th", { scope: "col" }, name));
  return h(
    "table",
    { class: "stage-list" },
    h("thead", {}, h("tr", {}, head, h("th", { scope: "col", class: "number" }, "Took"))),
    h("tbody", {}, stages.map(stageRow)),
  );
}

/** @param {any} article */
function ids(article) {
  const found = article.duplicates;
  const known = [
    ["Article", `${article.id}, revision ${article.revision} of ${article.latest_revision}`],
    ["Address", article.url],
    ["Id of the source", article.external_id],
    ["Relation", found && [RELATIONS[found.relation] ?? found.relation, ...found.guards_failed.map(plain)].join(", ")],
    ["Trace", article.trace_id],
    ["Place in the feed", article.cursor],
    ["Lane", article.lane],
    [
      "Warnings",
      [...(article.warnings ?? []), ...(article.clean?.warnings ?? [])]
        .map((/** @type {any} */ one) => `${one.field}: ${one.message}`)
        .join("; "),
    ],
  ];
  return h(
    "dl",
    { class: "ids" },
    known
      .filter(([, value]) => value)
      .map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])
      .flat(),
  );
}

/** @param {any} article */
export function record(article) {
  const places = article.geotags?.places ?? [];
  const unresolved = article.geotags?.unresolved ?? [];
  const entities = article.entities?.entities ?? [];
  return h(
    "div",
    {},
    article.geotags &&
      section(
        "Places",
        "confidence",
        places.length ? folded(places.map(placeRow)) : h("p", { class: "ids" }, "None were found."),
        unresolved.length > 0 &&
          h(
            "p",
            { class: "ids more" },
            `Not resolved: ${unresolved.map((/** @type {any} */ one) => one.name).join(", ")}`,
          ),
      ),
    article.entities &&
      section(
        "Who and what",
        "salience",
        entities.length ? folded(entities.map(entityRow)) : h("p", { class: "ids" }, "None were found."),
      ),
    article.stages?.length > 0 && section("Stages", "", stageTable(article.stages)),
    section("Record", "", ids(article)),
  );
}
