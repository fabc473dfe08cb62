/**
 * The bar above the list: the filters that hold, and the sheet with all of them.
 */

import { address } from "./address.js";
import { state } from "./context.js";
import { fill, h, part } from "./dom.js";
import { chips, form } from "./filters-view.js";
import { go } from "./navigation.js";

let isOpen = false;

/** Show the filters of the address. */
export function showFilters() {
  const isStories = state.route.view === "stories";
  setCurrent("tab-articles", !isStories);
  setCurrent("tab-stories", isStories);
  part("filters").hidden = isStories;
  const known = { place: placeName, sources };
  const sheet = form(state.filters, known, (filters) => {
    isOpen = false;
    go(address(filters));
  });
  const open = h("button", { class: "filter-open", type: "button", "aria-controls": "filter-form" }, "Filter");
  const show = () => {
    sheet.hidden = !isOpen;
    open.setAttribute("aria-expanded", String(isOpen));
  };
  open.addEventListener("click", () => {
    isOpen = !isOpen;
    show();
    if (isOpen) sheet.querySelector("input")?.focus();
  });
  show();
  fill(part("filters"), h("div", { class: "filter-bar" }, open, chips(state.filters, known)), sheet);
}

/**
 * @param {string} id
 * @param {boolean} isCurrent
 */
function setCurrent(id, isCurrent) {
  if (isCurrent) part(id).setAttribute("aria-current", "page");
  else part(id).removeAttribute("aria-current");
}

/** @param {string} id */
function placeName(id) {
  for (const article of state.articles) {
    const place = (article.geotags?.places ?? []).find((/** @type {any} */ one) => String(one.geoname_id) === id);
    if (place) return place.name;
  }
  return null;
}

function sources() {
  return [...new Set(state.articles.map((article) => article.source).filter(Boolean))].sort();
}
