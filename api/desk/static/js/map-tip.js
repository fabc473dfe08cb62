/**
 * What the pointer is on, told beside it. For the eye alone: the lists of places say the same.
 */

import { fill, h } from "./dom.js";
import { counted, countryName, titleOf } from "./words.js";

const WIDTH = 272;
const HEADLINES = 3;

export class Tip {
  /** @param {HTMLElement} sheet */
  constructor(sheet) {
    this._sheet = sheet;
    this._box = h("div", { class: "tip", "aria-hidden": "true", hidden: true });
    sheet.append(this._box);
  }

  hide() {
    this._box.hidden = true;
  }

  /**
   * @param {PointerEvent} event
   * @param {import("./geography.js").Spot} spot
   */
  showSpot(event, { name, country, articles }) {
    const titles = articles.slice(0, HEADLINES).map((article) => h("span", {}, titleOf(article)));
    const where = country ? `${name}, ${countryName(country)}` : name;
    this._show(event, h("strong", {}, where), counted(articles.length, "article"), titles);
  }

  /**
   * @param {PointerEvent} event
   * @param {string} code ISO 3166-1 alpha-2.
   */
  showCountry(event, code) {
    this._show(event, h("strong", {}, countryName(code)), "Show what names a place there");
  }

  /**
   * @param {PointerEvent} event
   * @param {...(Node | string | Node[])} content
   */
  _show(event, ...content) {
    const { left, top, width } = this._sheet.getBoundingClientRect();
    fill(this._box, ...content);
    this._box.hidden = false;
    this._box.style.left = `${Math.min(event.clientX - left + 14, width - WIDTH)}px`;
    this._box.style.top = `${event.clientY - top + 16}px`;
  }
}
