/**
 * The filters: what holds now, each with a way to take it away, and a form for all of them.
 */

import { FILTERS, address, query } from "./address.js";
import { h } from "./dom.js";
import { dayAndTime, fromField, toField } from "./time.js";
import { OUTCOMES, countryName } from "./words.js";

/** @typedef {import("./address.js").Filters} Filters */
/** @typedef {{ place: (id: string) => string | null, sources: () => string[] }} Known */

/** ISO 3166-1 alpha-2. */
const EVERY_COUNTRY = `
AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN
CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GL GM GN GQ GR GT GW GY HK HN
HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC
MD ME MG MH MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PS PT PW PY QA
RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG
US UY UZ VA VC VE VN VU WS XK YE ZA ZM ZW
`
  .trim()
  .split(/\s+/);

/**
 * One filter in words.
 *
 * @param {string} name
 * @param {Filters} filters
 * @param {Known} known
 * @returns {string}
 */
export function inWords(name, filters, known) {
  const value = filters[name];
  switch (name) {
    case "originals":
      return "no copies";
    case "country":
      return countryName(value.toUpperCase());
    case "place":
      return known.place(value) ?? `place ${value}`;
    case "since":
    case "until": {
      const then = Date.parse(value);
      return `${name === "since" ? "from" : "to"} ${Number.isNaN(then) ? value : dayAndTime(then)}`;
    }
    case "near":
      return `within ${filters.radius_km ?? 50} km of ${value.replace(",", ", ")}`;
    case "outcome":
      return OUTCOMES[value] ?? value;
    case "entity":
      return value.replace(/^[A-Z]+:/, "");
    case "story":
      return "one story";
    default:
      return value;
  }
}

/**
 * @param {Filters} filters
 * @param {Known} known
 * @returns {HTMLElement[]}
 */
export function chips(filters, known) {
  return FILTERS.filter((name) => filters[name] && name !== "radius_km").map((name) => {
    const { [name]: _, ...rest } = filters;
    if (name === "near") delete rest.radius_km;
    const words = inWords(name, filters, known);
    return h(
      "span",
      { class: "chip" },
      h("span", {}, words),
      h("a", { href: address(rest), "aria-label": `Without “${words}”` }, "×"),
    );
  });
}

/**
 * @param {string} label
 * @param {string} name
 * @param {Record<string, any>} attributes
 */
function field(label, name, attributes) {
  return h("label", { class: "field" }, h("span", {}, label), h("input", { name, autocomplete: "off", ...attributes }));
}

/**
 * @param {string} label
 * @param {string} name
 * @param {string} value
 * @param {[string, string][]} options
 */
function choice(label, name, value, options) {
  const made = options.map(([code, words]) => h("option", { value: code, selected: code === value }, words));
  return h("label", { class: "field" }, h("span", {}, label), h("select", { name }, made));
}

/**
 * @param {Filters} filters
 * @param {Known} known
 * @param {(filters: Filters) => void} chosen
 */
export function form(filters, known, chosen) {
  const countries = EVERY_COUNTRY.map((code) => /** @type {[string, string]} */ ([code, countryName(code)])).sort(
    (a, b) => a[1].localeCompare(b[1]),
  );
  const apply = (/** @type {Event} */ event) => {
    event.preventDefault();
    chosen(fromForm(/** @type {HTMLFormElement} */ (event.currentTarget), filters));
  };
  return h(
    "form",
    { class: "filter-form", id: "filter-form", submit: apply },
    h(
      "div",
      { class: "wide" },
      field("Person, organisation or place", "entity", {
        value: filters.entity ?? "",
        placeholder: "NATO, or ORG:NATO",
      }),
    ),
    choice("Country", "country", (filters.country ?? "").toUpperCase(), [["", "any"], ...countries]),
    field("Source", "source", { value: filters.source ?? "", placeholder: "news.example.org", list: "known-sources" }),
    h(
      "datalist",
      { id: "known-sources" },
      known.sources().map((source) => h("option", { value: source })),
    ),
    field("Accepted from", "since", { type: "datetime-local", step: "1", value: toField(filters.since) }),
    field("to", "until", { type: "datetime-local", step: "1", value: toField(filters.until) }),
    field("Near (latitude, longitude)", "near", {
      value: filters.near ?? "",
      placeholder: "50.45,30.52",
      pattern: "\\s*-?[0-9.]+\\s*,\\s*-?[0-9.]+\\s*",
    }),
    field("Within km", "radius_km", {
      type: "number",
      min: "1",
      max: "1000",
      value: filters.radius_km ?? "",
      placeholder: "50",
    }),
    choice("Outcome", "outcome", filters.outcome ?? "", [["", "any"], ...Object.entries(OUTCOMES)]),
    h(
      "label",
      { class: "check" },
      h("input", { type: "checkbox", name: "originals", checked: filters.originals === "true" }),
      "Leave copies out",
    ),
    h(
      "div",
      { class: "actions" },
      h("button", { class: "button main", type: "submit" }, "Show"),
      h("a", { class: "button", href: "/" }, "Clear all"),
    ),
    sameQuery(filters),
  );
}

/**
 * The same list from the API, to be copied.
 *
 * @param {Filters} filters
 */
function sameQuery(filters) {
  const path = `/v1/articles${query(filters) ? `?${query(filters)}` : ""}`;
  const copy = h("button", { class: "quiet", type: "button" }, "Copy");
  copy.addEventListener("click", async () => {
    // Browsers give the clipboard to secure addresses only.
    const copying = navigator.clipboard?.writeText(location.origin + path);
    copy.textContent =
      copying &&
      (await copying.then(
        () => true,
        () => false,
      ))
        ? "Copied"
        : "Please copy by hand";
  });
  return h("p", { class: "same-query" }, h("span", {}, "From the API"), h("code", {}, `GET ${path}`), copy);
}

/**
 * @param {HTMLFormElement} element
 * @param {Filters} before Filters without a field stay.
 * @returns {Filters}
 */
function fromForm(element, before) {
  const data = new FormData(element);
  const text = (/** @type {string} */ name) => String(data.get(name) ?? "").trim();
  /** @type {Filters} */
  const filters = { ...before };
  for (const name of ["entity", "country", "source", "outcome", "radius_km"]) filters[name] = text(name);
  filters.near = text("near").replace(/\s+/g, "");
  for (const name of ["since", "until"])
    filters[name] = text(name) === toField(before[name]) ? (before[name] ?? "") : fromField(text(name));
  filters.originals = data.has("originals") ? "true" : "";
  if (!filters.near) filters.radius_km = "";
  return filters;
}
