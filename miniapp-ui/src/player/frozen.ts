/**
 * Tells an advertisement in the middle of a film from its picture: the player says that it plays, goes on reporting, and its position
 * stands still.
 */

/** For how long the position stands still before it is an advertisement. A stall is reported as one, and sooner. */
const FROZEN_MS = 1_500;
/** So many reports have to say so: a player that is silent is no proof. */
const REPORTS_LEAST = 3;
/** A position that differs by less stands still. */
const STILL_S = 0.02;

export class Frozen {
  #position: number | null = null;
  #since = 0;
  #reports = 0;

  /** A report of a player that says it plays. Whether the film stands still in it. */
  reported(position_s: number, now: number): boolean {
    if (this.#position === null || Math.abs(position_s - this.#position) >= STILL_S) {
      this.#position = position_s;
      this.#since = now;
      this.#reports = 0;
      return false;
    }
    this.#reports += 1;
    return this.#reports >= REPORTS_LEAST && now - this.#since >= FROZEN_MS;
  }

  reset(): void {
    this.#position = null;
  }
}
