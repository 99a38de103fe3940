import { describe, expect, it } from "vitest";

import type { Player, PlayerState } from "./players/adapter";
import { Reports, TELL, TELL_LATER } from "./reports";
import type { Screen } from "./types";
import { TELL_SAME } from "./waiting";

const [ANNA, BORIS, VERA] = [1, 2, 3];
const screen = { rev: 4, playing: true, position_s: 60, rate: 1, at: 0 } as Screen;

/** Somebody's phone, whose film is so late. It tells the others what it has to, and when. */
function phone() {
  let late_s = 0;
  let buffering = false;
  let now = 0;
  const reports = new Reports(ANNA);
  const player = {
    capabilities: { rate: true, seek: true, live: false, ads: false, exact: true },
    state: () =>
      ({
        error: null,
        ad: false,
        buffering,
        paused: false,
        position_s: 60 + now / 1_000 - late_s,
        duration_s: 600,
      }) as PlayerState,
  } as unknown as Player;
  return {
    /** Lets the film run so long, and says when the others were told meanwhile. */
    runs(ms: number, change: { late_s?: number; buffering?: boolean; online?: number[] } = {}): number[] {
      late_s = change.late_s ?? late_s;
      buffering = change.buffering ?? buffering;
      const told: number[] = [];
      for (const end = now + ms; now < end; now += 50)
        if (reports.own(player, true, screen, change.online ?? [ANNA, BORIS], now) !== null) told.push(now);
      return told;
    },
  };
}

describe("what the others are told", () => {
  it("is now and then that the film goes on as before", () => {
    expect(phone().runs(TELL_SAME * 2 + 100)).toEqual([0, TELL_SAME, TELL_SAME * 2]);
  });

  it("is at once that it stopped, and soon that it runs later", () => {
    const anna = phone();
    anna.runs(10_000);
    expect(anna.runs(TELL, { buffering: true })).toEqual([10_000]);
    anna.runs(10_000, { buffering: false });
    const [first] = anna.runs(TELL_LATER, { late_s: 0.4 });
    expect(first, "it runs later").toBeLessThanOrEqual(20_500 + TELL_LATER);
  });

  it("is not that it runs a little later", () => {
    const anna = phone();
    anna.runs(5_000);
    expect(anna.runs(5_000, { late_s: 0.1 })).toEqual([]);
  });

  it("is everything when somebody comes", () => {
    const anna = phone();
    anna.runs(5_000);
    expect(anna.runs(5_000, { online: [ANNA, BORIS, VERA] })).toEqual([5_000]);
  });

  it("is said no more than twice a second", () => {
    const anna = phone();
    const told = [true, false, true, false].flatMap((buffering) => anna.runs(100, { buffering }));
    expect(told).toEqual([0]);
  });
});
