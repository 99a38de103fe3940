/**
 * One room's connection by HTTP, for networks that let no WebSocket through. It is used like a socket: it asks again
 * and again for what is new (long polling), and posts what is sent, one command after another.
 *
 * Promises: frames come in the order of the room's log and without a gap; commands are done in the order in which
 * they are sent; after `close`, or once a newer connection of this phone has opened, the server does nothing more of
 * what was sent here. Must never: say that a command was done when its answer was lost.
 */
import type { Command, Room, ServerFrame, Updates } from "../generated/wire";
import type { Connection, Outcome, Question } from "../net/api";
import { Refused } from "../net/problem";

/** What a connection hands over: what a socket's server says, or what only answers by HTTP have. */
export type Frame =
  | ServerFrame
  /** The room as it is now. */
  | { type: "state"; room: Room }
  /** A command is done, and this is the room after it (or later). */
  | { type: "done"; id: number; room: Room | null };

/** The part of a browser's WebSocket that is used. */
export interface Wire {
  send(text: string): void;
  close(): void;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
}

export interface PollingPorts {
  updates: (question: Question, signal: AbortSignal) => Promise<Updates | null>;
  command: (command: Command, connection: Connection, signal: AbortSignal) => Promise<Outcome>;
  now: () => number;
}

/** A question waits so many seconds for something to happen; proxies usually cut after 30 or 60. */
const WAIT = 25;
/** Where a proxy cuts sooner, questions wait less, but no less than this. */
const LEAST_WAIT = 4;
/** A pause after an answer that says that there were too many questions, in seconds, if it does not say how long. */
const PAUSE = 2;

/** After news of nothing but who is here, in seconds. */
const BREATH = 0.5;

export class PollingWire implements Wire {
  onmessage: Wire["onmessage"] = null;
  onclose: Wire["onclose"] = null;
  readonly #ports: PollingPorts;
  readonly #device: string;
  readonly #position: () => { epoch: number; seq: number } | null;
  readonly #gone = new AbortController();
  readonly #queue: { id: number; command: Command }[] = [];
  #connection: Connection | null = null;
  #presence: string | undefined;
  #wait = WAIT;
  #posting: Promise<void> | null = null;

  constructor(ports: PollingPorts, device: string, position: () => { epoch: number; seq: number } | null) {
    this.#ports = ports;
    this.#device = device;
    this.#position = position;
    void this.#run();
  }

  send(text: string): void {
    const { id, ...command } = JSON.parse(text) as { id: number } & Command;
    this.#queue.push({ id, command });
    this.#posting ??= this.#post().finally(() => {
      this.#posting = null;
    });
  }

  close(): void {
    this.#gone.abort();
  }

  async #run(): Promise<void> {
    try {
      const begun = await this.#ask("new");
      if (begun === null || this.#isOver()) return;
      this.#connection = { device: this.#device, connection: begun.connection ?? "" };
      // Before anything is said again: it depends on which round it is.
      this.#tell(begun);
      this.#say({ type: "welcome", epoch: begun.epoch, seq: begun.seq });
      while (!this.#isOver()) await this.#next();
    } catch (error) {
      this.#end(error);
    }
  }

  /** One question of the connection, and what to make of its answer. */
  async #next(): Promise<void> {
    const asked = this.#ports.now();
    const stood = this.#position();
    try {
      const updates = await this.#ask(this.#connection?.connection ?? "", this.#wait);
      // What this phone does is told with the command's own answer: as news it would count twice.
      await this.#posting;
      if (this.#isOver()) return;
      // A command's answer may have brought another history meanwhile.
      const same = this.#position()?.epoch === stood?.epoch;
      if (updates !== null && (same || updates.state !== undefined)) this.#tell(updates);
      this.#say({ type: "at", seq: 0 });
      // Several servers may know differently for a moment who is here.
      if (updates?.events?.length === 0) await this.#pause(BREATH);
    } catch (error) {
      if (this.#isOver()) return;
      const after = Math.floor((this.#ports.now() - asked) / 1000);
      if (error instanceof Refused && error.code === "too_many") await this.#pause(error.retryAfter ?? PAUSE);
      else if (isCut(error) && after >= LEAST_WAIT && after <= this.#wait + 5 && this.#wait > LEAST_WAIT) {
        this.#wait = Math.max(LEAST_WAIT, Math.min(Math.floor(after * 0.7), Math.floor(this.#wait * 0.7)));
      } else throw error;
    }
  }

  #ask(connection: string, wait?: number): Promise<Updates | null> {
    const question: Question = { device: this.#device, connection, ...this.#position() };
    if (wait !== undefined) question.wait = wait;
    if (this.#presence !== undefined) question.presence = this.#presence;
    return this.#ports.updates(question, this.#gone.signal);
  }

  #tell({ events, state, presence }: Updates): void {
    this.#presence = presence.mark;
    if (state) this.#say({ type: "state", room: state });
    for (const event of events ?? []) this.#say({ type: "event", ...event });
    this.#say({ type: "presence", online: presence.online });
  }

  /** One at a time: requests that are under way together may arrive in any order. */
  async #post(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (this.#isOver() || this.#connection === null) return;
      await this.#postOne(next.id, next.command, this.#connection);
    }
  }

  async #postOne(id: number, command: Command, connection: Connection): Promise<void> {
    try {
      const { room } = await this.#ports.command(command, connection, this.#gone.signal);
      this.#say({ type: "done", id, room: room ?? null });
    } catch (error) {
      if (error instanceof Refused && isVerdict(error)) {
        this.#say({ type: "refused", id, code: error.code, message: error.message });
      } else this.#end(error);
    }
  }

  #isOver(): boolean {
    return this.#gone.signal.aborted;
  }

  #say(frame: Frame): void {
    if (!this.#isOver()) this.onmessage?.({ data: frame });
  }

  #end(error: unknown): void {
    if (this.#isOver()) return;
    this.#gone.abort();
    this.onclose?.(farewell(error));
  }

  #pause(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      this.#gone.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** Whether the connection broke off, or a proxy lost patience, rather than the server having answered. */
function isCut(error: unknown): boolean {
  return !(error instanceof Refused) || error.code === "unknown";
}

/** Whether the room has judged the command; any other answer leaves it to be sent again. */
function isVerdict({ code }: Refused): boolean {
  return !isCutCode(code) && CODES[code] === undefined;
}

function isCutCode(code: string): boolean {
  return code === "unknown" || code === "not_found";
}

/** The close codes by which a socket would say the same. */
const CODES: Partial<Record<string, number>> = {
  unauthenticated: 4401,
  not_a_member: 4403,
  room_not_found: 4404,
  fenced: 4409,
  unavailable: 1012,
};

function farewell(error: unknown): { code: number; reason: string } {
  if (!(error instanceof Refused)) return { code: 1006, reason: "" };
  return { code: CODES[error.code] ?? 1006, reason: error.message };
}
