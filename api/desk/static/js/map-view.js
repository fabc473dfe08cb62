/**
 * The map: countries shaded by how much of the news is about them, and a point for each place. It is drawn for the eye;
 * the list of places beside it has the same links for everybody.
 */

import { WORLD, around, between, bounded, scaled } from "./camera.js";
import { codeOf } from "./countries.js";
import { fill, svg } from "./dom.js";
import { feature, geoEqualEarth, geoGraticule, geoPath } from "./geo.js";
import { labels, radius, spots, weights } from "./geography.js";
import { Gestures } from "./map-gestures.js";
import { Tip } from "./map-tip.js";

const ANTARCTICA = "010";
const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");

const GLIDE_MS = 450;
/** @typedef {import("./camera.js").View} View */
/** @typedef {import("./geography.js").Spot} Spot */

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
    this._countries = feature(topology, topology.objects.countries).features.filter(
      (/** @type {any} */ one) => one.id !== ANTARCTICA,
    );
    this._land = svg("g", { class: "land" });
    this._spots = svg("g", { class: "spots" });
    this._labels = svg("g", { class: "labels" });
    this._svg = svg("svg", { "aria-hidden": "true", focusable: "false" }, this._land, this._spots, this._labels);
    sheet.append(this._svg);
    this._tip = new Tip(sheet);
    this._sheet = sheet;
    /** @type {View} */
    this._view = WORLD;
    /** @type {Spot[]} */
    this._shown = [];
    /** @type {Map<string, number>} */
    this._weights = new Map();
    /** @type {any[] | null} */
    this._inFocus = null;
    /** @type {Spot[]} Places that the list is about. */
    this._sought = [];
    this._asked = "";
    this._isSought = false;
    /** @type {Set<string>} */
    this._fresh = new Set();
    this._chosenCountry = "";
    this._size = { width: 0, height: 0 };
    /** @type {(point: [number, number]) => [number, number]} */
    this._project = (point) => point;
    this._frame = 0;
    this._gestures = new Gestures(this._svg, { view: () => this._view, move: (view) => this._moved(view) });
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
    this._seek(filters);
    this._weights = weights(articles);
    this._chosenCountry = (filters.country ?? "").toUpperCase();
    this._fresh = fresh;
    this._shade();
    this._draw();
    if (this._isSought) this._glide(this._goal());
    this._isSought = false;
  }

  /**
   * Go to the places of a list that is about some, once for each such list.
   *
   * @param {Record<string, string>} filters
   */
  _seek({ place, country, admin1, near, story }) {
    const asked = [place, country, admin1, near, story].join(" ").trim();
    const now = this._shown.length ? asked : "";
    this._isSought = now !== this._asked;
    this._asked = now;
    const isWanted = (/** @type {Spot} */ spot) =>
      place ? String(spot.id) === place : !country || spot.country === country.toUpperCase();
    this._sought = asked ? this._shown.filter(isWanted) : [];
  }

  /**
   * Let some places stand out and bring them into view; null shows all of them alike.
   *
   * @param {any[] | null} places
   */
  focus(places) {
    this._inFocus = places;
    if (!this._size.width) return;
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
    const places = this._inFocus?.filter(hasPoint) ?? this._sought;
    const points = places.map((/** @type {any} */ place) => this._project([place.longitude, place.latitude]));
    return around(points, this._size);
  }

  /** @param {number} factor */
  zoom(factor) {
    const { width, height } = this._size;
    this._glide(scaled(this._view, factor, width / 2, height / 2));
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
    const projection = geoEqualEarth().fitExtent(
      [
        [edge, edge],
        [width - edge, height - edge],
      ],
      world,
    );
    this._project = projection;
    this._svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const path = geoPath(projection);
    fill(
      this._land,
      svg("path", { class: "graticule", d: path(geoGraticule().step([20, 20])()) }),
      this._countries.map((/** @type {any} */ country) =>
        svg("path", {
          class: "country",
          d: path(country),
          "data-code": codeOf(country),
          "data-name": country.properties.name,
        }),
      ),
    );
    this._shade();
    this._apply(this._inFocus || this._sought.length ? this._goal() : this._view);
  }

  _shade() {
    const most = Math.max(...this._weights.values(), 0);
    for (const country of this._land.querySelectorAll(".country")) {
      const code = country.getAttribute("data-code") ?? "";
      const weight = this._weights.get(code) ?? 0;
      country.setAttribute("data-weight", String(weight ? Math.max(1, Math.ceil(4 * Math.sqrt(weight / most))) : 0));
      country.classList.toggle("is-chosen", code !== "" && code === this._chosenCountry);
    }
  }

  /** @param {{ latitude: number, longitude: number }} place */
  _at(place) {
    const [x, y] = this._project([place.longitude, place.latitude]);
    return { x: x * this._view.k + this._view.x, y: y * this._view.k + this._view.y };
  }

  _draw() {
    if (!this._size.width) return;
    const { width, height } = this._size;
    const focus = this._inFocus && new Set(this._inFocus.map((place) => place.geoname_id));
    const known = new Set(this._shown.map((spot) => spot.id));
    const others = spots([
      { geotags: { places: (this._inFocus ?? []).filter((place) => !known.has(place.geoname_id)) } },
    ]);
    const all = [...this._shown, ...others].map((spot) => ({
      spot,
      r: radius(spot.articles.length),
      ...this._at(spot),
    }));
    const seen = all.filter(({ x, y }) => x > -20 && y > -20 && x < width + 20 && y < height + 20);
    const circles = seen.map(({ spot, x, y, r }) => {
      const isFocus = focus?.has(spot.id);
      return svg("circle", {
        class: `spot${isFocus ? " is-focus" : ""}`,
        cx: x.toFixed(1),
        cy: y.toFixed(1),
        r: r.toFixed(1),
        "data-place": spot.id,
      });
    });
    const ripples = seen
      .filter(({ spot }) => spot.articles.some((article) => this._fresh.has(article.id)))
      .map(({ x, y, r }) => svg("circle", { class: "ripple", cx: x.toFixed(1), cy: y.toFixed(1), r: r.toFixed(1) }));
    fill(this._spots, circles, ripples);
    this._spots.classList.toggle("has-focus", focus !== null);
    const named = focus ? seen.filter(({ spot }) => focus.has(spot.id)) : seen;
    const wanted = named.map(({ spot, x, y, r }) => ({ x, y, r, text: spot.name }));
    const most = Math.round((width * height) / 45_000) + (focus ? 6 : 2);
    fill(
      this._labels,
      labels(wanted, this._size, most).map(({ x, y, anchor, text }) =>
        svg("text", { class: "label", x, y, "text-anchor": anchor, "dominant-baseline": "central" }, text),
      ),
    );
  }

  /** @param {View} view */
  _apply(view) {
    this._view = bounded(view, this._size);
    const { k } = this._view;
    this._land.setAttribute("transform", `translate(${this._view.x} ${this._view.y}) scale(${k})`);
    this._svg.classList.toggle("is-zoomed", k > 1.01);
    this._draw();
  }

  /** @param {View} view Where a hand has moved it: that ends any glide. */
  _moved(view) {
    cancelAnimationFrame(this._frame);
    this._apply(view);
  }

  /** @param {View} goal */
  _glide(goal) {
    if (!this._size.width) return;
    cancelAnimationFrame(this._frame);
    if (STILL.matches) return this._apply(goal);
    const from = this._view;
    const began = performance.now();
    const step = (/** @type {number} */ now) => {
      const t = Math.min((now - began) / GLIDE_MS, 1);
      this._apply(between(from, goal, t));
      if (t < 1) this._frame = requestAnimationFrame(step);
    };
    this._frame = requestAnimationFrame(step);
  }

  _listen() {
    this._svg.addEventListener("click", (event) => this._clicked(/** @type {Element} */ (event.target)));
    this._svg.addEventListener("pointermove", (event) => this._hover(event));
    this._svg.addEventListener("pointerleave", () => this._tip.hide());
  }

  /** @param {Element} target */
  _clicked(target) {
    if (this._gestures.isDragging) return;
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
    if (event.pointerType === "touch" || this._gestures.isDragging) this._tip.hide();
    else if (spot) this._tip.showSpot(event, spot);
    else if (code && this._weights.has(code)) this._tip.showCountry(event, code);
    else this._tip.hide();
  }
}
