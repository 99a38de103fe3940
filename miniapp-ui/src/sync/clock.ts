/**
 * The server's clock on this phone: asked for by `clock` frames while somebody needs to know it well.
 *
 * Promises: of the last eight answers the one that took the least time counts, so that a busy network moves nothing; the
 * device's own clock may be wrong and may jump, since only time that passes is measured on the phone. Must never: cost a frame
 * while nobody has started it.
 */
import type { Phone } from "./phone";

/** Asked so often at once, at first and after every silence. */
export const BURST = 5;
const BURST_PAUSE = 200;
/** Between two questions afterwards, in ms. */
export const PAUSE = 15_000;
/** So many answers are compared; older ones are forgotten. */
export const MAX_SAMPLES = 8;
/** So many questions wait for an answer; older ones are given up. */
export const MAX_ASKED = 8;
/** The longest way there and back that is told to the server, in ms. */
export const LONGEST_RTT = 2_000;
/** Two answers may differ by this beyond what their ways explain: quartz drifts. In ms. */
const DRIFT = 20;

/** One answer: how far the server's clock is ahead of the phone's, and how long the way there and back took. */
interface Sample {
  ahead: number;
  rtt: number;
}

/** What time passes by: `monotonic` never jumps. */
export interface Timekeeper {
  monotonic: () => number;
  later: (act: () => void, pause: number) => () => void;
}

const timekeeper: Timekeeper = {
  monotonic: () => performance.now(),
  later(act, pause) {
    const timer = setTimeout(act, pause);
    return () => {
      clearTimeout(timer);
    };
  },
};

export class ServerClock {
  readonly #phone: Pick<Phone, "askTime" | "subscribe" | "now">;
  readonly #time: Timekeeper;
  readonly #asked = new Map<number, number>();
  #samples: Sample[] = [];
  /** What is known from before a silence, until there is an answer again. */
  #before: number | null = null;
  #left = 0;
  #cancel: (() => void) | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(phone: Pick<Phone, "askTime" | "subscribe" | "now">, time: Timekeeper = timekeeper) {
    this.#phone = phone;
    this.#time = time;
  }

  start(): void {
    if (this.#unsubscribe !== null) return;
    this.#unsubscribe = this.#phone.subscribe({
      connected: () => {
        this.#asked.clear();
        this.#anew();
      },
      awake: () => {
        this.#anew();
      },
      clock: ({ id, now }) => {
        this.#answered(id, now);
      },
    });
    this.#anew();
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#cancel?.();
    this.#cancel = null;
    this.#asked.clear();
  }

  /** Server time in Unix milliseconds: as it was answered, or else as the phone guesses by its own clock. */
  now(): number {
    return this.at(this.#time.monotonic());
  }

  /** The server's time at a moment of the phone's `performance.now()`. */
  at(monotonic: number): number {
    const ahead = this.#best()?.ahead ?? this.#before;
    return monotonic + (ahead ?? this.#phone.now() - this.#time.monotonic());
  }

  /** Whether the server has answered since the last silence: without, the time may be off by seconds. */
  get isKnown(): boolean {
    return this.#samples.length > 0;
  }

  /** The least time that a way there and back took lately, in ms. */
  get rtt(): number | null {
    return this.#best()?.rtt ?? null;
  }

  /** After a sleep nobody knows how long it was: `performance.now` stands still in some phones. */
  #anew(): void {
    this.#before = this.#best()?.ahead ?? this.#before;
    this.#samples = [];
    this.#left = BURST;
    this.#ask();
  }

  #ask(): void {
    this.#cancel?.();
    const rtt = this.rtt;
    const id = this.#phone.askTime(rtt === null ? undefined : Math.floor(Math.min(rtt, LONGEST_RTT)));
    if (id !== null) {
      this.#left = Math.max(0, this.#left - 1);
      this.#asked.set(id, this.#time.monotonic());
      for (const oldest of this.#asked.keys()) {
        if (this.#asked.size <= MAX_ASKED) break;
        this.#asked.delete(oldest);
      }
    }
    // Without a connection nothing is asked: the next one begins anew.
    const pause = id !== null && this.#left > 0 ? BURST_PAUSE : PAUSE;
    this.#cancel = this.#time.later(() => {
      this.#ask();
    }, pause);
  }

  #answered(id: number, now: number): void {
    const sent = this.#asked.get(id);
    if (sent === undefined) return;
    this.#asked.delete(id);
    const received = this.#time.monotonic();
    const sample = { ahead: now - (sent + received) / 2, rtt: received - sent };
    // An answer that another contradicts, however long their ways were, is from before a clock stood still.
    const agreeing = this.#samples.filter((one) => agree(one, sample));
    this.#samples = [...agreeing, sample].slice(-MAX_SAMPLES);
  }

  #best(): Sample | null {
    return this.#samples.reduce<Sample | null>(
      (best, one) => (best === null || one.rtt <= best.rtt ? one : best),
      null,
    );
  }
}

/** Each is right to within half its way: whether both can be. */
function agree(one: Sample, other: Sample): boolean {
  return Math.abs(one.ahead - other.ahead) <= (one.rtt + other.rtt) / 2 + DRIFT;
}
