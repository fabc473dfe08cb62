/**
 * The access key: kept for this tab until it is closed, never in an address.
 */

const PLACE = "dateline.key";

/** @returns {string} The key, or an empty string. */
export function key() {
  try {
    return sessionStorage.getItem(PLACE) ?? "";
  } catch {
    return held;
  }
}

/** Where storage is switched off, the key lives as long as the page. */
let held = "";

/** @param {string} value */
export function keep(value) {
  held = value;
  try {
    sessionStorage.setItem(PLACE, value);
  } catch {
    // It is held.
  }
}

/** Forget the key. */
export function forget() {
  held = "";
  try {
    sessionStorage.removeItem(PLACE);
  } catch {
    // Nothing was kept.
  }
}
