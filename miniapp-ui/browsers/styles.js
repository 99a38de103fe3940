/**
 * Which parts of a style sheet some supported browser does not know: properties, their keywords, functions, units, selectors
 * and at-rules, each looked up in MDN's data. What stands inside `@supports` is asked for only where it is known.
 */
import postcss from "postcss";

import { feature, isNewer } from "./supported.js";

/** Where MDN's data have units under one name for several. */
const UNITS = [
  { unit: /^cq(w|h|i|b|min|max)$/, name: "container_query_length_units" },
  { unit: /^d(vw|vh|vi|vb|vmin|vmax)$/, name: "viewport_percentage_units_dynamic" },
  { unit: /^l(vw|vh|vi|vb|vmin|vmax)$/, name: "viewport_percentage_units_large" },
  { unit: /^s(vw|vh|vi|vb|vmin|vmax)$/, name: "viewport_percentage_units_small" },
];
/** Types below which MDN's data have functions. */
const FAMILIES = [
  "color",
  "gradient",
  "transform-function",
  "filter-function",
  "basic-shape",
  "easing-function",
];

/**
 * The names of what is newer than the floor, each once: `text-wrap: balance`, `color-mix()`, `dvh`, `:has`, `@container`.
 * @param {string} css
 * @returns {string[]}
 */
export function newerStyles(css) {
  /** @type {Set<string>} */
  const found = new Set();
  const look = (/** @type {string} */ name, /** @type {readonly string[]} */ path) => {
    const compat = feature("css", ...path)?.__compat;
    if (compat !== undefined && isNewer(compat)) found.add(name);
  };
  postcss.parse(css).walk((node) => {
    if (isGuarded(node)) return;
    if (node.type === "atrule") {
      look(`@${node.name}`, ["at-rules", node.name]);
      if (node.name === "media")
        features(node.params).forEach((one) => look(one, ["at-rules", "media", one]));
    } else if (node.type === "rule") {
      for (const [, name = ""] of node.selector.matchAll(/::?([a-z-]+)/g))
        look(`:${name}`, ["selectors", name]);
      if (node.parent?.type === "rule") look("nesting", ["selectors", "nesting"]);
    } else if (node.type === "decl") {
      lookAtDeclaration(node.prop, node.value, look);
    }
  });
  return [...found].sort();
}

/**
 * @param {string} property
 * @param {string} value
 * @param {(name: string, path: readonly string[]) => void} look
 */
function lookAtDeclaration(property, value, look) {
  // A property with a vendor's name is for that vendor's browsers.
  if (!property.startsWith("-")) look(property, ["properties", property]);
  const bare = value.replace(/"[^"]*"|'[^']*'|url\([^)]*\)/g, "");
  for (const [, name = ""] of bare.matchAll(/([a-z][a-z0-9-]*)\(/g)) {
    for (const path of [["types", name], ...FAMILIES.map((family) => ["types", family, name])]) {
      look(`${name}()`, path);
    }
  }
  for (const [, unit = ""] of bare.matchAll(/(?<![\w#-])[\d.]+([a-z]+)\b/g)) {
    const name = UNITS.find((one) => one.unit.test(unit))?.name ?? unit;
    look(unit, ["types", "length", name]);
  }
  for (const [keyword] of bare.matchAll(/(?<![\w#.-])[a-z][a-z-]*(?![\w(-])/g)) {
    look(`${property}: ${keyword}`, ["properties", property, keyword]);
  }
}

/**
 * The features that a media query asks for.
 * @param {string} query
 */
function features(query) {
  return [...query.matchAll(/\(\s*([a-z-]+)/g)].map(([, name = ""]) => name);
}

/**
 * Whether a style is only for browsers that say they know it.
 * @param {import("postcss").Node} node
 */
function isGuarded(node) {
  for (let place = node.parent; place !== undefined && place.type !== "document"; place = place.parent) {
    if (place.type === "atrule" && /** @type {import("postcss").AtRule} */ (place).name === "supports")
      return true;
  }
  return false;
}
