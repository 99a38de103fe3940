import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { MOST_TIME_LEFT, announced, asClock, laterBy, secondsLeft, untilNext } from "./countdown";

const END = 1_790_000_000_000;

describe("a countdown", () => {
  it("shows whole seconds, and zero when the round is over and not before", () => {
    const figures = [60_000, 59_001, 59_000, 1, 0, -5].map((left) => secondsLeft(END, END - left));
    expect(figures).toEqual([60, 60, 59, 1, 0, 0]);
    expect([725, 60, 9, 0].map(asClock)).toEqual(["12:05", "1:00", "0:09", "0:00"]);
  });

  it("changes its figure exactly when it is looked at again", () => {
    fc.assert(
      fc.property(fc.integer({ min: -5_000, max: 3_600_000 }), (left) => {
        const now = END - left;
        const pause = untilNext(END, now);
        if (pause === null) {
          expect(secondsLeft(END, now)).toBe(0);
          return;
        }
        expect(pause).toBeGreaterThan(0);
        expect(secondsLeft(END, now + pause)).toBe(secondsLeft(END, now) - 1);
        expect(secondsLeft(END, now + pause - 1)).toBe(secondsLeft(END, now));
      }),
    );
  });

  it("says aloud one minute, ten seconds and the end, each once, also where seconds are missed", () => {
    const said = (figures: number[]) => {
      const all: string[] = [];
      figures.forEach((seconds, place) => {
        const what = announced(figures[place - 1] ?? null, seconds);
        if (what !== null) all.push(what);
      });
      return all;
    };
    const down = Array.from({ length: 181 }, (_, passed) => 180 - passed);
    expect(said(down)).toEqual(["minute", "ten", "over"]);
    expect(said([90, 40, 38, 4, 0, 0])).toEqual(["minute", "ten", "over"]);
    expect(said([30]), "who comes late is told nothing old").toEqual([]);
    expect(said([8, 68, 60, 10]), "after more time it counts again").toEqual(["minute", "ten"]);
  });
});

describe("more time", () => {
  it("is so many minutes after the end that is there", () => {
    expect(laterBy(3, END, END - 5_000)).toBe(new Date(END + 180_000).toISOString());
  });

  it("is never further ahead than the server takes, and never after the end", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 3, 5),
        fc.integer({ min: -10_000, max: MOST_TIME_LEFT }),
        (minutes, left) => {
          const until = laterBy(minutes, END, END - left);
          const fits = left > 0 && left + minutes * 60_000 <= MOST_TIME_LEFT;
          expect(until !== null).toBe(fits);
        },
      ),
    );
  });
});
