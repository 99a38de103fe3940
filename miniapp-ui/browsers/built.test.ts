/** What is built for people's phones, and nothing in it that the oldest supported one cannot read. */
import { parse } from "acorn";
import { type Rolldown, build } from "vite";
import { beforeAll, describe, expect, it } from "vitest";

import { takeAway, newerThanSupported } from "./newer.js";
import { newerStyles } from "./styles.js";
import { feature, floor, isNewer } from "./supported.js";

/** Lacking these a page is plainer, and as usable: each with what stands in for it. */
const DECORATION = new Set([
  // Lines break where they happen to.
  "text-wrap",
  "text-wrap: balance",
  "text-wrap: pretty",
  // The page around may move along; Telegram's own swipe is off.
  "overscroll-behavior",
  "overscroll-behavior: contain",
  "overscroll-behavior: none",
  // A bar under the chips, which scroll as well.
  "scrollbar-width",
  "scrollbar-width: none",
  // `word-break: break-word` stands beside it.
  "overflow-wrap: anywhere",
  // The bar is nearly opaque as it is.
  "backdrop-filter",
  // A folded text ends in a line that is cut instead of one that fades.
  "mask-image",
  // Where the browser does not hold the place itself, there is nothing to turn off.
  "overflow-anchor",
  "overflow-anchor: none",
  // The browser's own ring.
  ":focus-visible",
  // A hint to the browser, for speed.
  "contain",
  "contain: strict",
  // Other letters are named after these.
  "font-family: ui-rounded",
  "font-family: ui-serif",
  // A field that cannot be dragged larger where it never could.
  "resize",
  "resize: none",
  // A mouse's arrow: fingers have none.
  "cursor: default",
  "cursor: grab",
  "cursor: pointer",
  // Written for WebKit, which others skip.
  ":-webkit-scrollbar",
  ":-webkit-search-cancel-button",
  // Written for one engine each, which the others skip; the bar is the browser's own where neither is known.
  ":-webkit-slider-runnable-track",
  ":-webkit-slider-thumb",
  ":-moz-range-track",
  ":-moz-range-thumb",
  // Prefixed as well by the build.
  "appearance",
  "user-select",
  // In a grid there is nothing to distribute from.
  "align-content: start",
]);

let scripts: Rolldown.OutputChunk[];
let styles: string;

beforeAll(async () => {
  const output = [...(await made("production")), ...(await made("player"))];
  scripts = output.filter((file) => file.type === "chunk");
  styles = output
    .filter((file) => file.type === "asset" && file.fileName.endsWith(".css"))
    .map((file) => String((file as Rolldown.OutputAsset).source))
    .join("\n");
}, 120_000);

async function made(mode: string): Promise<Rolldown.RolldownOutput["output"]> {
  const root = `${import.meta.dirname}/..`;
  const { output } = (await build({
    root,
    mode,
    logLevel: "error",
    build: { write: false },
  })) as Rolldown.RolldownOutput;
  return output;
}

describe("the browsers that are supported", () => {
  it("are Telegram's own floor, as package.json has it", () => {
    expect(Object.fromEntries(floor)).toEqual({
      chrome: 90,
      chrome_android: 90,
      webview_android: 90,
      edge: 90,
      firefox: 100,
      firefox_android: 100,
      safari: 15,
      safari_ios: 15,
    });
  });
});

describe("a script as it is built", () => {
  it("can be parsed by every supported browser", () => {
    expect(scripts.length).toBeGreaterThan(5);
    for (const { code, fileName } of scripts) {
      expect(() => parse(code, { ecmaVersion: 2022, sourceType: "module" }), fileName).not.toThrow();
      const newer = newerSyntax(code);
      expect(newer, `${fileName} has syntax that some supported browser cannot parse`).toEqual([]);
    }
  });

  it("would be seen if it could not", () => {
    for (const code of [
      "class A { static { a() } }",
      "class A { #b; c(d) { return #b in d } }",
      "a = /(?<=b)c/",
      "a = /(?<!b)c/u",
      "a = /[b--c]/v",
    ]) {
      expect(newerSyntax(code), code).toHaveLength(1);
    }
  });
});

describe("the styles as they are built", () => {
  it("are understood by every supported browser, or only make it prettier", () => {
    expect(styles.length).toBeGreaterThan(10_000);
    expect(newerStyles(styles).filter((name) => !DECORATION.has(name))).toEqual([]);
  });

  it.each([
    ["a { width: 1dvh }", "dvh"],
    ["a { width: calc(3 * 2.5cqw) }", "cqw"],
    ["a { --b: color-mix(in srgb, var(--c) 40%, red) }", "color-mix()"],
    ["a { color: oklch(40% 0.2 30) }", "oklch()"],
    ["a:has(b) { color: red }", ":has"],
    ["@container (width > 1px) { a { color: red } }", "@container"],
    ["@layer b { a { color: red } }", "@layer"],
    ["a { b & { color: red } }", "nesting"],
    ["a { translate: 1px }", "translate"],
    ["a { overflow: clip }", "overflow: clip"],
    ["@property --a { syntax: '*'; inherits: false }", "@property"],
    ["a { accent-color: red }", "accent-color"],
  ])("would be seen in %s", (css, name) => {
    expect(newerStyles(css)).toContain(name);
    expect(newerStyles(`@supports (a: b) { ${css} }`)).not.toContain(name);
  });
});

describe("what is newer than some supported browser", () => {
  const names = () => newerThanSupported().map(({ path, member }) => [...path, member].join("."));

  it.each([
    "AbortSignal.any",
    "AbortSignal.timeout",
    "Array.at",
    "structuredClone",
    "Intl.Segmenter",
    "BroadcastChannel",
  ])("has %s in it", (name) => {
    expect(names()).toContain(name);
  });

  it.each([
    "fetch",
    "AbortController",
    "Array.flatMap",
    "ResizeObserver",
    "String.replaceAll",
    "Element.animate",
  ])("has not %s in it", (name) => {
    expect(names()).not.toContain(name);
  });

  it("is told apart from what is static", () => {
    const [json] = newerThanSupported().filter(
      ({ path, member }) => path[0] === "Response" && member === "json",
    );
    expect(json).toMatchObject({ on: "itself" });
  });

  it("can be taken away", () => {
    class Old {
      static any = true;
      at(): boolean {
        return true;
      }
    }
    Object.assign(globalThis, { Old });
    takeAway([
      { path: ["Old"], member: "at", on: "both" },
      { path: ["Old"], member: "any", on: "both" },
      { path: ["NoSuchThing"], member: "at", on: "both" },
    ]);
    expect([...("at" in Old.prototype ? ["at"] : []), ...("any" in Old ? ["any"] : [])]).toEqual([]);
    takeAway([{ path: [], member: "Old", on: "both" }]);
    expect("Old" in globalThis).toBe(false);
  });
});

/** Syntax that MDN's data say some supported browser lacks. The build lowers most of it, and no regular expression. */
const SYNTAX: readonly { path: readonly string[]; is: (node: Node) => boolean }[] = [
  { path: ["classes", "static", "initialization_blocks"], is: (node) => node.type === "StaticBlock" },
  {
    path: ["classes", "private_class_fields_in"],
    is: (node) => (node.left as Node | undefined)?.type === "PrivateIdentifier",
  },
  {
    path: ["regular_expressions", "lookbehind_assertion"],
    is: (node) => /\(\?<[=!]/.test(node.regex?.pattern ?? ""),
  },
  { path: ["builtins", "RegExp", "unicodeSets"], is: (node) => node.regex?.flags.includes("v") === true },
];

interface Node {
  type: string;
  regex?: { pattern: string; flags: string };
  [part: string]: unknown;
}

function newerSyntax(code: string): string[] {
  const looked = SYNTAX.filter(({ path }) => {
    const compat = feature("javascript", ...path)?.__compat;
    if (compat === undefined) throw new Error(`MDN's data have no ${path.join(".")}`);
    return isNewer(compat);
  });
  const found = new Set<string>();
  const walk = (node: unknown) => {
    if (typeof node !== "object" || node === null) return;
    for (const { path, is } of looked) if (is(node as Node)) found.add(path.join("."));
    for (const part of Object.values(node)) walk(part);
  };
  walk(parse(code, { ecmaVersion: "latest", sourceType: "module" }));
  return [...found];
}
