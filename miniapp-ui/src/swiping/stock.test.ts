/** Cards in advance: dealt where the server's are out, each once, and never those of another round. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Room } from "../generated/wire";
import { inMemory } from "../net/keep";
import { emptyRoom, film } from "../testing/rooms";
import { Stock } from "./stock";

const room = (change: Partial<Room> = {}): Room => emptyRoom({ phase: "swiping", deck_size: 20, ...change });
const films = (count: number) => Array.from({ length: count }, (_, number) => film(`f${number}`));
const ids = (titles: { id: string }[]) => titles.map(({ id }) => id);

function filled(count: number, keep = inMemory()) {
  const stock = new Stock(keep, 1, "7H3M00NS", "en");
  stock.fill({ epoch: 7, round: 1, items: films(count) });
  return { stock, keep };
}

describe("cards in advance", () => {
  it("come after the server's, where hardly one of those is left", () => {
    const { stock } = filled(5);
    const [first, second, third] = [film("s1"), film("s2"), film("s3")];
    expect(stock.after([first, second, third], room(), 3)).toEqual([first, second, third]);
    expect(stock.after([first, second], room(), 3), "there is one below").toEqual([first, second]);
    expect(ids(stock.after([film("f0")], room(), 3))).toEqual(["f0", "f1", "f2"]);
    expect(ids(stock.after([], room(), 3))).toEqual(["f0", "f1", "f2"]);
  });

  it("are there after a reload, without those that were swiped", () => {
    const { stock, keep } = filled(5);
    for (const id of ["f0", "f2"]) stock.took(room(), id);
    const again = new Stock(keep, 1, "7H3M00NS", "en");
    expect(ids(again.after([], room(), 3))).toEqual(["f1", "f3", "f4"]);
    again.putBack(room(), "f2");
    expect(ids(new Stock(keep, 1, "7H3M00NS", "en").after([], room(), 3))).toEqual(["f1", "f2", "f3"]);
  });

  it("do not come back when others come that were asked for before a swipe", () => {
    const { stock } = filled(5);
    stock.took(room(), "f0");
    stock.fill({ epoch: 7, round: 1, items: films(5) });
    expect(ids(stock.after([], room(), 3))).toEqual(["f1", "f2", "f3"]);
  });

  it.each([
    ["another round", room({ round: 2 })],
    ["another epoch", room({ epoch: 8 })],
    ["a deck that is through, whoever swiped it", room({ my_swipes: 20 })],
  ])("are not dealt in %s", (_, elsewhere) => {
    expect(filled(5).stock.after([], elsewhere, 3)).toEqual([]);
  });

  it("are no more than are left of the deck", () => {
    expect(ids(filled(5).stock.after([], room({ my_swipes: 19 }), 3))).toEqual(["f0"]);
  });

  it("are asked for while the deck has more than there are", () => {
    const { stock } = filled(12);
    expect(stock.isLow(room())).toBe(false);
    for (const { id } of films(4)) stock.took(room(), id);
    expect(stock.isLow(room({ my_swipes: 4 })), "eight of sixteen").toBe(true);
    expect(stock.isLow(room({ my_swipes: 12 })), "eight of eight").toBe(false);
    expect(stock.isLow(room({ phase: "finished" }))).toBe(false);
  });

  it("are nothing in another language", () => {
    const { keep } = filled(5);
    expect(new Stock(keep, 1, "7H3M00NS", "ru").after([], room(), 3)).toEqual([]);
    expect(new Stock(keep, 1, "7H3M00NS", "en").after([], room(), 3)).toHaveLength(3);
  });

  it("are what was kept, as far as that is cards", () => {
    for (const kept of [
      "",
      "{",
      "null",
      "[]",
      '{"language":"en","epoch":7,"round":1,"items":[null,1,{"id":"x"}]}',
    ]) {
      const keep = inMemory();
      keep.set("sovpalo.ahead.1.7H3M00NS", kept);
      keep.set("sovpalo.gone.1.7H3M00NS", kept);
      expect(new Stock(keep, 1, "7H3M00NS", "en").after([], room(), 3)).toEqual([]);
    }
  });

  it("are each dealt once, whatever is swiped, taken back and loaded again", () => {
    const step = fc.oneof(fc.constant("swipe"), fc.constant("undo"), fc.constant("reload"));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { keep } = filled(20);
        let stock = new Stock(keep, 1, "7H3M00NS", "en");
        const swiped: string[] = [];
        for (const what of steps) {
          const now = room({ my_swipes: swiped.length });
          const [top] = stock.after([], now, 3);
          if (what === "swipe" && top !== undefined) {
            expect(swiped).not.toContain(top.id);
            stock.took(now, top.id);
            swiped.push(top.id);
          }
          const last = what === "undo" ? swiped.pop() : undefined;
          if (last !== undefined) stock.putBack(now, last);
          if (what === "reload") stock = new Stock(keep, 1, "7H3M00NS", "en");
        }
        const left = stock.after([], room({ my_swipes: swiped.length }), 20);
        expect([...swiped, ...ids(left)].sort()).toEqual(ids(films(20)).sort());
      }),
    );
  });
});
