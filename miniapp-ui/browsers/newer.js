/**
 * Everything that a present browser has and some supported one lacks, and a way to take it from a page: so a test in a
 * present browser finds what would fail in an old one. Computed from MDN's data, so that nobody has to keep a list.
 *
 * It is about what can be called or looked up. For styles see `styles.js`; syntax is the build's.
 *
 * @import { Identifier } from "@mdn/browser-compat-data"
 */
import { data, isNewer } from "./supported.js";

/**
 * A member of an object that is found by its path from the global one; a global itself has no path. MDN's data say of the
 * browser's interfaces which members are static: `Response.json` is newer, a response's own `json` is not.
 * @typedef {{ path: readonly string[], member: string, on: "itself" | "prototype" | "both" }} Newer
 */

/**
 * All of it.
 * @returns {Newer[]}
 */
export function newerThanSupported() {
  return [...below(data.javascript.builtins, [], true), ...below(data.api, [], false)];
}

/** Names in MDN's data that stand beside members and are none. */
const NO_MEMBER = /^(?![A-Za-z_$][\w$]*$)|_(event|parameter|permission|secure_context)$/;

/**
 * @param {Identifier | undefined} group
 * @param {readonly string[]} path
 * @param {boolean} isBuiltin
 * @returns {Newer[]}
 */
function below(group, path, isBuiltin) {
  const features = /** @type {Record<string, Identifier>} */ (group ?? {});
  return Object.entries(features).flatMap(([name, feature]) => {
    const member = name.replace(/_static$/, "");
    if (name === "__compat" || NO_MEMBER.test(member)) return [];
    const compat = feature.__compat;
    const on = isBuiltin || path.length === 0 ? "both" : name === member ? "prototype" : "itself";
    if (compat !== undefined && isNewer(compat)) return [{ path, member, on }];
    // Below a member of an interface MDN's data speak of its options; only Intl has interfaces inside.
    const deeper = path.length === 0 || (path.length === 1 && path[0] === "Intl");
    return deeper ? below(feature, [...path, member], isBuiltin) : [];
  });
}

/**
 * Runs in a page before anything else: takes all of these away. Stands alone, and uses nothing that it takes.
 * @param {readonly Newer[]} newer
 */
export function takeAway(newer) {
  const isObject = (/** @type {unknown} */ it) =>
    typeof it === "function" || (typeof it === "object" && it !== null);
  for (const { path, member, on } of newer) {
    /** @type {unknown} */
    let place = globalThis;
    for (const step of path) {
      place = isObject(place) ? /** @type {Record<string, unknown>} */ (place)[step] : undefined;
    }
    const prototype = isObject(place) ? /** @type {{ prototype?: unknown }} */ (place).prototype : undefined;
    // The window's members are its own; a namespace such as CSS has no prototype.
    const self = path[0] === "Window" ? globalThis : undefined;
    const itself = on === "prototype" && isObject(prototype) ? undefined : place;
    for (const owner of [itself, on === "itself" ? undefined : prototype, self]) {
      if (isObject(owner)) Reflect.deleteProperty(/** @type {object} */ (owner), member);
    }
  }
}
