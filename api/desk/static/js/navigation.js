/**
 * Going somewhere on the desk without loading it again.
 */

/** @type {(byReader: boolean) => void} */
let arrive = () => {};

/**
 * Show another address of the desk.
 *
 * @param {string} href
 */
export function go(href) {
  history.pushState(null, "", href);
  arrive(true);
}

/** Show the address that the desk has, once more. */
export function again() {
  arrive(true);
}

/** @param {(byReader: boolean) => void} arrived Told whether the reader went there, so that the focus may move. */
export function install(arrived) {
  arrive = arrived;
  window.addEventListener("popstate", () => arrive(true));
  document.addEventListener("click", onClick);
}

/** @param {MouseEvent} event */
function onClick(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || event.defaultPrevented || link.target) return;
  if (link.origin !== location.origin || link.pathname !== "/") return;
  event.preventDefault();
  go(link.getAttribute("href") ?? "/");
}
