import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Course } from "./position";
import type { PlaybackState, Screen } from "./types";
import {
  GAP,
  LONGEST_WAIT,
  type Options,
  type Report,
  type Room,
  SETTLED,
  SILENT,
  TAKEOVER,
  TELL_SAME,
  type WaitMemory,
  type Waited,
  calledOff,
  pressedPlay,
  wait,
  waitingForNobody,
  withoutThem,
} from "./waiting";

const [ANNA, BORIS, VERA, GLEB] = [1, 2, 3, 4] as const;
const STEP = 100;
type Shown = Course & Pick<Screen, "rev" | "by">;

/** Phones that watch together, on a clock of the test's own, and the server that they speak to. */
class Together {
  now = 1_000_000;
  online: number[];
  control: number[];
  options: Options = { start: true, stalls: true };
  /** Of phones that are set otherwise. */
  readonly optionsOf = new Map<number, Options>();
  screen: Shown = { rev: 1, by: ANNA, playing: false, position_s: 60, rate: 1, at: this.now };
  states = new Map<number, PlaybackState>();
  /** Whether the phone of somebody is deaf to commands of its own: it dies while it is to act. */
  dead = new Set<number>();
  readonly acts: { by: number; type: "play" | "pause"; rev: number; position_s: number; at: number }[] = [];
  readonly waited = new Map<number, number>();
  longest = 0;
  readonly #memory = new Map<number, WaitMemory>();
  readonly #reports = new Map<number, Report>();
  readonly #last = new Map<number, Waited>();

  constructor(people: readonly number[]) {
    this.online = [...people];
    this.control = [...people];
    for (const id of people) this.states.set(id, "ready");
  }

  /** Their phones say how they are with the screen as it is. */
  report(id: number, rev = this.screen.rev): void {
    const state = this.states.get(id);
    if (state === undefined) return;
    const { position_s } = this.screen;
    this.#reports.set(id, { rev, state, position_s, at: this.now });
  }

  leaves(id: number): void {
    this.online = this.online.filter((one) => one !== id);
    this.#reports.delete(id);
    this.#memory.delete(id);
  }

  comes(id: number, state: PlaybackState): void {
    this.online = [...this.online, id];
    if (!this.control.includes(id)) this.control = [...this.control, id];
    this.states.set(id, state);
  }

  says(change: Partial<Shown>): void {
    this.screen = { ...this.screen, at: this.now, ...change, rev: this.screen.rev + 1 };
  }

  press(id: number): void {
    this.#took(id, pressedPlay(this.room(id), this.memory(id)));
  }

  without(id: number): void {
    this.#took(id, withoutThem(this.room(id), this.memory(id)));
  }

  run(ms: number, reporting = true): void {
    for (const end = this.now + ms; this.now < end;) {
      this.now += STEP;
      if (reporting) for (const id of this.online) this.report(id);
      const decided = this.online.map((id) => [id, wait(this.room(id), this.memory(id))] as const);
      for (const [id, one] of decided) this.#took(id, one);
    }
  }

  waitingAt(id: number): readonly number[] {
    return this.#last.get(id)?.waiting?.ids ?? [];
  }

  memory(id: number): WaitMemory {
    return this.#memory.get(id) ?? waitingForNobody;
  }

  room(me: number): Room {
    const inControl = this.control.filter((id) => this.online.includes(id));
    const { now, screen, online } = this;
    const options = this.optionsOf.get(me) ?? this.options;
    return { now, me, screen, online, inControl, reports: this.#reports, options };
  }

  setMemory(id: number, memory: WaitMemory): void {
    this.#memory.set(id, memory);
  }

  #took(id: number, decided: Waited): void {
    this.#memory.set(id, decided.memory);
    this.#last.set(id, decided);
    const waited = decided.waiting === null ? 0 : (this.waited.get(id) ?? 0) + STEP;
    this.waited.set(id, waited);
    this.longest = Math.max(this.longest, waited);
    const { act } = decided;
    if (act === null || this.dead.has(id)) return;
    const seen = { by: id, rev: this.screen.rev, at: this.now, ...act };
    this.acts.push(seen);
    // All phones saw this revision when they decided.
    this.says({ playing: act.type === "play", position_s: act.position_s, by: id });
  }
}

function playing(people: readonly number[]): Together {
  const all = new Together(people);
  all.run(1_000);
  all.press(ANNA);
  expect(all.screen.playing).toBe(true);
  all.run(SETTLED + LONGEST_WAIT + GAP);
  all.acts.length = 0;
  return all;
}

describe("the start", () => {
  it("is at once where all are ready, or nobody wants to wait", () => {
    const all = new Together([ANNA, BORIS]);
    all.run(500);
    all.press(BORIS);
    expect(all.acts).toMatchObject([{ by: BORIS, type: "play", position_s: 60 }]);
    const some = new Together([ANNA, BORIS]);
    some.options = { start: false, stalls: true };
    some.states.set(ANNA, "buffering");
    some.run(500);
    some.press(BORIS);
    expect(some.acts).toMatchObject([{ by: BORIS, type: "play" }]);
  });

  it("waits for who is loading, by name, and the phone that pressed play starts it then", () => {
    const all = new Together([ANNA, BORIS, VERA]);
    all.states.set(VERA, "buffering");
    all.run(500);
    all.press(BORIS);
    expect(all.waitingAt(BORIS)).toEqual([VERA]);
    all.run(3_000);
    expect(all.acts).toEqual([]);
    all.states.set(VERA, "ready");
    all.run(200);
    expect(all.acts).toMatchObject([{ by: BORIS, type: "play" }]);
  });

  it("waits neither for who sits there without the film nor for who has to tap first", () => {
    const all = new Together([ANNA, BORIS, VERA, GLEB]);
    all.states.delete(VERA);
    all.states.set(GLEB, "blocked");
    all.run(500);
    all.press(ANNA);
    expect(all.acts).toMatchObject([{ by: ANNA, type: "play" }]);
  });

  it("waits for the next film with whom nobody has said to be ready for it: an older word is void", () => {
    const all = new Together([ANNA, BORIS]);
    all.run(500);
    all.says({ position_s: 0 });
    all.report(ANNA);
    all.press(ANNA);
    expect(all.waitingAt(ANNA)).toEqual([BORIS]);
    all.report(BORIS, all.screen.rev - 1);
    all.run(100, false);
    expect(all.waitingAt(ANNA), "said of the film before").toEqual([BORIS]);
    all.report(BORIS);
    all.run(100, false);
    expect(all.acts).toMatchObject([{ by: ANNA, type: "play" }]);
  });

  it("does not wait for who comes meanwhile", () => {
    const all = new Together([ANNA, BORIS]);
    all.states.set(BORIS, "buffering");
    all.run(500);
    all.press(ANNA);
    all.comes(VERA, "buffering");
    all.run(1_000);
    all.states.set(BORIS, "ready");
    all.run(200);
    expect(all.acts).toMatchObject([{ by: ANNA, type: "play" }]);
  });

  it("is without them where somebody says so, or thinks better of it", () => {
    const all = new Together([ANNA, BORIS]);
    all.states.set(BORIS, "buffering");
    all.run(500);
    all.press(ANNA);
    all.without(ANNA);
    expect(all.acts).toMatchObject([{ by: ANNA, type: "play" }]);
    const other = new Together([ANNA, BORIS]);
    other.states.set(BORIS, "buffering");
    other.run(500);
    other.press(ANNA);
    other.setMemory(ANNA, calledOff(other.memory(ANNA)));
    other.run(LONGEST_WAIT * 2);
    expect(other.acts).toEqual([]);
  });

  it("is at once where play is pressed again", () => {
    const all = new Together([ANNA, BORIS]);
    all.states.set(BORIS, "buffering");
    all.run(500);
    all.press(ANNA);
    all.run(1_000);
    all.press(ANNA);
    expect(all.acts).toMatchObject([{ by: ANNA, type: "play" }]);
  });

  it("is off once somebody goes elsewhere with the film, but not for a film put on the list", () => {
    const all = new Together([ANNA, BORIS]);
    all.states.set(BORIS, "buffering");
    all.run(500);
    all.press(ANNA);
    all.screen = { ...all.screen, rev: all.screen.rev + 1 };
    all.run(100);
    expect(all.waitingAt(ANNA)).toEqual([BORIS]);
    all.says({ position_s: 900 });
    all.run(LONGEST_WAIT * 2);
    expect(all.acts).toEqual([]);
  });
});

describe("a stall", () => {
  it("stops the film for who was in step, where it stalled, and goes on once they are ready", () => {
    const all = playing([ANNA, BORIS, VERA]);
    all.states.set(VERA, "buffering");
    all.run(900);
    expect(all.acts, "a short one holds nobody up").toEqual([]);
    all.run(500);
    expect(all.acts).toMatchObject([{ by: ANNA, type: "pause" }]);
    for (const id of all.online) expect(all.waitingAt(id)).toEqual([VERA]);
    all.run(2_000);
    all.states.set(VERA, "ready");
    all.run(500);
    expect(all.acts.slice(1)).toMatchObject([{ by: ANNA, type: "play" }]);
    for (const id of all.online) expect(all.waitingAt(id)).toEqual([]);
  });

  it("holds nobody up a second time for whom they went on without", () => {
    const all = playing([ANNA, BORIS]);
    all.states.set(BORIS, "buffering");
    all.run(3 * 60_000);
    expect(all.acts.map(({ type }) => type)).toEqual(["pause", "play"]);
    expect((all.acts[1]?.at ?? 0) - (all.acts[0]?.at ?? 0)).toBeLessThanOrEqual(LONGEST_WAIT + STEP);
  });

  it("is nobody's but whose who was in step: who comes late or back loads in peace", () => {
    const all = playing([ANNA, BORIS]);
    all.comes(VERA, "buffering");
    all.run(30_000);
    all.states.set(VERA, "ready");
    // Ready, and then at once away to where the film is.
    all.run(1_000);
    all.states.set(VERA, "buffering");
    all.run(20_000);
    all.leaves(BORIS);
    all.run(1_000);
    all.comes(BORIS, "buffering");
    all.run(20_000);
    expect(all.acts).toEqual([]);
  });

  it("is left alone where who decides does not want to wait, and nobody is said to be waited for", () => {
    const all = playing([ANNA, BORIS, VERA]);
    all.optionsOf.set(ANNA, { start: true, stalls: false });
    all.states.set(VERA, "buffering");
    all.run(60_000);
    expect(all.acts).toEqual([]);
    expect(all.longest).toBe(0);
  });

  it("is waited for where who decides wants it, and others know for whom", () => {
    const all = playing([ANNA, BORIS, VERA]);
    all.optionsOf.set(BORIS, { start: false, stalls: false });
    all.states.set(VERA, "buffering");
    all.run(1_500);
    expect(all.acts).toMatchObject([{ by: ANNA, type: "pause" }]);
    for (const id of all.online) expect(all.waitingAt(id)).toEqual([VERA]);
  });

  it("is left alone where nobody wants to wait", () => {
    const all = playing([ANNA, BORIS]);
    all.options = { start: true, stalls: false };
    all.states.set(BORIS, "buffering");
    all.run(60_000);
    expect(all.acts).toEqual([]);
  });

  it("is taken over by the next one where the phone that stopped the film is gone", () => {
    for (const gone of ["offline", "dead"] as const) {
      const all = playing([ANNA, BORIS, VERA]);
      all.states.set(VERA, "buffering");
      all.run(2_000);
      expect(all.acts).toMatchObject([{ by: ANNA, type: "pause" }]);
      if (gone === "offline") all.leaves(ANNA);
      else all.dead.add(ANNA);
      all.run(1_000);
      all.states.set(VERA, "ready");
      all.run(TAKEOVER + 500);
      expect(all.acts.slice(1), gone).toMatchObject([{ by: BORIS, type: "play" }]);
    }
  });

  it("does not start the film again that somebody paused meanwhile", () => {
    const all = playing([ANNA, BORIS, VERA]);
    all.states.set(VERA, "buffering");
    all.run(2_000);
    all.says({ playing: false, by: BORIS, position_s: 3 });
    all.run(60_000);
    expect(all.acts.map(({ type }) => type)).toEqual(["pause"]);
    expect(all.screen.playing).toBe(false);
  });
});

type Step =
  | { do: "state"; who: number; state: PlaybackState }
  | { do: "leave" | "come" | "press" | "pause" | "seek" | "without"; who: number };

const steps = fc.array(
  fc.tuple(
    fc.integer({ min: 1, max: 120 }),
    fc.oneof<fc.Arbitrary<Step>[]>(
      fc.record({
        do: fc.constant("state"),
        who: fc.constantFrom(ANNA, BORIS, VERA, GLEB),
        state: fc.constantFrom<PlaybackState>("ready", "buffering", "ad", "blocked"),
      }),
      fc.record({
        do: fc.constantFrom("leave", "come", "press", "pause", "seek", "without"),
        who: fc.constantFrom(ANNA, BORIS, VERA, GLEB),
      }),
    ),
  ),
  { maxLength: 25 },
);

function lives(all: Together, step: Step): void {
  const { who } = step;
  const here = all.online.includes(who);
  if (step.do === "state") all.states.set(who, step.state);
  else if (step.do === "come" && !here) all.comes(who, "buffering");
  else if (!here) return;
  else if (step.do === "leave" && all.online.length > 1) all.leaves(who);
  else if (step.do === "press" && !all.screen.playing) all.press(who);
  else if (step.do === "pause" && all.screen.playing) all.says({ playing: false, by: who });
  else if (step.do === "seek") all.says({ position_s: 500, by: who });
  else if (step.do === "without") all.without(who);
}

describe("whatever people and networks do", () => {
  it("nobody waits longer than 8 s", () => {
    fc.assert(
      fc.property(steps, (story) => {
        const all = playing([ANNA, BORIS, VERA]);
        for (const [pause, step] of story) {
          lives(all, step);
          all.run(pause * STEP);
        }
        expect(all.longest).toBeLessThanOrEqual(LONGEST_WAIT + STEP);
      }),
    );
  });

  it("never two phones act at one revision", () => {
    fc.assert(
      fc.property(steps, (story) => {
        const all = playing([ANNA, BORIS, VERA]);
        for (const [pause, step] of story) {
          lives(all, step);
          // A decision of each phone for one and the same screen, before any of them is done.
          all.run(pause * STEP);
        }
        const at = all.acts.map((act) => `${act.at} ${act.type}`);
        const running = all.acts.filter((_, index) => at.indexOf(at[index] ?? "") !== index);
        expect(running).toEqual([]);
      }),
    );
  });

  it("who comes never stops the film for the others", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 80 }), { maxLength: 12 }), (pauses) => {
        const all = playing([ANNA, BORIS]);
        all.comes(VERA, "buffering");
        for (const [index, pause] of pauses.entries()) {
          // Never ready for long enough to be in step.
          all.states.set(VERA, index % 2 === 0 ? "ready" : "buffering");
          all.run(index % 2 === 0 ? Math.min(pause * STEP, SETTLED - STEP) : pause * STEP);
        }
        expect(all.acts).toEqual([]);
      }),
    );
  });
});

describe("a signal that was lost", () => {
  const ids = (silent_ms: number) => {
    const now = 1_000_000;
    const screen = { rev: 1, by: ANNA, playing: false, position_s: 60, rate: 1, at: 0 };
    const report = (state: PlaybackState, at: number): Report => ({ rev: 1, state, position_s: 60, at });
    const reports = new Map([
      [ANNA, report("ready", now)],
      [BORIS, report("buffering", now - silent_ms)],
    ]);
    const people = [ANNA, BORIS];
    const options = { start: true, stalls: true };
    const room = { now, me: ANNA, screen, online: people, inControl: people, reports, options };
    return pressedPlay(room, waitingForNobody).waiting?.ids ?? [];
  };

  it("makes nobody one who does not watch", () => {
    expect(ids(2 * TELL_SAME + 5_000), "the next one has taken its time").toEqual([BORIS]);
  });

  it("is one of many where the phone has gone", () => {
    expect(ids(SILENT)).toEqual([]);
    expect(SILENT).toBeLessThan(3 * TELL_SAME);
  });
});
