/**
 * Making elements. Everything foreign comes in as text nodes; the only attributes that could act are refused here, in
 * one place, whatever a caller passes.
 */

import { isInside, outside } from "./links.js";

const SVG = "http://www.w3.org/2000/svg";
const REFUSED = /^(?:on|style$|src|formaction$|xlink:)/i;

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined | EventListener>} Attributes */

/**
 * @param {Element} element
 * @param {Attributes} attributes A function is a listener for the event of that name; false, null and undefined are
 *   left out; true is an attribute without a value.
 */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else if (REFUSED.test(name)) throw new TypeError(`${name} is not an attribute that the desk sets`);
    else if (name === "href") setLink(element, String(value));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * @param {Element} element
 * @param {string} address
 */
function setLink(element, address) {
  const allowed = isInside(address) ? address : outside(address);
  if (allowed) element.setAttribute("href", allowed);
}

/**
 * Make an HTML element.
 *
 * @param {string} tag
 * @param {Attributes} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  set(element, attributes);
  append(element, children);
  return element;
}

/**
 * Make an SVG element.
 *
 * @param {string} tag
 * @param {Attributes} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  set(element, attributes);
  append(element, children);
  return element;
}

/**
 * @param {Element} parent
 * @param {(Child | Child[])[]} children
 */
function append(parent, children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : String(child));
  }
}

/**
 * Put new children in the place of the old ones.
 *
 * @param {Element} parent
 * @param {...(Child | Child[])} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/**
 * The element with an id that stands in the page.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/**
 * A link to another site, or its text alone where it must not be one.
 *
 * @param {unknown} address
 * @param {Child} content
 * @returns {HTMLElement}
 */
export function outsideLink(address, content) {
  const href = outside(address);
  return href ? h("a", { href, rel: "noopener noreferrer", target: "_blank" }, content) : h("span", {}, content);
}
