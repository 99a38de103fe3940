/**
 * One of a room's two lines of commands: what is in the outbox goes out in order, a few at a time, until it is answered.
 *
 * Promises: nothing overtakes anything of the same line; what was not answered when a connection ended is sent again. Must
 * never: wait for the other line.
 */
import type { Command, Room } from "../generated/wire";
import type { Refused } from "./frames";
import type { Outbox } from "./outbox";
import type { Intent } from "./rules";

export interface CommandLinePorts {
  isOpen: () => boolean;
  /** As it is now: what still has to be sent after a silence depends on it. */
  room: () => Room;
  /** Sends a command, and says under which id. */
  send: (command: Command) => number;
  /** Nothing is answered any more. */
  stalled: () => void;
}

/** So many commands of a line are on their way at once; the server takes 32, and 20 a second. */
export const MAX_UNDER_WAY = 8;
/** A command without an answer for so long means a dead connection, in ms. */
const ANSWER = 8_000;
/** What the server says when a command may be said again later. */
const PASSING = new Set(["too_many", "unavailable"]);
/** A pause that the server did not name, in ms. */
const PAUSE = 1_500;

export class CommandLine<I extends Intent> {
  readonly #outbox: Outbox<I>;
  readonly #ports: CommandLinePorts;
  readonly #asSent: (intent: I) => Command;
  /** Which intent went out under which id. */
  readonly #sent = new Map<number, number>();
  #answerTimer: ReturnType<typeof setTimeout> | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(outbox: Outbox<I>, asSent: (intent: I) => Command, ports: CommandLinePorts) {
    this.#outbox = outbox;
    this.#asSent = asSent;
    this.#ports = ports;
  }

  /** How many commands are not answered. */
  get pending(): number {
    return this.#outbox.intents.length;
  }

  /** The room is open, or open again: everything that is not answered is sent. */
  opened(): void {
    this.lost();
    this.#outbox.compact(this.#ports.room());
    this.flush();
  }

  /** The room is not open any more: what is on its way may never arrive. */
  lost(): void {
    this.#sent.clear();
    clearTimeout(this.#answerTimer);
    clearTimeout(this.#pause);
    this.#pause = undefined;
  }

  /** Whether this is the answer to one of this line's commands. */
  isOurs(id: number | null): boolean {
    return id !== null && this.#sent.has(id);
  }

  /** A command is done; which one, if it is not answered already. */
  acknowledged(id: number): I | undefined {
    const intent = this.#answered(id);
    return intent === undefined ? undefined : this.#outbox.acknowledged(intent);
  }

  /** A command is refused for good, and which one; `later` if it will be sent again. */
  refused({ id, code, retry_after }: Refused): I | undefined | "later" {
    if (PASSING.has(code)) {
      this.lost();
      this.#pause = setTimeout(
        () => {
          this.#pause = undefined;
          this.opened();
        },
        Math.max(PAUSE, (retry_after ?? 0) * 1000),
      );
      return "later";
    }
    const intent = this.#answered(id ?? 0);
    return intent === undefined ? undefined : this.#outbox.refused(intent);
  }

  flush(): void {
    if (!this.#ports.isOpen() || this.#pause !== undefined) return;
    const under = new Set(this.#sent.values());
    for (const intent of this.#outbox.intents) {
      if (under.size >= MAX_UNDER_WAY) break;
      if (under.has(intent.id)) continue;
      under.add(intent.id);
      this.#sent.set(this.#ports.send(this.#asSent(intent)), intent.id);
    }
    this.#armAnswer();
  }

  #answered(id: number): number | undefined {
    const intent = this.#sent.get(id);
    this.#sent.delete(id);
    this.#armAnswer();
    return intent;
  }

  #armAnswer(): void {
    clearTimeout(this.#answerTimer);
    if (this.#sent.size === 0) return;
    this.#answerTimer = setTimeout(() => {
      this.#ports.stalled();
    }, ANSWER);
  }
}
