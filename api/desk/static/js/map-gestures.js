/**
 * What a hand does to the map: the wheel magnifies, and a magnified map is dragged.
 */

import { scaled } from "./camera.js";

/** @typedef {import("./camera.js").View} View */

const WHEEL = 0.0016;
/** Pixels that a pointer moves before it drags and no longer clicks. */
const SLACK = 4;
/** Below this scale the whole world is in sight, and there is nothing to drag. */
const WHOLE = 1.01;

export class Gestures {
  /**
   * @param {SVGElement} target
   * @param {{ view: () => View, move: (view: View) => void }} map
   */
  constructor(target, map) {
    this._target = target;
    this._map = map;
    this.isDragging = false;
    target.addEventListener("wheel", (event) => this._wheel(event), { passive: false });
    target.addEventListener("pointerdown", (event) => this._drag(event));
  }

  /** @param {WheelEvent} event */
  _wheel(event) {
    const view = this._map.view();
    const factor = Math.exp(-event.deltaY * WHEEL);
    if (view.k * factor <= 1 && view.k === 1) return;
    event.preventDefault();
    const { left, top } = this._target.getBoundingClientRect();
    this._map.move(scaled(view, factor, event.clientX - left, event.clientY - top));
  }

  /** @param {PointerEvent} down */
  _drag(down) {
    const from = { ...this._map.view() };
    if (from.k <= WHOLE) return;
    this.isDragging = false;
    const over = new AbortController();
    const move = (/** @type {PointerEvent} */ event) => {
      const [dx, dy] = [event.clientX - down.clientX, event.clientY - down.clientY];
      if (!this.isDragging && Math.hypot(dx, dy) < SLACK) return;
      this.isDragging = true;
      this._target.classList.add("is-dragged");
      this._map.move({ k: from.k, x: from.x + dx, y: from.y + dy });
    };
    const up = () => {
      over.abort();
      this._target.classList.remove("is-dragged");
      // After the click that ends the drag.
      setTimeout(() => {
        this.isDragging = false;
      });
    };
    window.addEventListener("pointermove", move, { signal: over.signal });
    window.addEventListener("pointerup", up, { signal: over.signal });
    window.addEventListener("pointercancel", up, { signal: over.signal });
  }
}
