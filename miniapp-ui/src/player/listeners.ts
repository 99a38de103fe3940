/** Those who listen to a player. */
import type { PlayerEvent } from "../watching/players/adapter";

export class Listeners {
  readonly #all = new Set<(event: PlayerEvent) => void>();

  on(listener: (event: PlayerEvent) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  tell(...events: PlayerEvent[]): void {
    for (const event of events) for (const listener of [...this.#all]) listener(event);
  }

  clear(): void {
    this.#all.clear();
  }
}
