/** How cards move when nobody holds them: as the hand left them, and always to the end. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Direction, Point } from "./drag";
import { flight, spring } from "./throwing";

const field = { page: 390, left: 16, width: 358, height: 600 };
const still: Point = { x: 0, y: 0 };

const number = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
const fields = fc.record({
  page: fc.integer({ min: 320, max: 1400 }),
  left: fc.integer({ min: 0, max: 300 }),
  width: fc.integer({ min: 120, max: 700 }),
  height: fc.integer({ min: 160, max: 1100 }),
});
const place = fc.record({ x: number(400), y: number(400) });
const speed = fc.record({ x: number(6), y: number(6) });
const direction = fc.constantFrom<Direction>("left", "right", "up");

/** The curve's ordinates: how fast it begins, and that it ends where it should. */
function curve(easing: string): number[] {
  const numbers = /^cubic-bezier\((.*)\)$/.exec(easing)?.[1]?.split(",").map(Number) ?? [];
  expect(numbers).toHaveLength(4);
  return numbers;
}

describe("a flight", () => {
  it("begins where the card is and ends out of sight", () => {
    fc.assert(
      fc.property(direction, place, speed, fields, (towards, at, fast, over) => {
        const { path } = flight(towards, at, fast, over);
        const end = path[path.length - 1];
        expect(path[0]).toEqual(at);
        if (end === undefined) throw new Error("a flight has an end");
        if (towards === "right") expect(over.left + end.x).toBeGreaterThanOrEqual(over.page);
        else if (towards === "left") expect(over.left + end.x + over.width).toBeLessThanOrEqual(0);
        else expect(end.y + over.height).toBeLessThanOrEqual(0);
      }),
    );
  });

  it("is neither too quick to be seen nor too slow to wait for", () => {
    fc.assert(
      fc.property(direction, place, speed, fields, (towards, at, fast, over) => {
        const { duration, easing } = flight(towards, at, fast, over);
        expect(duration).toBeGreaterThanOrEqual(170);
        expect(duration).toBeLessThanOrEqual(420);
        const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = curve(easing);
        expect([x1, x2], "time runs evenly").toEqual([0.333, 0.667]);
        // What CSS lets overshoot would come back into sight.
        expect(Math.min(y1, y2)).toBeGreaterThanOrEqual(0);
        expect(Math.max(y1, y2)).toBeLessThanOrEqual(1.001);
      }),
    );
  });

  it("begins at the speed of the hand", () => {
    for (const x of [0.2, 0.6, 1.1, 1.9]) {
      const at = { x: 120, y: 10 };
      const { path, duration, easing } = flight("right", at, { x, y: 0 }, field);
      const [, y1 = 0] = curve(easing);
      const way = (path[1]?.x ?? 0) - at.x;
      expect((y1 * 3 * way) / duration, `${x} px/ms`).toBeCloseTo(x, 1);
    }
  });

  it("takes less time the faster it is thrown", () => {
    const times = [0.4, 1, 2, 4].map((x) => flight("right", { x: 100, y: 0 }, { x, y: 0 }, field).duration);
    expect([...times].sort((one, two) => two - one)).toEqual(times);
  });
});

describe("a spring", () => {
  it("begins where the card is, at its speed, and ends where it lies", () => {
    fc.assert(
      fc.property(place, speed, (from, fast) => {
        const { path, duration } = spring(from, fast);
        expect(path[0]?.x).toBeCloseTo(from.x, 6);
        expect(path[0]?.y).toBeCloseTo(from.y, 6);
        expect(path[path.length - 1]).toEqual(still);
        expect(duration).toBeLessThanOrEqual(800);
        // The last step is no jump.
        const before = path[path.length - 2] ?? still;
        expect(Math.hypot(before.x, before.y)).toBeLessThan(3);
      }),
    );
  });

  it("swings over a little, and not far", () => {
    fc.assert(
      fc.property(fc.double({ min: 20, max: 400, noNaN: true }), (x) => {
        const { path } = spring({ x, y: 0 }, still);
        const least = Math.min(...path.map((point) => point.x));
        expect(least).toBeLessThan(0);
        expect(least).toBeGreaterThan(-x * 0.12);
      }),
    );
  });

  it("goes on the way of the hand first", () => {
    const { path } = spring({ x: 50, y: 0 }, { x: 1.5, y: 0 });
    expect(path[1]?.x).toBeGreaterThan(50);
  });

  it("lies still where nothing moves it", () => {
    expect(spring(still, still).path.every(({ x, y }) => x === 0 && y === 0)).toBe(true);
  });
});
