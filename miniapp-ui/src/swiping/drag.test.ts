/** The geometry of a card under a finger, for every way that a finger can go. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type Direction, type Point, pullOf, speedOf, thrownTo } from "./drag";

const SIDES: readonly Direction[] = ["left", "right"];
const ALL: readonly Direction[] = ["left", "right", "up"];
const still: Point = { x: 0, y: 0 };

const size = fc.record({
  width: fc.integer({ min: 120, max: 900 }),
  height: fc.integer({ min: 160, max: 1200 }),
});
const point = fc.record({
  x: fc.integer({ min: -1500, max: 1500 }),
  y: fc.integer({ min: -1500, max: 1500 }),
});
const speed = fc.record({
  x: fc.double({ min: -6, max: 6, noNaN: true }),
  y: fc.double({ min: -6, max: 6, noNaN: true }),
});
const mirrored = ({ x, y }: Point): Point => ({ x: -x, y });
const other = (way: Direction | null) => (way === "left" ? "right" : way === "right" ? "left" : way);

describe("how far a card is pulled", () => {
  it("is between nothing and the point of no return, and nothing exactly where it lies", () => {
    fc.assert(
      fc.property(point, size, (at, card) => {
        const { towards, progress } = pullOf(at, card, ALL);
        expect(progress).toBeGreaterThanOrEqual(0);
        expect(progress).toBeLessThanOrEqual(1);
        expect(towards === null).toBe(progress === 0);
      }),
    );
    expect(pullOf(still, { width: 300, height: 450 }, ALL)).toEqual({ towards: null, progress: 0 });
  });

  it("is the same for both hands", () => {
    fc.assert(
      fc.property(point, size, (at, card) => {
        const [one, two] = [pullOf(at, card, ALL), pullOf(mirrored(at), card, ALL)];
        expect(two).toEqual({ ...one, towards: other(one.towards) });
      }),
    );
  });

  it("never shrinks while the finger goes on", () => {
    fc.assert(
      fc.property(point, size, fc.double({ min: 1, max: 3, noNaN: true }), (at, card, further) => {
        const on = { x: at.x * further, y: at.y * further };
        expect(pullOf(on, card, ALL).progress).toBeGreaterThanOrEqual(pullOf(at, card, ALL).progress);
      }),
    );
  });

  it("is upwards only where that is offered, and where the finger goes rather up than aside", () => {
    fc.assert(
      fc.property(point, size, (at, card) => {
        expect(pullOf(at, card, SIDES).towards).not.toBe("up");
        const isUp = pullOf(at, card, ALL).towards === "up";
        expect(isUp).toBe(-at.y > Math.abs(at.x));
      }),
    );
  });
});

describe("a card that is let go", () => {
  it("goes only where it was pulled, and only to what is offered", () => {
    fc.assert(
      fc.property(point, speed, size, (at, fast, card) => {
        for (const offered of [SIDES, ALL, []]) {
          const to = thrownTo(at, fast, card, offered);
          if (to === null) continue;
          expect(offered).toContain(to);
          expect(to).toBe(pullOf(at, card, offered).towards);
        }
      }),
    );
  });

  it("goes beyond the point of no return, however slow, and stays before it when nobody throws it", () => {
    fc.assert(
      fc.property(point, size, (at, card) => {
        const { towards, progress } = pullOf(at, card, ALL);
        expect(thrownTo(at, still, card, ALL)).toBe(progress >= 1 ? towards : null);
      }),
    );
  });

  it("goes on a flick, and stays where it is flung back", () => {
    const card = { width: 358, height: 600 };
    expect(thrownTo({ x: 40, y: 3 }, { x: 0.9, y: 0 }, card, SIDES)).toBe("right");
    expect(thrownTo({ x: -40, y: 3 }, { x: -0.9, y: 0 }, card, SIDES)).toBe("left");
    expect(thrownTo({ x: 3, y: -60 }, { x: 0, y: -1.2 }, card, ALL)).toBe("up");
    expect(thrownTo({ x: 3, y: -60 }, { x: 0, y: -1.2 }, card, SIDES), "up is not offered").toBe(null);
    expect(thrownTo({ x: 12, y: 0 }, { x: 0.9, y: 0 }, card, SIDES), "a hand that trembles").toBe(null);
    expect(thrownTo({ x: 200, y: 0 }, { x: -1, y: 0 }, card, SIDES), "a hand that thinks better of it").toBe(
      null,
    );
  });

  it("does the same for both hands", () => {
    fc.assert(
      fc.property(point, speed, size, (at, fast, card) => {
        const one = thrownTo(at, fast, card, ALL);
        expect(thrownTo(mirrored(at), mirrored(fast), card, ALL)).toBe(other(one));
      }),
    );
  });
});

describe("how fast a finger is", () => {
  it("is what it was on the last bit of its way", () => {
    fc.assert(
      fc.property(speed, fc.integer({ min: 3, max: 40 }), (fast, count) => {
        const samples = Array.from({ length: count }, (_, index) => {
          const time = index * 8;
          return { x: fast.x * time, y: fast.y * time, time };
        });
        const found = speedOf(samples, (count - 1) * 8);
        expect(found.x).toBeCloseTo(fast.x, 6);
        expect(found.y).toBeCloseTo(fast.y, 6);
      }),
    );
  });

  it("is nothing after a rest, and nothing without a way", () => {
    const samples = [
      { x: 0, y: 0, time: 0 },
      { x: 100, y: 0, time: 50 },
    ];
    expect(speedOf(samples, 60).x).toBe(2);
    expect(speedOf(samples, 200)).toEqual(still);
    expect(speedOf([], 0)).toEqual(still);
    expect(speedOf([{ x: 5, y: 5, time: 3 }], 3)).toEqual(still);
    expect(
      speedOf(
        [
          { x: 5, y: 5, time: 3 },
          { x: 9, y: 5, time: 3 },
        ],
        3,
      ),
      "at one moment",
    ).toEqual(still);
  });
});
