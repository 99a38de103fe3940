/**
 * One room on the phone's connection: opened from where it stands, and opened again whenever something is missing.
 *
 * Promises: `opened` comes before anything else of each opening; nothing comes after `close` or once the room has ended. Must
 * never: end the connection for a trouble of the room's own.
 */
import type { Command } from "../generated/wire";
import { backoff } from "../net/backoff";
import type { ConnectionStatus } from "./connection";
import type { Opened, Position, RoomFrame, Signal, Stand, Unnumbered } from "./frames";

/** Why a room is over for this phone. */
export type Ended = "session" | "removed" | "gone";
/** `polling`: connected, by HTTP, because no socket opens. */
export type Status = "connecting" | "open" | "polling" | { ended: Ended };

export interface RoomLineListener {
  /** What is here already, for the server to add to. */
  position: () => Position | null;
  status: (status: Status) => void;
  opened: (opened: Opened) => void;
  /** Anything but how the room is opened and closed. */
  frame: (frame: RoomFrame) => void;
  /** The server's room stands here; less than that is here if something was lost. */
  stands: (stand: Stand) => void;
}

/** What the phone does for one of its rooms. */
export interface RoomLinePorts {
  /** Sends a frame, and says under which id. */
  send: (asked: Unnumbered) => number;
  signal: (signal: Signal, to?: number) => void;
  /** Nothing is answered any more: the connection is dead. */
  stalled: () => void;
  closed: () => void;
  random: () => number;
}

/** What the server says when a room is over, or what it was never one of ours. */
const OVER: Partial<Record<string, Ended>> = { not_a_member: "removed", room_not_found: "gone" };
/** An `open` without an answer for so long means a dead connection, in ms. */
const ANSWER = 10_000;

export class RoomLine {
  readonly #code: string;
  readonly #listener: RoomLineListener;
  readonly #ports: RoomLinePorts;
  #connection: ConnectionStatus = "connecting";
  /** The `open` that is not answered yet. */
  #opening: number | null = null;
  #isOpen = false;
  #over = false;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(code: string, listener: RoomLineListener, ports: RoomLinePorts) {
    this.#code = code;
    this.#listener = listener;
    this.#ports = ports;
  }

  /** Whether a command can be sent now. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Sends a command, and says under which id. */
  send(command: Command): number {
    return this.#ports.send({ room: this.#code, ...command });
  }

  signal(signal: Signal, to?: number): void {
    if (this.#isOpen) this.#ports.signal(signal, to);
  }

  /** Something is missing: opens the room again from where it stands, after a pause in ms. */
  reopen(after = 0): void {
    if (this.#over) return;
    this.#lost();
    if (this.#isConnected()) this.#later(after, () => this.connected());
  }

  /** Nothing is answered any more. */
  stalled(): void {
    this.#ports.stalled();
  }

  close(): void {
    if (this.#over) return;
    if (this.#isConnected() && (this.#isOpen || this.#opening !== null))
      this.#ports.send({ close: this.#code });
    this.#end();
  }

  /** The connection is there, or there again. */
  connected(): void {
    if (this.#over) return;
    this.#isOpen = false;
    this.#opening = this.#ports.send({ open: this.#code, ...this.#listener.position() });
    this.#later(ANSWER, () => this.#ports.stalled());
  }

  connection(status: ConnectionStatus): void {
    if (this.#over) return;
    const was = this.#connection;
    this.#connection = status;
    if (status === "ended") this.#finish("session");
    else if (status === "connecting") this.#lost();
    // A room that is opened on a connection which is there already has heard no hello.
    else if (was === "connecting" && this.#opening === null) this.#later(0, () => this.connected());
  }

  stands(stand: Stand): void {
    if (this.#isOpen) this.#listener.stands(stand);
  }

  take(frame: RoomFrame): void {
    if (this.#over) return;
    if (frame.type === "opened") this.#opened(frame);
    else if (frame.type === "closed") this.#closed(frame.code, 0);
    else if (frame.type === "refused" && frame.id !== null && frame.id === this.#opening)
      this.#closed(frame.code, (frame.retry_after ?? 0) * 1000);
    else if (this.#isOpen) this.#listener.frame(frame);
  }

  #opened(frame: Opened): void {
    // The answer to an older `open` than the last.
    if (frame.id !== undefined && frame.id !== this.#opening) return;
    clearTimeout(this.#timer);
    this.#opening = null;
    this.#attempt = 0;
    this.#isOpen = true;
    this.#listener.status(this.#connection === "polling" ? "polling" : "open");
    this.#listener.opened(frame);
  }

  #closed(code: string, atLeast: number): void {
    const ended = OVER[code];
    if (ended !== undefined) {
      this.#finish(ended);
      return;
    }
    this.#attempt += 1;
    this.reopen(Math.max(atLeast, backoff(this.#attempt - 1, this.#ports.random())));
  }

  #lost(): void {
    clearTimeout(this.#timer);
    this.#opening = null;
    this.#isOpen = false;
    this.#listener.status("connecting");
  }

  #finish(ended: Ended): void {
    this.#end();
    this.#listener.status({ ended });
  }

  #end(): void {
    this.#over = true;
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#ports.closed();
  }

  #isConnected(): boolean {
    return this.#connection === "open" || this.#connection === "polling";
  }

  #later(pause: number, act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, pause);
  }
}
