/**
 * All that this phone has open: one connection, and the rooms on it.
 *
 * Promises: every frame of a room reaches that room, in order; after a new connection each room is opened again from where it
 * stands; whatever is one room's trouble stays with that room. Must never: know what happens in a room.
 */
import { Connection, type ConnectionPorts, type ConnectionStatus } from "./connection";
import type { ClockAnswer, Frame, Signal, Unread } from "./frames";
import { RoomLine, type RoomLineListener } from "./roomLine";

export interface PhoneListener {
  /** Something is new in a room that is not open: {@link Phone.unread} says how much. */
  unread?: (unread: Unread) => void;
  /** A connection is there, or there again. */
  connected?: () => void;
  /** The phone is awake or online again. */
  awake?: () => void;
  /** What was asked by {@link Phone.askTime}. */
  clock?: (answer: ClockAnswer) => void;
}

/** Of so many rooms that are not open it is kept how much is new in them; what was told first is forgotten first. */
export const MAX_UNREAD_ROOMS = 100;

export class Phone {
  readonly #connection: Connection;
  readonly #ports: ConnectionPorts;
  readonly #listeners = new Set<PhoneListener>();
  readonly #rooms = new Map<string, RoomLine>();
  readonly #unread = new Map<string, number>();
  #status: ConnectionStatus = "connecting";
  #lastId = 0;
  #ahead = 0;

  constructor(ports: ConnectionPorts) {
    this.#ports = ports;
    this.#connection = new Connection(ports, {
      frame: (frame) => {
        this.#take(frame);
      },
      status: (status) => {
        this.#status = status;
        for (const room of this.#rooms.values()) room.connection(status);
      },
    });
  }

  start(): void {
    this.#connection.start();
  }

  stop(): void {
    this.#connection.stop();
  }

  /** The phone is awake or online again. */
  wake(): void {
    this.#connection.wake();
    this.#tell((listener) => listener.awake?.());
  }

  /** The network is gone: whatever is on its way may never arrive. */
  sleep(): void {
    this.#connection.resync();
  }

  /** The servers' clock, in Unix milliseconds, as far as they have said what time it is. */
  now(): number {
    return Date.now() + this.#ahead;
  }

  /** Asks the server what time it is, under the id that is returned; null while there is no connection. */
  askTime(rtt_ms?: number): number | null {
    if (!this.#connection.isOpen) return null;
    this.#lastId += 1;
    this.#connection.send({ id: this.#lastId, clock: true, ...(rtt_ms === undefined ? {} : { rtt_ms }) });
    return this.#lastId;
  }

  /** How many messages are new in each room that is not open, as far as the server has told. */
  get unread(): ReadonlyMap<string, number> {
    return this.#unread;
  }

  /** Opens a room, until it is closed. A room that is open already is taken over. */
  open(code: string, listener: RoomLineListener): RoomLine {
    const line: RoomLine = new RoomLine(code, listener, {
      random: this.#ports.random,
      send: (asked) => {
        this.#lastId += 1;
        this.#connection.send({ id: this.#lastId, ...asked });
        return this.#lastId;
      },
      signal: (signal: Signal, to?: number) => {
        this.#connection.send({ room: code, signal, ...(to === undefined ? {} : { to }) });
      },
      stalled: () => {
        this.#connection.resync();
      },
      closed: () => {
        if (this.#rooms.get(code) === line) this.#rooms.delete(code);
      },
    });
    this.#rooms.get(code)?.close();
    this.#rooms.set(code, line);
    // What is read from now on is not told as unread.
    this.#unread.delete(code);
    line.connection(this.#status);
    return line;
  }

  subscribe(listener: PhoneListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #take(frame: Frame): void {
    switch (frame.type) {
      case "hello":
        this.#ahead = frame.now - Date.now();
        for (const room of this.#rooms.values()) room.connected();
        this.#tell((listener) => listener.connected?.());
        return;
      case "time":
        this.#ahead = frame.now - Date.now();
        for (const [code, stand] of Object.entries(frame.rooms)) this.#rooms.get(code)?.stands(stand);
        return;
      case "unread":
        this.#remember(frame);
        this.#tell((listener) => listener.unread?.(frame));
        return;
      case "clock":
        this.#tell((listener) => listener.clock?.(frame));
        return;
      default:
        if (frame.room === null) for (const room of this.#rooms.values()) room.take(frame);
        else this.#rooms.get(frame.room)?.take(frame);
    }
  }

  #tell(what: (listener: PhoneListener) => void): void {
    for (const listener of this.#listeners) what(listener);
  }

  #remember({ room, messages }: Unread): void {
    this.#unread.delete(room);
    this.#unread.set(room, messages.unread);
    for (const oldest of this.#unread.keys()) {
      if (this.#unread.size <= MAX_UNREAD_ROOMS) break;
      this.#unread.delete(oldest);
    }
  }
}
