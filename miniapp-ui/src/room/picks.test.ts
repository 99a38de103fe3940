import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Asked } from "../sync/frames";
import { FakeRoom } from "../testing/fakeRoom";
import { phoneIn as phone } from "../testing/phone";
import { film } from "../testing/rooms";

const soon = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("picks", () => {
  it("typed by hand get the server's id when it answers", async () => {
    const server = new FakeRoom([]);
    const { live, view } = phone(server);
    live.pick({ text: "Solaris" });
    expect(view().room.my_picks.map((pick) => pick.name)).toEqual(["Solaris"]);
    await soon();
    expect(view().room.my_picks.map((pick) => pick.id)).toEqual(["xserver"]);
    expect(view().pending).toBe(0);
  });

  describe("typed by hand that the catalogue has", () => {
    const matrix = { ...film("c30"), name: "Матрица", original_name: "The Matrix" };
    /** A connected phone whose commands wait until they are let through. */
    async function slow(name = "The Matrix") {
      const server = new FakeRoom([]);
      server.catalogue.set("The Matrix", matrix).set(name, matrix);
      const one = phone(server);
      await soon();
      const held: Asked[] = [];
      const { wire } = server;
      const send = wire?.send.bind(wire);
      if (wire) wire.send = (asked) => held.push(asked);
      return {
        ...one,
        server,
        through: () => {
          const next = held.shift();
          if (next !== undefined) send?.(next);
          return soon();
        },
      };
    }

    it("become its title and are there once at any time", async () => {
      const { live, view, seen, through } = await slow();
      live.pick({ text: "The Matrix" });
      await through();
      expect(seen.picks).toEqual(["", "typed:the matrix", "c30"]);
      expect(view().room.members[0]?.picks).toBe(1);
    });

    it("are not shown twice if the title is there already", async () => {
      const { live, seen, through, server } = await slow();
      live.pick(matrix);
      await through();
      live.pick({ text: "matrix, the" });
      server.catalogue.set("matrix, the", matrix);
      live.pick({ text: "The Matrix (1999)" });
      server.catalogue.set("The Matrix (1999)", matrix);
      await through();
      await through();
      expect(seen.picks.at(-1)).toBe("c30");
      expect(seen.picks, "one in the same letters is known before the server says so").not.toContain(
        "c30,typed:the matrix (1999)",
      );
    });

    it.each(["The Matrix", "Le Matriçe"])(
      "can be taken away before the server has answered (%s)",
      async (name) => {
        const { live, view, seen, through } = await slow(name);
        live.pick({ text: name });
        const [typed] = view().room.my_picks;
        if (typed) live.unpick(typed);
        expect(view().room.my_picks).toEqual([]);
        await through();
        await through();
        expect(seen.picks, "it does not come back for a moment under its other name").toEqual([
          "",
          `typed:${name.toLowerCase()}`,
          "",
        ]);
        expect(view().pending).toBe(0);
      },
    );

    it("and taken away while there was no connection are gone, whatever the server had done", async () => {
      const { live, view, server } = await slow();
      server.loss = () => "after";
      live.pick({ text: "The Matrix" });
      const [typed] = view().room.my_picks;
      server.loss = () => "none";
      server.close(1006);
      if (typed) live.unpick(typed);
      await vi.advanceTimersByTimeAsync(3_000);
      expect(view().room.my_picks).toEqual([]);
      expect(server.room.my_picks).toEqual([]);
    });
  });

  it("that are refused disappear again", async () => {
    const server = new FakeRoom([]);
    server.room.picks_per_member = 0;
    const { live, view, seen } = phone(server);
    await soon();
    live.pick(film("a"));
    await soon();
    expect(view().room.my_picks).toEqual([]);
    expect(seen.refused).toHaveLength(1);
  });
});
