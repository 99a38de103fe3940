import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { COOLDOWN, FAR, NEAR } from "./controller";
import type { Capabilities } from "./players/adapter";
import { positionAt } from "./position";
import { type Done, type Manners, type Rates, SimulatedPhone, type Trouble } from "./testing/simulatedPlayer";

const FILE: Capabilities = { rate: true, seek: true, live: false, ads: false, exact: true };
const YOUTUBE: Capabilities = { rate: true, seek: true, live: false, ads: true, exact: false };
const MINUTE = 60_000;
/** So long after its first seek a phone has learned from it, and has put right what was late, in ms. */
const LEARNS = 5_000;
/** So far apart stalls begin, and so long after each the film is back in its place, in ms. */
const APART = 30_000;
const BACK = 12_000;
/** Of stories that last for minutes, fewer: a busy machine takes its time for them. */
const FEWER = { numRuns: 40 };
/** Says that it runs faster, and does not. */
const liar: Manners = {
  ...{ play: 0, seek: 100, seekJitter: 41, jitter: 11, coarse: 251, rates: "ignored", saysSeeking: false },
  ...{ capabilities: YOUTUBE, duration_s: null },
};

/** Takes a second for a seek, and no other speed. */
const slow: Manners = {
  ...{ play: 191, seek: 907, seekJitter: 95, jitter: 12, coarse: 211, rates: "any", saysSeeking: false },
  ...{ capabilities: { ...YOUTUBE, rate: false }, duration_s: null },
};

/** Says where it goes while it seeks, and takes no other speed. */
const seeking: Manners = {
  ...{ play: 0, seek: 304, seekJitter: 47, jitter: 0, coarse: 251, rates: "any", saysSeeking: true },
  ...{ capabilities: { ...YOUTUBE, rate: false }, duration_s: null },
};

const exact: Manners = {
  play: 80,
  seek: 250,
  seekJitter: 50,
  jitter: 10,
  coarse: 0,
  rates: "any",
  saysSeeking: true,
  capabilities: FILE,
  duration_s: null,
};

const exactPlayers = fc.record({
  play: fc.integer({ min: 0, max: 400 }),
  seek: fc.integer({ min: 20, max: 900 }),
  seekJitter: fc.integer({ min: 0, max: 200 }),
  jitter: fc.integer({ min: 0, max: 20 }),
  coarse: fc.constant(0),
  rates: fc.constant<Rates>("any"),
  saysSeeking: fc.boolean(),
  capabilities: fc.constant(FILE),
  duration_s: fc.constant<number | null>(null),
});

const coarsePlayers = fc.record({
  play: fc.integer({ min: 0, max: 600 }),
  seek: fc.integer({ min: 100, max: 1_500 }),
  seekJitter: fc.integer({ min: 0, max: 100 }),
  jitter: fc.integer({ min: 0, max: 20 }),
  coarse: fc.integer({ min: 200, max: 300 }),
  rates: fc.constantFrom<Rates>("any", "twentieths", "quarters", "ignored", "refused"),
  saysSeeking: fc.boolean(),
  capabilities: fc.boolean().map((rate) => ({ ...YOUTUBE, rate })),
  duration_s: fc.constant<number | null>(null),
});

const troubles = fc.array(
  fc.record({
    what: fc.constantFrom<Trouble["what"]>("stall", "ad"),
    at: fc.integer({ min: 0, max: 2 * MINUTE }),
    lasts: fc.integer({ min: 100, max: 8_000 }),
  }),
  { maxLength: 4 },
);

/** Numbers from 0 to 1 that look random and are the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 });
/** Where the film is when the phone comes: at its start, or far into it. */
const places = fc.constantFrom(0, 0.4, 3, 1_234.5);

function joins(manners: Manners, seed: number, place_s: number, trouble: readonly Trouble[] = []) {
  const phone = new SimulatedPhone(manners, randomFrom(seed), trouble);
  phone.says({ playing: true, position_s: place_s }, place_s === 0 ? 500 : 0);
  return phone;
}

const corrections = (done: readonly Done[]) =>
  done.filter(({ action }) => action.type === "seek" || action.type === "rate");

const worst = (phone: SimulatedPhone, from: number) =>
  Math.max(...phone.behind.filter(({ at }) => at >= from).map(({ s }) => Math.abs(s)));

describe("a phone that watches", () => {
  it("is within 100 ms after half a minute, and stays there, whatever an exact player is like", () => {
    fc.assert(
      fc.property(exactPlayers, seeds, places, (manners, seed, place_s) => {
        const phone = joins(manners, seed, place_s);
        phone.run(MINUTE + 30_000);
        // A report may be off by its jitter: a correction begins that much later.
        expect(worst(phone, 30_000)).toBeLessThanOrEqual(0.1 + manners.jitter / 1000 + 0.01);
      }),
    );
  });

  it("learns a seek that takes seconds, as on a slow network, and is as near as any other", () => {
    const slow = fc.tuple(exactPlayers, fc.integer({ min: 1_500, max: 2_700 }));
    fc.assert(
      fc.property(slow, seeds, places, ([manners, seek], seed, place_s) => {
        const phone = joins({ ...manners, seek }, seed, place_s);
        phone.run(MINUTE + 45_000);
        expect(worst(phone, 45_000)).toBeLessThanOrEqual(0.1 + manners.jitter / 1000 + 0.01);
      }),
      FEWER,
    );
  });

  it("comes back into a film on a slow network by a second seek that knows how long the first took", () => {
    const slow = fc.tuple(exactPlayers, fc.integer({ min: 1_500, max: 2_700 }));
    fc.assert(
      fc.property(slow, seeds, ([manners, seek], seed) => {
        const phone = joins({ ...manners, seek, saysSeeking: true }, seed, 1_234.5);
        phone.run(20_000);
        // It has run for less than two seconds when it seeks again, and then starts as late as its player is slow.
        expect(worst(phone, seek + manners.play + 2_000), "once it has sought again").toBeLessThanOrEqual(
          0.7,
        );
        expect(worst(phone, 9_000), "once it has learned how it starts").toBeLessThanOrEqual(0.23);
      }),
    );
  });

  it("is within 300 ms after three quarters of a minute with a player like YouTube's", () => {
    fc.assert(
      fc.property(coarsePlayers, seeds, places, (manners, seed, place_s) => {
        const phone = joins(manners, seed, place_s);
        phone.run(MINUTE + 45_000);
        // Who was there from the start, and near enough for long, knows how long a seek takes only after the first one.
        const first = phone.done.find(({ action }) => action.type === "seek")?.at ?? -Infinity;
        const late = phone.behind.filter(({ at }) => at >= 45_000 && (at < first || at > first + LEARNS));
        // What is not exact there are the sums of thousands of steps.
        expect(Math.max(...late.map(({ s }) => Math.abs(s)))).toBeLessThanOrEqual(0.3 + 1e-6);
      }),
    );
  });

  it("is in step 5 s after a start from a standstill with a player that it knows", () => {
    fc.assert(
      fc.property(exactPlayers, seeds, (manners, seed) => {
        const phone = joins(manners, seed, 0);
        phone.run(10_000);
        phone.says({ playing: false });
        phone.run(5_000);
        phone.says({ playing: true });
        const started = phone.behind.length;
        phone.run(15_000);
        const late = phone.behind.slice(started).filter(({ at }) => at > 20_500);
        expect(Math.max(...late.map(({ s }) => Math.abs(s)))).toBeLessThanOrEqual(0.15);
      }),
    );
  });

  it("is in step soon after it has come, and after each seek of the room, however slow its player is", () => {
    fc.assert(
      fc.property(exactPlayers, seeds, places, (manners, seed, place_s) => {
        const phone = joins(manners, seed, place_s);
        phone.run(30_000);
        expect(worst(phone, 9_000), "after coming").toBeLessThanOrEqual(0.23);
        for (const position_s of [500, 40]) {
          const from = phone.behind.at(-1)?.at ?? 0;
          phone.says({ position_s }, 600);
          phone.run(20_000);
          expect(worst(phone, from + 8_000), `after a seek to ${position_s} s`).toBeLessThanOrEqual(0.23);
        }
      }),
    );
  });

  it("waits for the others rather than running slower for a quarter of a minute", () => {
    const phone = joins(exact, 4, 0);
    phone.run(20_000);
    const before = phone.done.length;
    // It slept, and the film of the others did not.
    phone.position_s += 0.8;
    phone.run(3_000);
    expect(phone.done.slice(before).map(({ action }) => action.type)).toEqual(["pause", "play"]);
    expect(Math.abs(phone.behind.at(-1)?.s ?? 1)).toBeLessThanOrEqual(0.1);
  });

  it("comes back in step after stalls and advertisements", () => {
    fc.assert(
      fc.property(fc.oneof(exactPlayers, coarsePlayers), seeds, troubles, (manners, seed, trouble) => {
        const phone = joins(manners, seed, 0, trouble);
        phone.run(5 * MINUTE);
        expect(worst(phone, 4 * MINUTE)).toBeLessThanOrEqual(0.3);
      }),
      FEWER,
    );
  });

  it("is back in step soon after each stall of more than a second, however many there are", () => {
    // One that only says that it runs faster is found out first.
    const honest = coarsePlayers.filter(({ rates, capabilities }) => rates === "any" || !capabilities.rate);
    fc.assert(
      fc.property(
        fc.oneof(exactPlayers, honest),
        seeds,
        fc.array(fc.integer({ min: 1_500, max: 6_000 }), { minLength: 3, maxLength: 6 }),
        (manners, seed, stalls) => {
          const trouble = stalls.map((lasts, nth) => ({
            what: "stall" as const,
            at: (nth + 1) * APART,
            lasts,
          }));
          const phone = joins(manners, seed, 0, trouble);
          phone.run(APART);
          phone.run(APART);
          // By the first one it learns how long a seek takes.
          for (const { at, lasts } of trouble.slice(1)) {
            phone.run(APART);
            const back = phone.behind.filter((one) => one.at >= at + lasts + BACK && one.at < at + APART);
            expect(Math.max(...back.map(({ s }) => Math.abs(s))), `after ${at} ms`).toBeLessThanOrEqual(0.35);
          }
        },
      ),
      { ...FEWER, examples: [[slow, 540_264_795, [1_500, 1_500, 1_500]]] },
    );
  });

  it("never corrects in an advertisement or while the player loads", () => {
    fc.assert(
      fc.property(fc.oneof(exactPlayers, coarsePlayers), seeds, troubles, (manners, seed, trouble) => {
        const phone = joins(manners, seed, 40, trouble);
        phone.run(3 * MINUTE);
        expect(phone.done.filter(({ ad }) => ad)).toEqual([]);
        const loading = corrections(phone.done).filter(({ buffering }) => buffering);
        // To go where the room is, once, is no correction.
        expect(loading.length).toBeLessThanOrEqual(1);
        expect(loading.every((one) => one === corrections(phone.done)[0])).toBe(true);
      }),
      FEWER,
    );
  });

  it("never swings to and fro: a quiet minute has next to no corrections that its player takes", () => {
    fc.assert(
      fc.property(fc.oneof(exactPlayers, coarsePlayers), seeds, places, (manners, seed, place_s) => {
        const phone = joins(manners, seed, place_s);
        phone.run(3 * MINUTE);
        const takesRates = manners.rates !== "ignored" && manners.rates !== "refused";
        const late = corrections(phone.done).filter(
          ({ at, action }) => at > MINUTE && (takesRates || action.type === "seek"),
        );
        expect(late.length, "in two minutes").toBeLessThanOrEqual(8);
      }),
      { ...FEWER, examples: [[liar, 883_126_311, 3]] },
    );
  });

  it("corrects at most 20 times in any minute, whatever goes wrong", () => {
    fc.assert(
      fc.property(fc.oneof(exactPlayers, coarsePlayers), seeds, troubles, (manners, seed, trouble) => {
        const phone = joins(manners, seed, 100, trouble);
        phone.run(4 * MINUTE);
        const times = corrections(phone.done).map(({ at }) => at);
        const most = Math.max(0, ...times.map((t) => times.filter((o) => o >= t && o < t + MINUTE).length));
        expect(most).toBeLessThanOrEqual(20);
      }),
      { ...FEWER, examples: [[{ ...liar, seekJitter: 31, jitter: 0, coarse: 281 }, 1_258_995_423, []]] },
    );
  });

  it("never corrects by seeking twice within 2 s, whatever the room does meanwhile", () => {
    const says = fc.array(
      fc.record({
        after: fc.integer({ min: 50, max: 8_000 }),
        by_s: fc.constantFrom<number>(0, -0.4, 0.3, 0.6, -30, 200),
        playing: fc.constantFrom(true, true, true, false),
      }),
      { minLength: 1, maxLength: 12 },
    );
    const elsewhere = [
      { after: 50, by_s: -30, playing: true },
      { after: 301, by_s: 0, playing: true },
      { after: 50, by_s: 0, playing: true },
    ];
    fc.assert(
      fc.property(
        fc.oneof(exactPlayers, coarsePlayers),
        seeds,
        places,
        troubles,
        says,
        (manners, seed, place_s, trouble, said) => {
          const phone = joins(manners, seed, place_s, trouble);
          for (const { after, by_s, playing } of said) {
            phone.run(after);
            const here_s = positionAt(phone.course, phone.now + 300);
            phone.says({ position_s: Math.max(0, here_s + by_s), playing });
          }
          phone.run(30_000);
          const seeks = phone.done.filter(({ action }) => action.type === "seek");
          for (const [at, one] of seeks.entries()) {
            const before = seeks[at - 1];
            if (before === undefined) continue;
            // To go where the room goes is no correction, and waits for nothing.
            const follows = one.rev !== before.rev && (!one.running || Math.abs(one.off_s) > 0.6);
            if (!follows) expect(one.at - before.at).toBeGreaterThanOrEqual(COOLDOWN);
          }
        },
      ),
      // The room goes elsewhere before the first seek is done: the player already says that it is where it goes.
      { examples: [[seeking, 1_106_863_776, 3, [], elsewhere]] },
    );
  });

  it("seeks ever less often where seeking never helps", () => {
    // Each seek takes longer than it may ever be ahead.
    const phone = joins({ ...exact, seek: 1_500, seekJitter: 5_000, saysSeeking: false }, 1, 500);
    phone.run(3 * MINUTE);
    const seeks = phone.done.filter(({ action, at }) => action.type === "seek" && at > 2 * MINUTE);
    expect(seeks.length).toBeLessThanOrEqual(4);
  });

  it("pauses at once, however it is with the film, but never in an advertisement", () => {
    fc.assert(
      fc.property(
        fc.oneof(exactPlayers, coarsePlayers),
        seeds,
        troubles,
        fc.integer({ min: 1, max: 60_000 }),
        (manners, seed, trouble, after) => {
          const phone = joins(manners, seed, 0, trouble);
          phone.run(after);
          const was = { paused: phone.paused, ad: phone.ad };
          phone.says({ playing: false });
          phone.run(10);
          if (!was.paused && !was.ad && !phone.ad) expect(phone.done.at(-1)?.action.type).not.toBe("play");
          expect(phone.paused || phone.ad, "paused, or in an advertisement").toBe(true);
          phone.run(MINUTE);
          phone.run(2 * MINUTE);
          expect(phone.paused, "after the advertisement").toBe(true);
        },
      ),
      FEWER,
    );
  });

  it("waits in its place for a start that lies ahead, and starts with it", () => {
    const phone = new SimulatedPhone({ ...exact, play: 0 }, randomFrom(3));
    phone.run(1_000);
    phone.says({ playing: true, position_s: 60 }, 2_000);
    phone.run(1_990);
    expect(phone.paused).toBe(true);
    expect(phone.position_s).toBe(60);
    phone.run(20);
    expect(phone.paused, "not a quarter of a second later").toBe(false);
  });

  it("begins earlier by as long as its player takes to start", () => {
    const phone = new SimulatedPhone({ ...exact, play: 400, jitter: 0 }, randomFrom(3));
    phone.says({ playing: true });
    phone.run(8_000);
    expect(worst(phone, 0), "nobody knew that it is slow").toBeGreaterThan(0.3);
    phone.says({ playing: false });
    phone.run(4_000);
    phone.says({ playing: true }, 1_000);
    const before = phone.behind.length;
    phone.run(3_000);
    expect(Math.max(...phone.behind.slice(before).map(({ s }) => Math.abs(s)))).toBeLessThanOrEqual(NEAR);
  });

  it("does not stop where the film only goes on at another speed", () => {
    const phone = joins(exact, 5, 0);
    phone.run(20_000);
    const before = phone.done.length;
    phone.says({ rate: 1.5 }, 1_000);
    phone.course = { ...phone.course, position_s: phone.position_s + 1 };
    phone.run(10_000);
    expect(phone.done.slice(before).map(({ action }) => action.type)).not.toContain("pause");
    expect(phone.rate).toBeCloseTo(1.5);
  });

  it("goes at once where the room goes, also right after a correction and while it loads", () => {
    const stall: Trouble = { what: "stall", at: 10_000, lasts: 5_000 };
    const phone = joins(exact, 7, 300, [stall]);
    phone.run(11_000);
    expect(phone.buffering).toBe(true);
    phone.says({ position_s: 20 }, 0);
    phone.run(10);
    const lastSeek = () => phone.done.filter(({ action }) => action.type === "seek").at(-1)?.action;
    expect(lastSeek()).toMatchObject({ to_s: expect.closeTo(20.5, 0) as number });
    phone.says({ position_s: 900 }, 0);
    phone.run(10);
    const last = lastSeek();
    expect(last?.type === "seek" && last.to_s, "no cooldown holds it back").toBeGreaterThanOrEqual(900);
  });

  it("does not seek again for a change that leaves the film where it was", () => {
    const phone = joins(exact, 7, 300, [{ what: "stall", at: 20_000, lasts: 6_000 }]);
    phone.run(23_000);
    const before = phone.done.length;
    // Somebody has put a film on the list.
    phone.course = { ...phone.course, rev: phone.course.rev + 1 };
    phone.run(1_000);
    expect(phone.done.slice(before)).toEqual([]);
  });

  it("learns that small speeds are not taken, and only seeks from then on", () => {
    for (const rates of ["quarters", "ignored", "refused"] as const) {
      const manners = { ...exact, rates, capabilities: YOUTUBE, coarse: 250, seekJitter: 0 };
      const phone = joins(manners, 11, 0, [
        { what: "stall", at: 20_000, lasts: 600 },
        { what: "stall", at: 60_000, lasts: 600 },
        { what: "stall", at: 100_000, lasts: 600 },
        { what: "stall", at: 140_000, lasts: 600 },
      ]);
      phone.run(138_000);
      const before = phone.done.length;
      phone.run(MINUTE);
      const types = phone.done.slice(before).map(({ action }) => action.type);
      expect(types, rates).toContain("seek");
      expect(types, rates).not.toContain("rate");
    }
  });

  it("runs as far ahead as the person asked for", () => {
    for (const offset_ms of [-500, 500]) {
      const phone = joins(exact, 2, 100);
      phone.settings = { ...phone.settings, offset_ms };
      phone.run(MINUTE);
      // What is measured is against the film plus the offset.
      expect(worst(phone, 30_000)).toBeLessThanOrEqual(0.12);
    }
  });

  it("only does what the room says where correction is switched off", () => {
    const phone = joins(exact, 2, 100, [{ what: "stall", at: 10_000, lasts: 5_000 }]);
    phone.settings = { ...phone.settings, correcting: false };
    phone.run(MINUTE);
    expect(corrections(phone.done), "one step to where the film is").toHaveLength(1);
    expect(worst(phone, 30_000)).toBeGreaterThan(FAR);
  });

  it("leaves a live stream alone", () => {
    const capabilities = { ...FILE, live: true };
    const phone = joins({ ...exact, capabilities }, 2, 100, [{ what: "stall", at: 5_000, lasts: 3_000 }]);
    phone.run(MINUTE);
    phone.says({ playing: false });
    phone.run(5_000);
    expect(phone.done.map(({ action }) => action.type)).toEqual(["play", "pause"]);
  });

  it("does nothing at the end of the film, and plays again once the room goes back", () => {
    const phone = joins({ ...exact, duration_s: 20 }, 2, 10);
    phone.run(15_000);
    const before = phone.done.length;
    phone.run(MINUTE);
    expect(phone.done.slice(before)).toEqual([]);
    phone.says({ position_s: 5 });
    phone.run(5_000);
    expect(phone.position_s).toBeGreaterThan(5);
    expect(phone.position_s).toBeLessThan(11);
  });

  it("neither plays nor runs after the film while the browser wants a touch, and is soon there with it", () => {
    const phone = joins(exact, 2, 100);
    phone.settings = { ...phone.settings, blocked: true };
    phone.run(MINUTE);
    expect(phone.done.map(({ action }) => action.type)).toEqual(["seek"]);
    phone.settings = { ...phone.settings, blocked: false };
    phone.run(20_000);
    expect(worst(phone, MINUTE + 10_000)).toBeLessThanOrEqual(0.12);
  });
});
