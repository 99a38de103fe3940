import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { BURST, LONGEST_RTT, PAUSE, ServerClock } from "./clock";
import type { PhoneListener } from "./phone";

/** A phone on a network that the test lays out, and a server that knows what time it really is. */
class Line {
  /** The device's own clock is off by this. */
  skew = 0;
  /** How long a frame takes there, and back. */
  ways: () => [number, number] = () => [20, 20];
  isOpen = true;
  readonly asked: { at: number; rtt: number | undefined }[] = [];
  #id = 0;
  #listener: PhoneListener | null = null;

  /** By the server. */
  truth(): number {
    return 1_700_000_000_000 + performance.now();
  }

  readonly phone = {
    now: () => this.truth() + this.skew,
    askTime: (rtt?: number) => {
      if (!this.isOpen) return null;
      this.#id += 1;
      const id = this.#id;
      this.asked.push({ at: performance.now(), rtt });
      const [there, back] = this.ways();
      setTimeout(() => {
        const now = this.truth();
        setTimeout(() => {
          if (this.isOpen) this.#listener?.clock?.({ type: "clock", id, now });
        }, back);
      }, there);
      return id;
    },
    subscribe: (listener: PhoneListener) => {
      this.#listener = listener;
      return () => {
        this.#listener = null;
      };
    },
  };

  wakes(): void {
    this.#listener?.awake?.();
  }

  reconnects(): void {
    this.isOpen = true;
    this.#listener?.connected?.();
  }
}

let line: Line;
let clock: ServerClock;
const off = () => Math.abs(clock.now() - line.truth());

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  line = new Line();
  clock = new ServerClock(line.phone);
});
afterEach(() => {
  clock.stop();
  vi.useRealTimers();
});

describe("the server's clock", () => {
  it("is asked for five times at once, then every 15 s, and only while somebody needs it", () => {
    vi.advanceTimersByTime(60_000);
    expect(line.asked).toEqual([]);
    clock.start();
    clock.start();
    vi.advanceTimersByTime(1_000);
    expect(line.asked.map(({ at }) => at - 60_000)).toEqual([0, 200, 400, 600, 800]);
    vi.advanceTimersByTime(3 * PAUSE);
    expect(line.asked).toHaveLength(BURST + 3);
    clock.stop();
    vi.advanceTimersByTime(10 * PAUSE);
    expect(line.asked).toHaveLength(BURST + 3);
  });

  it("does not mind a device whose clock is wrong by seconds, or jumps", () => {
    line.skew = -5_000;
    clock.start();
    expect(off(), "nothing has been answered yet").toBe(5_000);
    vi.advanceTimersByTime(100);
    expect(off()).toBeLessThanOrEqual(1);
    line.skew = 5_000;
    vi.advanceTimersByTime(40_000);
    expect(off()).toBeLessThanOrEqual(1);
  });

  it("takes the answer with the least way of the last eight, and forgets it after those", () => {
    const ways = [...Array<[number, number]>(4).fill([300, 20]), [10, 10] as const];
    let nth = 0;
    line.ways = () => [...(ways[nth++] ?? [300, 20])] as [number, number];
    clock.start();
    vi.advanceTimersByTime(2_000);
    expect(off()).toBeLessThanOrEqual(1);
    expect(clock.rtt).toBe(20);
    // The question before it was answered after it.
    vi.advanceTimersByTime(6 * PAUSE);
    expect(clock.rtt, "the eighth from the end").toBe(20);
    vi.advanceTimersByTime(PAUSE);
    expect(clock.rtt).toBe(320);
  });

  it("says with the next question how long the way is, and never more than 2 s", () => {
    clock.start();
    vi.advanceTimersByTime(1_000);
    expect(line.asked.map(({ rtt }) => rtt)).toEqual([undefined, 40, 40, 40, 40]);
    line.ways = () => [2_000, 2_000];
    vi.advanceTimersByTime(12 * PAUSE);
    expect(line.asked.at(-1)?.rtt).toBe(LONGEST_RTT);
  });

  it("is asked anew after a sleep and on a new connection, and known as well as before until then", () => {
    line.skew = 5_000;
    clock.start();
    vi.advanceTimersByTime(PAUSE);
    line.asked.length = 0;
    line.wakes();
    expect(off(), "not by the device's own clock").toBeLessThanOrEqual(1);
    vi.advanceTimersByTime(1_000);
    expect(line.asked).toHaveLength(BURST);
    line.isOpen = false;
    vi.advanceTimersByTime(10 * PAUSE);
    expect(line.asked).toHaveLength(BURST);
    line.reconnects();
    vi.advanceTimersByTime(1_000);
    expect(line.asked).toHaveLength(2 * BURST);
    expect(off()).toBeLessThanOrEqual(1);
  });

  it("believes the newest answer where the phone's own time stood still without a word", () => {
    clock.start();
    vi.advanceTimersByTime(PAUSE);
    const truth = line.truth.bind(line);
    // The phone slept for a minute, and its `performance.now` with it.
    line.truth = () => truth() + 60_000;
    line.ways = () => [60, 40];
    vi.advanceTimersByTime(PAUSE + 200);
    expect(off()).toBeLessThanOrEqual(50);
  });

  it("is right to within half of the shortest way, whatever the ways are", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 1_500 }), fc.integer({ min: 1, max: 1_500 })), {
          minLength: 8,
          maxLength: 20,
        }),
        (ways) => {
          clock.stop();
          line = new Line();
          clock = new ServerClock(line.phone);
          let nth = 0;
          line.ways = () => ways[nth++] ?? [1_500, 1_500];
          clock.start();
          vi.advanceTimersByTime(5_000);
          expect(off()).toBeLessThanOrEqual((clock.rtt ?? 0) / 2 + 1);
          const shortest = Math.min(...ways.slice(0, 5).map(([there, back]) => there + back));
          expect(clock.rtt).toBeLessThanOrEqual(shortest);
        },
      ),
    );
  });
});
