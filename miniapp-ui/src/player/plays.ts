/** The `play` calls of a player that are not answered yet. */
export type PlayOutcome = "playing" | "blocked";

export class PendingPlays {
  #waiting: ((outcome: PlayOutcome) => void)[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(done: (outcome: PlayOutcome) => void): void {
    this.#waiting.push(done);
  }

  /** Answers all of them alike. */
  answer(outcome: PlayOutcome): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const done of waiting) done(outcome);
  }
}
