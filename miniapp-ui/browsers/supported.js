/**
 * Which browsers the Mini App supports, for whatever has to know. The one place that says it is `browserslist` in
 * package.json: Telegram's own floor. The build's target and a lint read it themselves; what needs the very versions
 * asks here.
 *
 * @import { BrowserName, CompatStatement, Identifier, SimpleSupportStatement } from "@mdn/browser-compat-data"
 */
import { createRequire } from "node:module";

import browserslist from "browserslist";

/** MDN's data on what browsers can: https://github.com/mdn/browser-compat-data. */
export const data = read();

function read() {
  /** @type {unknown} */
  const all = createRequire(import.meta.url)("@mdn/browser-compat-data");
  return /** @type {Record<"api" | "css" | "javascript", Identifier>} */ (all);
}

/**
 * The name that MDN's data have for a browser, and the one that browserslist has for its versions.
 * @type {Partial<Record<BrowserName, string>>}
 */
const NAMES = {
  chrome: "chrome",
  // Browserslist knows only the present version of these; they have Chrome's numbers.
  chrome_android: "chrome",
  webview_android: "chrome",
  edge: "edge",
  firefox: "firefox",
  firefox_android: "firefox",
  safari: "safari",
  safari_ios: "ios_saf",
};

/** The oldest supported version of each browser. */
export const floor = new Map(
  Object.entries(NAMES).map(([name, listed]) => [/** @type {BrowserName} */ (name), oldest(listed)]),
);

/** @param {string} listed */
function oldest(listed) {
  const versions = browserslist(undefined, { path: import.meta.dirname })
    .map((one) => one.split(" "))
    .filter(([name]) => name === listed)
    .map(([, version]) => Number.parseFloat(version ?? ""));
  if (versions.length === 0) throw new Error(`package.json's browserslist has no ${listed}`);
  return Math.min(...versions);
}

/**
 * Whether some supported browser lacks this, at its oldest supported version.
 * @param {Pick<CompatStatement, "support">} compat
 */
export function isNewer({ support }) {
  return [...floor].some(([name, version]) => {
    const statements = [support[name] ?? []].flat();
    return !statements.some((statement) => has(statement, version));
  });
}

/**
 * @param {SimpleSupportStatement} statement
 * @param {number} version
 */
function has({ version_added, version_removed, flags, prefix, alternative_name }, version) {
  if (flags !== undefined || prefix !== undefined || alternative_name !== undefined) return false;
  const isThere = (/** @type {unknown} */ since) =>
    typeof since === "string" && Number.parseFloat(since.replace("≤", "")) <= version;
  return isThere(version_added) && !isThere(version_removed);
}

/**
 * What MDN's data say below a path there, or undefined.
 * @param {...string} path
 * @returns {Identifier | undefined}
 */
export function feature(...path) {
  /** @type {unknown} */
  let at = data;
  for (const step of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = /** @type {Record<string, unknown>} */ (at)[step];
  }
  return /** @type {Identifier} */ (at);
}
