import { describe, expect, it } from "vitest";

import { regionOf, trailerSearch, whereToWatch } from "./offers";

const dune = { id: "dune", name: "Dune & friends", year: 2021 };
const query = (name: string) => `${name} trailer`;

describe("a title that matched", () => {
  it("has its trailer looked for by name and year", () => {
    expect(trailerSearch(dune, query)).toBe(
      "https://www.youtube.com/results?search_query=Dune%20%26%20friends%202021%20trailer",
    );
    expect(trailerSearch({ ...dune, year: null }, query)).toContain("friends%20trailer");
  });

  it.each([
    ["en", null, "https://www.justwatch.com/us/search?q=Dune%20%26%20friends"],
    ["en", "gb", "https://www.justwatch.com/uk/search?q=Dune%20%26%20friends"],
    ["en", "DE", "https://www.justwatch.com/us/search?q=Dune%20%26%20friends"],
    ["ru", "GB", "https://www.kinopoisk.ru/index.php?kp_query=Dune%20%26%20friends"],
  ] as const)("is looked for in %s and %s", (language, region, found) => {
    expect(whereToWatch(dune, language, region)).toBe(found);
  });
});

describe("a country", () => {
  it.each([
    ["en-GB", "GB"],
    ["en_us", "US"],
    ["zh-Hant-TW", "TW"],
    ["en", null],
    ["en-001", null],
    ["", null],
  ])("of %s is %s", (locale, region) => {
    expect(regionOf(locale)).toBe(region);
  });
});
