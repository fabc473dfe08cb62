/**
 * Which addresses may become links. What scrapers send is foreign: `javascript:` and its like stay text.
 */

/**
 * The address of another site, if a reader may be sent there.
 *
 * @param {unknown} address
 * @returns {string | null} The address in its normal form, or null when it must stay text.
 */
export function outside(address) {
  if (typeof address !== "string") return null;
  let parsed;
  try {
    parsed = new URL(address);
  } catch {
    return null;
  }
  const isWeb = parsed.protocol === "https:" || parsed.protocol === "http:";
  return isWeb && parsed.hostname && !parsed.username && !parsed.password ? parsed.href : null;
}

/**
 * Whether an address stays on the desk or on its own server.
 *
 * @param {string} address
 * @returns {boolean}
 */
export function isInside(address) {
  return /^(?:[?#]|\/(?![/\\]))/.test(address);
}
