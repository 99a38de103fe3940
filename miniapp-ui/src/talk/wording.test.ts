import { describe, expect, it } from "vitest";

import { MAX_LINKS, oneLine, onlyEmoji, pieces } from "./wording.ts";

const links = (text: string) =>
  pieces(text).flatMap((piece) => (piece.kind === "link" ? [[piece.text, piece.url]] : []));

describe("a text's links", () => {
  it("are what begins like one, without what ends the sentence", () => {
    expect(links("Смотри (https://kinopoisk.ru/film/1/), потом www.imdb.com!")).toEqual([
      ["https://kinopoisk.ru/film/1/", "https://kinopoisk.ru/film/1/"],
      ["www.imdb.com", "https://www.imdb.com/"],
    ]);
  });

  it("keep a bracket that they have opened themselves", () => {
    expect(links("https://en.wikipedia.org/wiki/Alien_(film)")[0]?.[0]).toBe(
      "https://en.wikipedia.org/wiki/Alien_(film)",
    );
  });

  it("are never a scheme that runs something, nor a name without a place", () => {
    expect(links("javascript:alert(1) tg://resolve http://localhost/")).toEqual([]);
  });

  it("leave every other character where it was", () => {
    const text = "a  https://b.example/c?d=e#f\n\ng";
    expect(
      pieces(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  });

  it("are bounded in number", () => {
    expect(links("https://a.example ".repeat(MAX_LINKS + 5))).toHaveLength(MAX_LINKS);
  });
});

describe("a text of nothing but emoji", () => {
  it("is told from one with words", () => {
    expect(["🔥", "❤️", "👍🏽 👨‍👩‍👧‍👦", "🇷🇺", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣"].map(onlyEmoji)).toEqual([1, 1, 2, 1, 1, 1]);
    expect(["", "a", "🔥!", "12", "🔥🔥🔥🔥"].map(onlyEmoji)).toEqual([0, 0, 0, 0, 0]);
  });
});

it("a preview is one line", () => {
  expect(oneLine("  one\n\ntwo   three ")).toBe("one two three");
});
