/**
 * Countries and places as lists: what the map shows, for readers who do not see it.
 */

import { address } from "./address.js";
import { fill, h, part } from "./dom.js";
import { spots, weights } from "./geography.js";
import { counted, countryName } from "./words.js";

/** @typedef {{ href: string, name: string, value: number, words: string }} Row */

/**
 * @param {string} title
 * @param {Row[]} rows
 */
function ranking(title, rows) {
  const most = Math.max(...rows.map((row) => row.value));
  const items = rows.map(({ href, name, value, words }) => {
    const bar = h("span", { class: "share", "aria-hidden": "true" });
    bar.style.setProperty("--share", String(value / most));
    return h("li", {}, h("a", { href }, name), h("span", { class: "amount" }, words), bar);
  });
  return h("section", { class: "ranking" }, h("h3", { class: "eyebrow" }, title), h("ol", {}, items));
}

/** @param {any[]} articles */
export function showPlaces(articles) {
  const found = spots(articles);
  const located = articles.filter((article) => (article.geotags?.places ?? []).length > 0).length;
  const countries = [...weights(articles)].sort((a, b) => b[1] - a[1]);
  const words = `${counted(found.length, "place")} in ${located} of ${counted(articles.length, "article")}`;
  part("places-summary").textContent = articles.length ? words : "Places";
  fill(
    part("places-body"),
    countries.length > 0 &&
      ranking(
        "What it is about",
        countries.map(([code, value]) => ({
          href: address({ country: code }),
          name: countryName(code),
          value,
          words: value.toFixed(1),
        })),
      ),
    found.length > 0 &&
      ranking(
        "Where it happens",
        found.map((spot) => ({
          href: address({ place: String(spot.id) }),
          name: spot.country ? `${spot.name}, ${countryName(spot.country)}` : spot.name,
          value: spot.articles.length,
          words: String(spot.articles.length),
        })),
      ),
  );
}
