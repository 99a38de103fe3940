import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { TitleFilter } from "../generated/wire";
import { DECADES, decades, listed, tidy, toggled, withDecade } from "./filter";

const decade = fc.constantFrom(...DECADES);
const taps = (...all: number[]) => all.reduce<TitleFilter>(withDecade, {});

describe("the decades of a filter", () => {
  it("begin with one, and grow to the one that is tapped", () => {
    expect(taps(1990)).toEqual({ from_year: 1990, to_year: 1999 });
    expect(taps(1990, 1970)).toEqual({ from_year: 1970, to_year: 1999 });
    expect(taps(1970, 1990, 1980), "one in the middle stays alone").toEqual({
      from_year: 1980,
      to_year: 1989,
    });
    expect(taps(1970, 1990, 1970), "the first one goes").toEqual({ from_year: 1980, to_year: 1999 });
    expect(taps(1970, 1990, 1990), "the last one goes").toEqual({ from_year: 1970, to_year: 1989 });
    expect(taps(1990, 1990)).toEqual({});
  });

  it("reach back for ever, and on into the future", () => {
    expect(taps(1950)).toEqual({ to_year: 1959 });
    expect(taps(2020)).toEqual({ from_year: 2020 });
    expect(taps(1950, 2020), "all of them are no filter").toEqual({});
  });

  it("always are one range of decades that are offered", () => {
    fc.assert(
      fc.property(fc.array(decade, { maxLength: 12 }), (all) => {
        const filter = taps(...all);
        const range = decades(filter);
        if (range === null) {
          expect(filter).toEqual({});
          return;
        }
        expect(DECADES).toContain(range.first);
        expect(DECADES).toContain(range.last);
        expect(range.first).toBeLessThanOrEqual(range.last);
        expect(filter.from_year ?? 0).toBeLessThanOrEqual(filter.to_year ?? 9999);
      }),
    );
  });

  it("of a filter that was made elsewhere are the ones that it touches", () => {
    expect(decades({ from_year: 1888, to_year: 1964 })).toEqual({ first: 1950, last: 1960 });
    expect(decades({ to_year: 2100 })).toEqual({ first: 1950, last: 2020 });
  });
});

describe("lists in a filter", () => {
  it("have an item or not, whatever was tapped before", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "b", "c")), fc.constantFrom("a", "b", "c"), (taps, item) => {
        const list = taps.reduce<string | undefined>(toggled, undefined);
        const next = toggled(list, item);
        expect(listed(next).includes(item)).toBe(!listed(list).includes(item));
        expect(listed(toggled(next, item)).sort()).toEqual(listed(list).sort());
        expect(next).not.toBe("");
      }),
    );
  });

  it("leave nothing behind that does not narrow", () => {
    expect(tidy({ genre: undefined, family: false, q: "", kind: "film" })).toEqual({ kind: "film" });
  });
});
