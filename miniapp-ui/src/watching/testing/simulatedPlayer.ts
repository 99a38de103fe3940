/**
 * A player that is as slow, coarse and stubborn as real ones, and a phone that follows a film with it: by the controller alone, on
 * a clock of the test's own.
 */
import { type Action, LOOK, type Look, control } from "../controller";
import { type Memory, nothingKnown } from "../memory";
import type { Capabilities } from "../players/adapter";
import { type Course, positionAt } from "../position";

/** What becomes of a rate: taken, put down to the next 0.05 or 0.25, or not taken at all, said or unsaid. */
export type Rates = "any" | "twentieths" | "quarters" | "ignored" | "refused";

export interface Manners {
  /** From `play`, and from a seek, until the film runs, in ms. */
  play: number;
  seek: number;
  /** How much each seek differs from the others, in ms, and each position from the truth. */
  seekJitter: number;
  jitter: number;
  /** A position is that of the last so many ms; 0: of now. */
  coarse: number;
  rates: Rates;
  /** Whether it says that it is loading while it seeks. */
  saysSeeking: boolean;
  capabilities: Capabilities;
  duration_s: number | null;
}

/** When it stalls or shows an advertisement, in ms from the beginning. */
export interface Trouble {
  what: "stall" | "ad";
  at: number;
  lasts: number;
}

export interface Done {
  at: number;
  action: Exclude<Action, { type: "nothing" }>;
  /** As the player was when it was done. */
  buffering: boolean;
  ad: boolean;
  rev: number;
  /** How far the film was from where it is for everybody, by what the player last said of its place, in seconds. */
  off_s: number;
  /** Whether it ran for everybody. */
  running: boolean;
}

const STEP = 10;
/** More than a few things are never done at once. */
const AT_ONCE = 3;

export class SimulatedPhone {
  now = 1_000_000;
  readonly done: Done[] = [];
  /** How far behind the film was, at every step at which it ran here and was to run. */
  readonly behind: { at: number; s: number }[] = [];
  memory: Memory = nothingKnown;
  course: Course & { rev: number };
  settings: Pick<Look, "blocked" | "offset_ms" | "correcting"> = {
    blocked: false,
    offset_ms: 0,
    correcting: true,
  };
  position_s = 0;
  paused = true;
  rate = 1;
  readonly #manners: Manners;
  readonly #trouble: readonly Trouble[];
  readonly #random: () => number;
  readonly #began = this.now;
  #said = 1;
  #runsFrom = 0;
  #seeking: { until: number; to_s: number } | null = null;
  #report = { position_s: 0, measured: this.now };
  #nextLook = this.now;

  constructor(manners: Manners, random: () => number, trouble: readonly Trouble[] = []) {
    this.#manners = manners;
    this.#random = random;
    this.#trouble = trouble;
    this.course = { rev: 0, playing: false, position_s: 0, rate: 1, at: this.now };
  }

  /** The room says something else, from so many ms on. */
  says(change: Partial<Course>, lead = 300): void {
    const at = this.now + lead;
    const position_s = positionAt(this.course, at);
    this.course = { ...this.course, position_s, at, ...change, rev: this.course.rev + 1 };
    this.#nextLook = this.now;
  }

  run(ms: number): void {
    for (const end = this.now + ms; this.now < end; this.now += STEP) {
      this.#step();
      if (this.now >= this.#nextLook) this.#look();
    }
  }

  get buffering(): boolean {
    return this.#in("stall") || (this.#seeking !== null && this.#manners.saysSeeking);
  }

  get ad(): boolean {
    return this.#in("ad");
  }

  #in(what: Trouble["what"]): boolean {
    const passed = this.now - this.#began;
    return this.#trouble.some((one) => one.what === what && passed >= one.at && passed < one.at + one.lasts);
  }

  #step(): void {
    if (this.#seeking !== null && this.now >= this.#seeking.until) {
      this.position_s = this.#seeking.to_s;
      this.#seeking = null;
    }
    const held = this.paused || this.now < this.#runsFrom || this.#seeking !== null;
    const end_s = this.#manners.duration_s ?? Infinity;
    const runs = !held && !this.#in("stall") && !this.ad && this.position_s < end_s;
    if (runs) {
      this.position_s = Math.min(end_s, this.position_s + (STEP / 1000) * this.rate);
      if (this.course.playing && this.now >= this.course.at) {
        const film_s = positionAt(this.course, this.now + this.settings.offset_ms);
        this.behind.push({ at: this.now - this.#began, s: film_s - this.position_s });
      }
    }
    const { coarse, jitter, saysSeeking } = this.#manners;
    if (coarse > 0 && this.now - this.#report.measured < coarse) return;
    const seen_s = this.#seeking !== null && saysSeeking ? this.#seeking.to_s : this.position_s;
    const off = runs ? (this.#random() * 2 - 1) * (jitter / 1000) : 0;
    this.#report = { position_s: Math.max(0, seen_s + off), measured: this.now };
  }

  #look(): void {
    this.#nextLook = this.now + (this.#manners.coarse > 0 ? LOOK.coarse : LOOK.exact);
    for (let times = 0; times < AT_ONCE; times += 1) {
      const { position_s } = this.#report;
      const { action, again, memory } = control(
        {
          now: this.now,
          course: this.course,
          seen: {
            position_s,
            // A coarse position is as old as the last report, and nobody knows how old that is.
            measured: this.now,
            paused: this.paused,
            buffering: this.buffering,
            ad: this.ad,
            ended: this.position_s >= (this.#manners.duration_s ?? Infinity),
            rate: this.#said,
            duration_s: this.#manners.duration_s,
          },
          capabilities: this.#manners.capabilities,
          ...this.settings,
        },
        this.memory,
      );
      this.memory = memory;
      if (again !== null && again > this.now) this.#nextLook = Math.min(this.#nextLook, again);
      if (action.type === "nothing") return;
      this.#do(action);
    }
  }

  #do(action: Done["action"]): void {
    const { rev } = this.course;
    const running = this.course.playing && this.now >= this.course.at;
    const off_s = positionAt(this.course, this.now + this.settings.offset_ms) - this.#report.position_s;
    this.done.push({
      at: this.now - this.#began,
      action,
      buffering: this.buffering,
      ad: this.ad,
      rev,
      off_s,
      running,
    });
    const { play, seek, seekJitter } = this.#manners;
    switch (action.type) {
      case "play":
        this.paused = false;
        this.#runsFrom = this.now + play;
        return;
      case "pause":
        this.paused = true;
        return;
      case "seek":
        this.#seeking = { until: this.now + seek + this.#random() * seekJitter, to_s: action.to_s };
        return;
      case "rate":
        this.rate = taken(action.rate, this.#manners.rates);
        this.#said = this.#manners.rates === "ignored" ? action.rate : this.rate;
    }
  }
}

function taken(rate: number, rates: Rates): number {
  if (rates === "any") return rate;
  if (rates === "ignored" || rates === "refused") return 1;
  const grid = rates === "twentieths" ? 20 : 4;
  return Math.floor(rate * grid + 1e-9) / grid;
}
