/**
 * The map: countries shaded by how much of the news is about them, and a point for each place. It is drawn for the eye;
 * the list of places beside it has the same links for everybody.
 */

import { codeOf } from "./countries.js";
import { fill, h, svg } from "./dom.js";
import { feature, geoEqualEarth, geoGraticule, geoPath } from "./geo.js";
import { labels, radius, spots, weights } from "./geography.js";
import { counted, countryName, titleOf } from "./words.js";

const ANTARCTICA = "010";
const MOST_ZOOM = 24;
const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");

/** @typedef {{ k: number, x: number, y: number }} View Scale, and where the left upper corner of the world lies. */
/** @typedef {import("./geography.js").Spot} Spot */

/** @type {View} */
const WORLD = Object.freeze({ k: 1, x: 0, y: 0 });

/** @param {{ precision: string }} place */
function hasPoint(place) {
  return place.precision === "point";
}

export class WorldMap {
  /**
   * @param {HTMLElement} sheet
   * @param {any} topology countries-110m
   * @param {{ place: (id: number) => void, country: (code: string) => void }} chosen
   */
  constructor(sheet, topology, chosen) {
    this._chosen = chosen;
    this._countries = feature(topology, topology.objects.countries).features.filter((/** @type {any} */ one) => one.id !== ANTARCTICA);
    this._land = svg("g", { class: "land" });
    this._spots = svg("g", { class: "spots" });
    this._labels = svg("g", { class: "labels" });
    this._svg = svg("svg", { "aria-hidden": "true", focusable: "false" }, this._land, this._spots, this._labels);
    this._tip = h("div", { class: "tip", "aria-hidden": "true", hidden: true });
    sheet.append(this._svg, this._tip);
    this._sheet = sheet;
    /** @type {View} */
    this._view = WORLD;
    /** @type {Spot[]} */
    this._shown = [];
    /** @type {Map<string, number>} */
    this._weights = new Map();
    /** @type {any[] | null} */
    this._inFocus = null;
    /** @type {Set<string>} */
    this._fresh = new Set();
    this._filters = {};
    new ResizeObserver(() => this._fit()).observe(sheet);
    this._listen();
  }

  /**
   * @param {any[]} articles
   * @param {Record<string, string>} filters
   * @param {Set<string>} fresh Ids of articles that have just come in.
   */
  show(articles, filters, fresh) {
    this._shown = spots(articles);
    this._weights = weights(articles);
    this._filters = filters;
    this._fresh = fresh;
    this._shade();
    this._draw();
  }

  /**
   * Let some places stand out and bring them into view; null shows all of them alike.
   *
   * @param {any[] | null} places
   */
  focus(places) {
    this._inFocus = places;
    if (!this._size) return;
    this._draw();
    this._glide(this._goal());
  }

  /**
   * Mark places that something else points at.
   *
   * @param {Set<number>} ids
   */
  point(ids) {
    for (const circle of this._spots.querySelectorAll(".spot")) {
      circle.classList.toggle("is-pointed", ids.has(Number(circle.getAttribute("data-place"))));
    }
  }

  /** @returns {View} Where the places in focus are seen, or the whole world. */
  _goal() {
    const points = (this._inFocus ?? []).filter(hasPoint).map((place) => this._project([place.longitude, place.latitude]));
    return points.length ? this._around(points) : WORLD;
  }

  /** @param {number} factor */
  zoom(factor) {
    const { width, height } = this._size;
    this._glide(this._scaled(this._view, factor, width / 2, height / 2));
  }

  /** Show the whole world. */
  reset() {
    this._glide(WORLD);
  }

  _fit() {
    const { width, height } = this._sheet.getBoundingClientRect();
    if (!width || !height) return;
    this._size = { width, height };
    const edge = Math.min(width, height) * 0.03;
    const world = { type: "FeatureCollection", features: this._countries };
    this._projection = geoEqualEarth().fitExtent([[edge, edge], [width - edge, height - edge]], world);
    this._project = (/** @type {[number, number]} */ point) => this._projection(point);
    this._svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const path = geoPath(this._projection);
    fill(
      this._land,
      svg("path", { class: "graticule", d: path(geoGraticule().step([20, 20])()) }),
      this._countries.map((/** @type {any} */ country) => svg("path", { class: "country", d: path(country), "data-code": codeOf(country), "data-name": country.properties.name })),
    );
    this._shade();
    this._apply(this._inFocus ? this._goal() : this._view);
  }

  _shade() {
    const most = Math.max(...this._weights.values(), 0);
    for (const country of this._land.querySelectorAll(".country")) {
      const code = country.getAttribute("data-code") ?? "";
      const weight = this._weights.get(code) ?? 0;
      country.setAttribute("data-weight", String(weight ? Math.max(1, Math.ceil(4 * Math.sqrt(weight / most))) : 0));
      country.classList.toggle("is-chosen", code !== "" && code === (this._filters.country ?? "").toUpperCase());
    }
  }

  /** @param {{ latitude: number, longitude: number }} place */
  _at(place) {
    const [x, y] = this._project([place.longitude, place.latitude]);
    return { x: x * this._view.k + this._view.x, y: y * this._view.k + this._view.y };
  }

  _draw() {
    if (!this._size) return;
    const { width, height } = this._size;
    const focus = this._inFocus && new Set(this._inFocus.map((place) => place.geoname_id));
    const known = new Set(this._shown.map((spot) => spot.id));
    const others = spots([{ geotags: { places: (this._inFocus ?? []).filter((place) => !known.has(place.geoname_id)) } }]);
    const all = [...this._shown, ...others].map((spot) => ({ spot, r: radius(spot.articles.length), ...this._at(spot) }));
    const seen = all.filter(({ x, y }) => x > -20 && y > -20 && x < width + 20 && y < height + 20);
    const circles = seen.map(({ spot, x, y, r }) => {
      const isFocus = focus?.has(spot.id);
      return svg("circle", { class: `spot${isFocus ? " is-focus" : ""}`, cx: x.toFixed(1), cy: y.toFixed(1), r: r.toFixed(1), "data-place": spot.id });
    });
    const ripples = seen
      .filter(({ spot }) => spot.articles.some((article) => this._fresh.has(article.id)))
      .map(({ x, y, r }) => svg("circle", { class: "ripple", cx: x.toFixed(1), cy: y.toFixed(1), r: r.toFixed(1) }));
    fill(this._spots, circles, ripples);
    this._spots.classList.toggle("has-focus", focus !== null);
    const named = focus ? seen.filter(({ spot }) => focus.has(spot.id)) : seen;
    const wanted = named.map(({ spot, x, y, r }) => ({ x, y, r, text: spot.name }));
    const most = Math.round((width * height) / 45_000) + (focus ? 6 : 2);
    fill(this._labels, labels(wanted, this._size, most).map(({ x, y, anchor, text }) => svg("text", { class: "label", x, y, "text-anchor": anchor, "dominant-baseline": "central" }, text)));
  }

  /** @param {View} view */
  _apply(view) {
    const { width, height } = this._size;
    const k = Math.min(Math.max(view.k, 1), MOST_ZOOM);
    this._view = { k, x: Math.min(0, Math.max(view.x, width * (1 - k))), y: Math.min(0, Math.max(view.y, height * (1 - k))) };
    this._land.setAttribute("transform", `translate(${this._view.x} ${this._view.y}) scale(${k})`);
    this._svg.classList.toggle("is-zoomed", k > 1.01);
    this._draw();
  }

  /** @param {View} goal */
  _glide(goal) {
    if (!this._size) return;
    cancelAnimationFrame(this._frame);
    if (STILL.matches) return this._apply(goal);
    const from = this._view;
    const began = performance.now();
    const step = (/** @type {number} */ now) => {
      const t = Math.min((now - began) / 450, 1);
      const ease = 1 - (1 - t) ** 3;
      const k = from.k * (goal.k / from.k) ** ease;
      const share = goal.k === from.k ? ease : (k - from.k) / (goal.k - from.k);
      this._apply({ k, x: from.x + (goal.x - from.x) * share, y: from.y + (goal.y - from.y) * share });
      if (t < 1) this._frame = requestAnimationFrame(step);
    };
    this._frame = requestAnimationFrame(step);
  }

  /**
   * @param {View} view
   * @param {number} factor
   * @param {number} x
   * @param {number} y
   * @returns {View}
   */
  _scaled(view, factor, x, y) {
    const k = Math.min(Math.max(view.k * factor, 1), MOST_ZOOM);
    return { k, x: x - ((x - view.x) * k) / view.k, y: y - ((y - view.y) * k) / view.k };
  }

  /**
   * @param {[number, number][]} points
   * @returns {View}
   */
  _around(points) {
    const { width, height } = this._size;
    const xs = points.map((point) => point[0]);
    const ys = points.map((point) => point[1]);
    const spread = Math.max((Math.max(...xs) - Math.min(...xs)) / width, (Math.max(...ys) - Math.min(...ys)) / height);
    const k = Math.min(Math.max(0.6 / Math.max(spread, 0.001), 1), 7);
    const x = (Math.max(...xs) + Math.min(...xs)) / 2;
    const y = (Math.max(...ys) + Math.min(...ys)) / 2;
    return { k, x: width / 2 - x * k, y: height / 2 - y * k };
  }

  _listen() {
    this._svg.addEventListener("click", (event) => this._clicked(/** @type {Element} */ (event.target)));
    this._svg.addEventListener("pointermove", (event) => this._hover(event));
    this._svg.addEventListener("pointerleave", () => { this._tip.hidden = true; });
    this._svg.addEventListener("wheel", (event) => {
      const { left, top } = this._sheet.getBoundingClientRect();
      const factor = Math.exp(-event.deltaY * 0.0016);
      if (this._view.k * factor <= 1 && this._view.k === 1) return;
      event.preventDefault();
      cancelAnimationFrame(this._frame);
      this._apply(this._scaled(this._view, factor, event.clientX - left, event.clientY - top));
    }, { passive: false });
    this._svg.addEventListener("pointerdown", (event) => this._drag(event));
  }

  /** @param {PointerEvent} down */
  _drag(down) {
    if (this._view.k <= 1.01) return;
    const from = { ...this._view };
    this._dragged = false;
    const move = (/** @type {PointerEvent} */ event) => {
      const [dx, dy] = [event.clientX - down.clientX, event.clientY - down.clientY];
      if (!this._dragged && Math.hypot(dx, dy) < 4) return;
      this._dragged = true;
      this._svg.classList.add("is-dragged");
      this._apply({ k: from.k, x: from.x + dx, y: from.y + dy });
    };
    const up = () => {
      window.removeEventListener("pointermove", move);
      this._svg.classList.remove("is-dragged");
      setTimeout(() => { this._dragged = false; });
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up, { once: true });
    window.addEventListener("pointercancel", up, { once: true });
  }

  /** @param {Element} target */
  _clicked(target) {
    if (this._dragged) return;
    const place = target.getAttribute("data-place");
    const code = target.getAttribute("data-code");
    if (place) this._chosen.place(Number(place));
    else if (code) this._chosen.country(code);
  }

  /** @param {PointerEvent} event */
  _hover(event) {
    const target = /** @type {Element} */ (event.target);
    const spot = this._shown.find((one) => String(one.id) === target.getAttribute("data-place"));
    const code = target.getAttribute("data-code");
    this._tip.hidden = event.pointerType === "touch" || this._dragged === true || (!spot && !(code && this._weights.has(code)));
    if (this._tip.hidden) return;
    if (spot) {
      const country = countryName(spot.country);
      const titles = spot.articles.slice(0, 3).map((article) => h("span", {}, titleOf(article)));
      fill(this._tip, h("strong", {}, country ? `${spot.name}, ${country}` : spot.name), counted(spot.articles.length, "article"), titles);
    } else {
      fill(this._tip, h("strong", {}, countryName(code)), "Show what names a place there");
    }
    const { left, top, width } = this._sheet.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    this._tip.style.left = `${Math.min(x + 14, width - 272)}px`;
    this._tip.style.top = `${y + 16}px`;
  }
}
