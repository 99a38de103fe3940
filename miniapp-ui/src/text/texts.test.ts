import { readFileSync } from "node:fs";

import { FluentBundle, FluentResource } from "@fluent/bundle";
import { afterEach, describe, expect, it, vi } from "vitest";

import { files, isTest, needs, reachable, text } from "../testing/source";
import { speak, speakOfAll, t } from "./texts";

const file = (language: string, name: string) =>
  readFileSync(new URL(`../../../locales/${language}/${name}.ftl`, import.meta.url), "utf8");
/** All that the screens say, as it is said together. */
const read = (language: string) => file(language, "ui") + file(language, "screens");

function bundle(language: string): FluentBundle {
  const made = new FluentBundle(language, { useIsolating: false });
  const errors = made.addResource(new FluentResource(read(language)));
  expect(errors, `locales/${language} says something twice`).toEqual([]);
  return made;
}

const keysOf = (source: string) => [...source.matchAll(/^([a-z][\w-]*) =/gm)].map((match) => match[1] ?? "");
const keys = (language: string) => keysOf(read(language));

/** What a file says by name. */
const asked = (file: string) =>
  [...text(file).matchAll(/\bt\(\s*"([\w-]+)"/g)].map((match) => match[1] ?? "");

describe("the texts", () => {
  it("have the same keys in every language", () => {
    expect(keys("ru")).toEqual(keys("en"));
  });

  it("have every key that the screens ask for", () => {
    const all = files.filter((file) => !isTest(file)).flatMap(asked);
    expect(all.length).toBeGreaterThan(80);
    expect(all.filter((key) => !keys("en").includes(key))).toEqual([]);
  });

  it("that the first screens ask for are among the first, and no more than those", () => {
    const first = [...reachable(["app/main.tsx"], needs)].filter((file) => !isTest(file));
    expect(first, "the first card is there").toContain("swiping/Swipe.tsx");
    expect(first, "what is fetched on demand is not").not.toContain("lobby/Lobby.tsx");
    const here = keysOf(file("en", "ui"));
    const named = first.flatMap(asked);
    expect(named.filter((key) => !here.includes(key))).toEqual([]);
    const composed = /^(refused|genre)-/;
    expect(here.filter((key) => !named.includes(key) && !composed.test(key))).toEqual([]);
  });

  it("of a room's history have the same keys in every language, and every key that it asks for by name", () => {
    const [en, ru] = [keysOf(file("en", "evenings")), keysOf(file("ru", "evenings"))];
    expect(ru).toEqual(en);
    const named = files
      .filter((file) => file.startsWith("history/") && !isTest(file))
      .flatMap((file) => [...text(file).matchAll(/\bword\(\s*"(evenings-[\w-]+)"/g)])
      .map((match) => match[1] ?? "");
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((key) => !en.includes(key))).toEqual([]);
  });

  it("of the talk have the same keys in every language, and every key that it asks for by name", () => {
    const [en, ru] = [keysOf(file("en", "talk")), keysOf(file("ru", "talk"))];
    expect(ru).toEqual(en);
    const named = files
      .filter((file) => file.startsWith("talk/") && !isTest(file))
      .flatMap((file) => [...text(file).matchAll(/\bword\(\s*"(talk-[\w-]+)"/g)])
      .map((match) => match[1] ?? "");
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((key) => !en.includes(key))).toEqual([]);
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
            capacity: 100,
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
            time: "1:05",
            state: "here",
            others: count,
            names: "G",
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

describe("speaking", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("ends in the language that was wished for last, with the words of all screens once those are wanted", async () => {
    vi.stubGlobal("document", { documentElement: {} });
    await speak("en");
    expect(t("retry")).toBe("Try again");
    expect(t("cancel"), "a word that the first screens do not need").toBe("cancel");
    await Promise.all([speakOfAll(), speak("ru"), speak("en"), speak("ru")]);
    expect([t("retry"), t("cancel")]).toEqual(["Попробовать снова", "Отмена"]);
    await speak("en");
    expect([t("retry"), t("cancel")]).toEqual(["Try again", "Cancel"]);
  });
});
