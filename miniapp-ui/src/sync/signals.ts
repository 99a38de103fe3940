/**
 * A room's signals other than typing, as a part of a screen uses them: what phones say to each other and nobody keeps.
 *
 * Must never: say anything while the room is not open, or say it again later.
 */
import type { Signal } from "./frames";

export interface SignalListener {
  signal(from: number, signal: Signal): void;
  /** A signal of this phone will not be passed on. */
  refused(code: string): void;
  /** The room is open, perhaps on another connection than before: what was said on that counts no more. */
  opened(): void;
}

export class RoomSignals {
  readonly #listeners = new Set<SignalListener>();
  /** To one member, or to everybody in the room. */
  readonly send: (signal: Signal, to?: number) => void;

  constructor(send: RoomSignals["send"]) {
    this.send = send;
  }

  subscribe(listener: SignalListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  tell(what: (listener: SignalListener) => void): void {
    this.#listeners.forEach(what);
  }
}
