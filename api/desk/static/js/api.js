/**
 * Asking the API. Every failure is one of four: a key is needed, the key does not suffice, what was asked is refused,
 * or the API is away.
 */

import { key } from "./key.js";

/** @typedef {"key" | "scope" | "refused" | "missing" | "away"} Trouble */

const PATIENCE_MS = 20_000;

/** A request that failed, and in which of the ways that the desk can tell apart. */
export class Failed extends Error {
  /**
   * @param {Trouble} trouble
   * @param {string} detail One sentence for the reader.
   * @param {number} [retryAfter] Seconds, where the API said so.
   */
  constructor(trouble, detail, retryAfter = 0) {
    super(detail);
    this.trouble = trouble;
    this.retryAfter = retryAfter;
  }
}

/** @type {Record<number, Trouble>} */
const TROUBLES = { 401: "key", 403: "scope", 404: "missing", 400: "refused", 406: "refused", 422: "refused" };

/**
 * The failure that a response tells of.
 *
 * @param {Response} response
 * @returns {Promise<Failed>}
 */
async function failure(response) {
  const problem = await response.json().catch(() => ({}));
  // The detail of a problem with several faults only says that there are some; these say which.
  const faults = (problem.errors ?? []).map((/** @type {any} */ error) => `${error.parameter ?? ""} ${error.message}.`);
  const detail = faults.join(" ").trim() || problem.detail || `The API answered ${response.status}.`;
  const trouble = TROUBLES[response.status] ?? "away";
  return new Failed(trouble, detail, Number(response.headers.get("Retry-After")) || 0);
}

/**
 * @param {string} accept
 * @returns {Record<string, string>}
 */
function headers(accept) {
  const token = key();
  return token ? { Accept: accept, Authorization: `Bearer ${token}` } : { Accept: accept };
}

/**
 * @param {string} path
 * @param {RequestInit & { accept?: string }} [options]
 * @returns {Promise<Response>}
 */
export async function ask(path, { accept = "application/json", headers: more, ...options } = {}) {
  let response;
  try {
    const sent = { ...headers(accept), .../** @type {Record<string, string>} */ (more ?? {}) };
    response = await fetch(path, { ...options, headers: sent, cache: "no-store", credentials: "omit" });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Failed("away", "The API does not answer.");
  }
  if (!response.ok) throw await failure(response);
  return response;
}

/**
 * Read a document.
 *
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function read(path, signal) {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const both = signal ? AbortSignal.any([signal, patience]) : patience;
  try {
    return await (await ask(path, { signal: both })).json();
  } catch (error) {
    if (error instanceof Failed || signal?.aborted) throw error;
    throw new Failed("away", "The API did not answer in time.");
  }
}
