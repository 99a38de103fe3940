import { describe, expect, it } from "vitest";

import { typedTitle } from "../net/api";
import { isNameOf } from "./spelling";

const solaris = {
  ...typedTitle("Солярис"),
  id: "c123",
  kind: "film" as const,
  original_name: "Solaris",
  year: 1972,
};

describe("a typed name", () => {
  it.each([
    "Солярис",
    "«солярис»",
    "СОЛЯРИС.",
    "1. Солярис",
    "Солярис (1972)",
    "Солярис, 1972",
    "solaris 1972",
    "Ｓolaris",
  ])("%s is the title's in any spelling", (text) => {
    expect(isNameOf(text, solaris)).toBe(true);
  });

  it.each(["Солярис (2002)", "Солярис 2", "Соляри", "", "!"])("%s is another's", (text) => {
    expect(isNameOf(text, solaris)).toBe(false);
  });

  it("of signs alone is what it is", () => {
    expect(isNameOf("...", typedTitle("…"))).toBe(true);
    expect(isNameOf("!", typedTitle("?"))).toBe(false);
  });

  it("with a number that could be a year is also that number's", () => {
    const reply = { ...typedTitle("Reply 1988"), id: "c1129", kind: "series" as const, year: 2015 };
    expect(isNameOf("reply 1988", reply)).toBe(true);
  });
});
