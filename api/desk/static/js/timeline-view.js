/**
 * The timeline: when the listed articles were accepted. A stretch of it becomes the filter; the filter's form has the
 * same two times as fields.
 */

import { fill, part, svg } from "./dom.js";
import { binned, dayAndTime, stretch, tick } from "./time.js";
import { counted } from "./words.js";

const BASE = 18;
/** What a digit of a tick is wide at most, in pixels. */
const DIGIT = 6.6;

export class Timeline {
  /** @param {(since: string, until: string) => void} chosen */
  constructor(chosen) {
    this._chosen = chosen;
    this._sheet = part("timeline-sheet");
    this._svg = svg("svg", { "aria-hidden": "true", focusable: "false" });
    this._sheet.append(this._svg);
    /** @type {any[]} */
    this._articles = [];
    this._filters = {};
    new ResizeObserver(() => this._draw()).observe(this._sheet);
    this._svg.addEventListener("pointerdown", (event) => this._brush(event));
  }

  /**
   * @param {any[]} articles
   * @param {Record<string, string>} filters
   */
  show(articles, filters) {
    this._articles = articles;
    this._filters = filters;
    this._draw();
  }

  _draw() {
    const { width, height } = this._svg.getBoundingClientRect();
    const moments = this._articles.map((article) => Date.parse(article.accepted_at));
    this._caption(moments);
    if (!width || !moments.length) return fill(this._svg);
    this._svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const { width: step, bins } = binned(moments, Math.min(...moments), Math.max(...moments), Math.floor(width / 11));
    this._bins = bins;
    const most = Math.max(...bins.map((bin) => bin.count));
    const wide = width / bins.length;
    const scale = (height - BASE - 6) / most;
    this._toTime = (/** @type {number} */ x) => bins[Math.min(Math.max(Math.floor(x / wide), 0), bins.length - 1)];
    fill(
      this._svg,
      svg("line", { class: "axis", x1: 0, x2: width, y1: height - BASE + 0.5, y2: height - BASE + 0.5 }),
      bins.map((bin, index) => this._bar(bin, index * wide, wide, bin.count * scale, height)),
      this._ticks(bins, wide, step, height, width),
    );
  }

  /**
   * @param {import("./time.js").Bin} bin
   * @param {number} x
   * @param {number} wide
   * @param {number} tall
   * @param {number} height
   */
  _bar(bin, x, wide, tall, height) {
    const gap = wide > 4 ? Math.min(wide * 0.22, 3) : 0;
    const bar = Math.min(wide - gap, 26);
    return svg(
      "g",
      { class: "bin" },
      svg("rect", { x, y: 0, width: wide, height: height - BASE, fill: "transparent" }),
      bin.count > 0 &&
        svg("rect", {
          class: "bar",
          x: x + (wide - bar) / 2,
          y: height - BASE - Math.max(tall, 2),
          width: bar,
          height: Math.max(tall, 2),
          rx: 1,
        }),
      svg("title", {}, `${counted(bin.count, "article")}, ${dayAndTime(bin.from)}`),
    );
  }

  /**
   * @param {import("./time.js").Bin[]} bins
   * @param {number} wide
   * @param {number} step
   * @param {number} height
   * @param {number} width
   */
  _ticks(bins, wide, step, height, width) {
    const every = Math.max(1, Math.ceil(84 / wide));
    return bins
      .map((bin, index) => ({ bin, x: index * wide, index }))
      .filter(({ index }) => index % every === 0)
      .map(({ bin, x }) => ({ x, label: tick(bin.from, step) }))
      .filter(({ x, label }) => x + label.length * DIGIT <= width)
      .map(({ x, label }) => svg("text", { class: "tick", x, y: height - 4 }, label));
  }

  /** @param {number[]} moments */
  _caption(moments) {
    part("timeline-caption").textContent = moments.length
      ? `${counted(moments.length, "article")} accepted ${stretch(Math.min(...moments), Math.max(...moments))}`
      : "";
  }

  /** @param {PointerEvent} down */
  _brush(down) {
    if (!this._toTime || !this._bins?.length) return;
    const { left, height } = this._svg.getBoundingClientRect();
    const begin = down.clientX - left;
    let end = begin;
    const mark = svg("rect", { class: "brush", y: 0, height: height - BASE, x: begin, width: 0 });
    const move = (/** @type {PointerEvent} */ event) => {
      end = event.clientX - left;
      mark.setAttribute("x", String(Math.min(begin, end)));
      mark.setAttribute("width", String(Math.abs(end - begin)));
    };
    const up = () => {
      window.removeEventListener("pointermove", move);
      mark.remove();
      const [first, last] = [this._toTime?.(Math.min(begin, end)), this._toTime?.(Math.max(begin, end))];
      if (first && last) this._chosen(iso(first.from), iso(last.until));
    };
    this._svg.append(mark);
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up, { once: true });
    window.addEventListener(
      "pointercancel",
      () => {
        window.removeEventListener("pointermove", move);
        mark.remove();
      },
      { once: true },
    );
  }
}

/** @param {number} moment */
function iso(moment) {
  return new Date(moment).toISOString().replace(".000Z", "Z");
}
