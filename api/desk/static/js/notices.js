/**
 * What stands where articles would: waiting, nothing, trouble. Each says one thing to do next.
 */

import { h } from "./dom.js";
import { counted } from "./words.js";

/** @typedef {import("./api.js").Failed} Failed */

/** Rows that say: something comes. */
export function loading() {
  const row = () => h("div", { class: "skeleton" }, h("span"), h("span"), h("span"));
  return h("div", { "aria-hidden": "true" }, Array.from({ length: 6 }, row));
}

/**
 * @param {string} eyebrow
 * @param {string} title
 * @param {...(Node | string)} rest
 */
function notice(eyebrow, title, ...rest) {
  return h("div", { class: "notice" }, h("p", { class: "eyebrow" }, eyebrow), h("h3", {}, title), rest);
}

/**
 * Ask for the access key.
 *
 * @param {string} detail Why, in the API's words.
 * @param {boolean} isFirst Whether no key was given so far.
 * @param {(key: string) => void} given
 */
export function keyNeeded(detail, isFirst, given) {
  const field = /** @type {HTMLInputElement} */ (
    h("input", {
      type: "password",
      name: "key",
      autocomplete: "off",
      spellcheck: "false",
      required: true,
      placeholder: "dl_…",
    })
  );
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (field.value.trim()) given(field.value.trim());
  };
  return notice(
    isFirst ? "Access key" : "This key does not open the desk",
    isFirst ? "This desk opens with a key" : "Try another key",
    h(
      "p",
      {},
      isFirst ? "A key with the scope read is enough. It stays in this tab and is forgotten with it." : detail,
    ),
    h(
      "form",
      { submit, "aria-label": "Access key" },
      h("label", { class: "field" }, h("span", {}, "Access key"), field),
      h("div", {}, h("button", { class: "button main", type: "submit" }, "Open the desk")),
    ),
    h("p", {}, "No key yet? On the server:"),
    h("pre", { tabindex: "0" }, "dateline keys create desk --scope read"),
  );
}

/**
 * @param {Failed} error
 * @param {() => void} again
 */
export function trouble(error, again) {
  const retry = h(
    "p",
    { class: "next" },
    h("button", { class: "button main", type: "button", click: again }, "Try again"),
  );
  const home = (/** @type {string} */ words) =>
    h("p", { class: "next" }, h("a", { class: "button main", href: "/" }, words));
  if (error.trouble === "missing")
    return notice("Not here", "There is no such thing", h("p", {}, error.message), home("All articles"));
  if (error.trouble === "refused")
    return notice(
      "Not understood",
      "The API does not take this filter",
      h("p", {}, error.message),
      home("Without filters"),
    );
  const wait = error.retryAfter ? ` It asks to wait ${counted(error.retryAfter, "second")}.` : "";
  return notice(
    "No answer",
    "The API is away",
    h("p", {}, `${error.message}${wait} The desk goes on by itself as soon as it is back.`),
    retry,
  );
}

/**
 * Nothing found.
 *
 * @param {boolean} isFiltered
 * @param {string} what
 */
export function nothing(isFiltered, what) {
  if (isFiltered) {
    return notice(
      "Nothing found",
      `No ${what} fulfil all of this`,
      h("p", {}, "Leave one of the conditions out; a cross beside each takes it away."),
      h("p", { class: "next" }, h("a", { class: "button main", href: "/" }, "Without filters")),
    );
  }
  return notice(
    "Nothing yet",
    `There are no ${what} so far`,
    h("p", {}, "They appear here as soon as they are submitted; no need to reload. Send the ten samples:"),
    h("pre", { tabindex: "0" }, "dateline submit samples/"),
  );
}

/** Stories need two articles about one event. */
export function noStories() {
  return notice(
    "No stories yet",
    "No event has been told twice",
    h("p", {}, "A story begins when a second article about the same event comes in."),
    h("p", { class: "next" }, h("a", { class: "button main", href: "/" }, "All articles")),
  );
}
