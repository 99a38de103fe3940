/** How the source may hang together: what the imports show, and what a reader can hold. */
import { describe, expect, it } from "vitest";

import { files, imports, isTest, reachable, text } from "./testing/source";

/** A file longer than this has a second subject. */
const LONGEST = 400;
/** What the synchronisation of a room may be built from: it serves every activity and knows none. */
const BELOW_SYNC = ["sync/", "net/", "generated/"];
/** Where everything that reaches a phone, or makes the page, begins. */
const ENTRANCES = [
  "app/main.tsx",
  "player/main.ts",
  "startup/plugin.ts",
  "startup/compressed.ts",
  "text/plugin.ts",
];

const graph = new Map(files.map((file) => [file, imports(file)]));
const next = (file: string) => graph.get(file) ?? [];

describe("the source", () => {
  it("has no circle of files", () => {
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (file: string, path: string[]) => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
      if (done.has(file) || path.includes(file)) return;
      for (const one of next(file)) walk(one, [...path, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(circles).toEqual([]);
  });

  it("synchronises rooms without a word of what people do in them", () => {
    const sync = files.filter((file) => file.startsWith("sync/") && !isTest(file));
    expect(sync.length, "there is something to look at").toBeGreaterThan(3);
    const above = sync.flatMap((file) =>
      next(file)
        .filter((imported) => !BELOW_SYNC.some((folder) => imported.startsWith(folder)))
        .map((imported) => `${file} → ${imported}`),
    );
    expect(above).toEqual([]);
    const words = /[Ss]wip|\b([Dd]eck|[Rr]ound|[Cc]ards?|picks?)\b|[Vv]erdict/;
    expect(sync.filter((file) => words.test(text(file)))).toEqual([]);
  });

  it("listens for what comes in every frame only where it is wanted", () => {
    // `onPointerMove` is one listener of the whole page, which walks through the tree with every move on any screen.
    const everywhere = files.filter(
      (file) => /\son(Pointer|Mouse|Touch)Move=/.test(text(file)) && !isTest(file),
    );
    expect(everywhere, "`on:pointermove` is a listener of its element").toEqual([]);
  });

  it("has letters as large as the person has set them", () => {
    const styles = files.filter((file) => file.endsWith(".css"));
    expect(styles.length).toBeGreaterThan(10);
    const fixed = styles.filter((file) => /font(-size)?:[^;]*\dpx/.test(text(file)));
    expect(fixed, "sizes of letters are in rem").toEqual([]);
  });

  it("says how a class looks by itself in one file: no screen changes because another one was opened", () => {
    const styled = new Map<string, Set<string>>();
    for (const file of files.filter((file) => file.endsWith(".css"))) {
      for (const [, selectors = ""] of text(file)
        .replaceAll(/\/\*.*?\*\//gs, "")
        .matchAll(/([^{}]+)\{/g)) {
        for (const selector of selectors.split(",")) {
          const alone = /^\s*\.([\w-]+)(::?[a-z-]+|\[[^\]]*\])*\s*$/.exec(selector)?.[1];
          if (alone !== undefined) styled.set(alone, (styled.get(alone) ?? new Set()).add(file));
        }
      }
    }
    expect(styled.size, "there is something to look at").toBeGreaterThan(100);
    const twice = [...styled].filter(([, where]) => where.size > 1);
    expect(twice.map(([name, where]) => `.${name} in ${[...where].join(" and ")}`)).toEqual([]);
  });

  it("has no file of code or styles too long to read at one sitting", () => {
    const read = files.filter(
      (file) => /\.(tsx?|css)$/.test(file) && !isTest(file) && !file.startsWith("generated/"),
    );
    expect(
      read.some((file) => file.endsWith(".css")),
      "styles are looked at",
    ).toBe(true);
    expect(read.filter((file) => text(file).split("\n").length > LONGEST + 1)).toEqual([]);
  });

  it("has no file that nobody uses", () => {
    const shipped = reachable(ENTRANCES, next);
    const product = files.filter((file) => !isTest(file) && !/\.d\.ts$|^startup\//.test(file));
    expect(
      product.filter((file) => !shipped.has(file)),
      "a test alone is no user",
    ).toEqual([]);
    const tested = reachable(
      files.filter((file) => /\.test\.tsx?$/.test(file)),
      next,
    );
    expect(files.filter((file) => file.startsWith("testing/") && !tested.has(file))).toEqual([]);
  });
});
