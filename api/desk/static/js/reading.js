/**
 * Reading one article.
 */

import { read } from "./api.js";
import { showArticle } from "./article-view.js";
import { state, surface } from "./context.js";
import { fill, part } from "./dom.js";
import * as notices from "./notices.js";
import { asFailed, failed } from "./trouble.js";
import { titleOf } from "./words.js";

/**
 * Show an article in the place of the list.
 *
 * @param {string} id
 * @param {number | null} revision
 */
export async function loadArticle(id, revision) {
  const isAnother = state.article?.id !== id;
  if (isAnother) open();
  try {
    const article = await read(`/v1/articles/${id}${revision ? `?revision=${revision}` : ""}`);
    const told = await alsoTold(article.duplicates?.story_id);
    if (state.route.view !== "article" || state.route.id !== id) return;
    state.article = article;
    showArticle(part("reading"), article, state.filters, {
      now: Date.now(),
      told,
      pointed: (ids) => surface.map?.point(ids),
    });
    document.title = `${titleOf(article)} · Dateline`;
    surface.map?.focus(article.geotags?.places ?? []);
    if (isAnother) begin();
  } catch (error) {
    const known = asFailed(error);
    if (state.route.view !== "article") return;
    if (known.trouble !== "missing") return failed(known, () => loadArticle(id, revision));
    fill(
      part("reading"),
      notices.trouble(known, () => {}),
    );
  }
}

/**
 * How many articles tell of the same event.
 *
 * @param {string | null | undefined} story
 * @returns {Promise<number>}
 */
async function alsoTold(story) {
  if (!story) return 0;
  return (await read(`/v1/articles?story=${encodeURIComponent(story)}&limit=200&fields=source`)).items.length;
}

function open() {
  fill(part("reading"), notices.loading());
  part("board").hidden = true;
  part("reading").hidden = false;
  document.body.classList.add("is-reading");
}

function begin() {
  part("content").scrollTop = 0;
  window.scrollTo(0, 0);
  part("reading-title").focus({ preventScroll: true });
}
