/**
 * The vendored libraries, which put themselves beside the window, as a module.
 */

const { d3, topojson } = /** @type {any} */ (globalThis);

export const { geoEqualEarth, geoPath, geoGraticule, geoContains } = d3;
export const { feature, mesh } = topojson;
