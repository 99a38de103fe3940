/**
 * How far the clock of another document of this browser is from this one's: each counts from its own beginning.
 *
 * Promises the offset of the exchange that took the least time, which is exact to half of that: well under a millisecond.
 */

/** Exchanges at the beginning. */
const EXCHANGES = 5;
const APART_MS = 50;

export class PlayerClock {
  readonly #ask: (sent: number) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #offset = 0;
  #least = Infinity;

  constructor(ask: (sent: number) => void) {
    this.#ask = ask;
  }

  begin(): void {
    this.stop();
    this.#least = Infinity;
    let left = EXCHANGES;
    const ask = () => {
      this.#ask(performance.now());
      left -= 1;
      if (left === 0) this.stop();
    };
    this.#timer = setInterval(ask, APART_MS);
    ask();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  answered(sent: number, there: number): void {
    const now = performance.now();
    const took = now - sent;
    if (took < 0 || took >= this.#least) return;
    this.#least = took;
    this.#offset = sent + took / 2 - there;
  }

  /** A moment of that document by this page's clock. Nothing lies in the future. */
  here(there: number): number {
    return Math.min(there + this.#offset, performance.now());
  }
}
