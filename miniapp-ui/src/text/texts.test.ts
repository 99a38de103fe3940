import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { FluentBundle, FluentResource } from "@fluent/bundle";
import { describe, expect, it } from "vitest";

const read = (language: string) =>
  readFileSync(new URL(`../../../locales/${language}/ui.ftl`, import.meta.url), "utf8");

function bundle(language: string): FluentBundle {
  const made = new FluentBundle(language, { useIsolating: false });
  const errors = made.addResource(new FluentResource(read(language)));
  expect(errors, `locales/${language}/ui.ftl says something twice`).toEqual([]);
  return made;
}

const keys = (language: string) =>
  [...read(language).matchAll(/^([a-z][\w-]*) =/gm)].map((match) => match[1] ?? "");

function sources(folder: URL): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.tsx?$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
}

describe("the texts", () => {
  it("have the same keys in every language", () => {
    expect(keys("ru")).toEqual(keys("en"));
  });

  it("have every key that the screens ask for", () => {
    const asked = sources(new URL("../", import.meta.url)).flatMap((source) =>
      [...source.matchAll(/\bt\(\s*"([\w-]+)"/g)].map((match) => match[1] ?? ""),
    );
    expect(asked.length).toBeGreaterThan(80);
    expect(asked.filter((key) => !keys("en").includes(key))).toEqual([]);
  });

  it("can be said with any count", () => {
    for (const language of ["en", "ru"]) {
      const made = bundle(language);
      for (const key of keys(language)) {
        for (const count of [0, 1, 2, 5, 21, 101]) {
          const errors: Error[] = [];
          const pattern = made.getMessage(key)?.value ?? "";
          const args = {
            count,
            of: 9,
            done: 1,
            swiped: 1,
            likes: count,
            name: "A",
            title: "B",
            room: "C",
            code: "D",
            hours: 1,
            minutes: 2,
            rating: "8",
            text: "E",
            query: "F",
            site: "Kinopoisk",
          };
          expect(made.formatPattern(pattern, args, errors)).not.toBe("");
          expect(errors, `${language}: ${key} with ${count}`).toEqual([]);
        }
      }
    }
  });

  it("count people in Russian as Russians do", () => {
    const made = bundle("ru");
    const people = (count: number) => made.formatPattern(made.getMessage("people")?.value ?? "", { count });
    expect([1, 2, 5, 11, 21, 22].map(people)).toEqual([
      "1 человек",
      "2 человека",
      "5 человек",
      "11 человек",
      "21 человек",
      "22 человека",
    ]);
  });
});
