import { describe, expect, it } from "vitest";

import { MAX_LINES, linesOf } from "./lines";

const lines = (text: string) => linesOf(text).lines;

describe("a pasted text", () => {
  it("is a line for each title, however its lines end", () => {
    for (const end of ["\n", "\r\n", "\r", "\u2028", "\u2029", "\u0085", "\n\n \t\n", "\v"])
      expect(lines(`1. A${end}2. B${end}☑️ C${end}`), JSON.stringify(end)).toEqual(["1. A", "2. B", "☑️ C"]);
  });

  it("of one title is one line", () => {
    for (const text of ["Solaris", "Solaris\n", " \n Solaris (1972) \r\n"])
      expect(lines(text)).toHaveLength(1);
  });

  it("is not cut at commas and semicolons", () => {
    expect(lines("The Good, the Bad; and the Ugly")).toHaveLength(1);
  });

  it("with its numbers on one line is cut before each of them", () => {
    expect(lines("1. Solaris 2. Stalker 3. Alien")).toEqual(["1. Solaris", "2. Stalker", "3. Alien"]);
    expect(lines("1) Брат, 2) Брат 2, 3) Сёстры")).toEqual(["1) Брат", "2) Брат 2", "3) Сёстры"]);
    expect(lines("1. A 2. B 3. C 4. D 5. E 6. F 7. G 8. H 9. I 10. J 11. K")).toHaveLength(11);
  });

  it("is not cut at the numbers of a name", () => {
    for (const text of [
      "1. Part 2. The return",
      "12 Angry Men",
      "2. B 3. C 4. D",
      "Kill Bill Vol. 1. Vol. 2. Vol. 3.",
    ])
      expect(lines(text), text).toEqual([text]);
  });

  it("without anything to see has no lines", () => {
    for (const text of ["", "\n", " \u200B\n\u2060 "]) expect(lines(text)).toEqual([]);
  });

  it("is read to its bound, and the rest is counted", () => {
    const long = Array.from({ length: MAX_LINES + 7 }, (_, line) => `Film ${line}`).join("\n");
    expect(linesOf(long)).toMatchObject({ unread: 7 });
    expect(lines(long)).toHaveLength(MAX_LINES);
  });
});
