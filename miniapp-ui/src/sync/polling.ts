/**
 * The phone's connection by HTTP, for networks that let no WebSocket through. It is used like a socket: each room that is opened
 * asks again and again for what is new (long polling), and what is sent is posted, one command of a room after another.
 *
 * Promises: frames come in the order of each room's log and without a gap; commands are done in the order in which they are sent;
 * after `close`, or once a newer connection of this phone has opened the room, the server does nothing more of what was sent here.
 * Must never: say that a command was done when its answer was lost.
 */
import type { Command, Message, OpenFrame, Outcome, RoomCommandFrame, Updates } from "../generated/wire";
import type { Connection, Question } from "../net/api";
import { Refused } from "../net/problem";
import type { Asked, Frame, Position, Wire } from "./frames";

export interface PollingPorts {
  updates: (room: string, question: Question, signal: AbortSignal) => Promise<Updates | null>;
  command: (room: string, command: Command, connection: Connection, signal: AbortSignal) => Promise<Outcome>;
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
  readonly #rooms = new Map<string, PolledRoom>();
  #over = false;

  constructor(ports: PollingPorts, device: string) {
    this.#ports = ports;
    this.#device = device;
    // Never before whoever made this can listen.
    setTimeout(() => {
      this.#say({ type: "hello", now: ports.now() });
    });
  }

  send(asked: Asked): void {
    if ("open" in asked) this.#open(asked);
    else if ("close" in asked) this.#close(asked.close);
    // What is for those who are here right now is not worth a request.
    else if ("type" in asked) this.#command(asked);
  }

  close(): void {
    this.#over = true;
    for (const room of this.#rooms.values()) room.stop();
    this.#rooms.clear();
  }

  #open({ id, open, ...position }: OpenFrame): void {
    this.#close(open);
    const room = new PolledRoom(open, id, position, this.#device, this.#ports, {
      say: (frame) => {
        this.#say(frame);
      },
      failed: (error) => {
        this.#failed(open, error);
      },
    });
    this.#rooms.set(open, room);
  }

  #close(code: string): void {
    this.#rooms.get(code)?.stop();
    this.#rooms.delete(code);
  }

  #command({ id, room, ...command }: RoomCommandFrame): void {
    this.#rooms.get(room)?.post(id, command);
  }

  #say(frame: Frame): void {
    if (!this.#over) this.onmessage?.({ data: frame });
  }

  /** What is one room's trouble closes that room; anything else is the connection's. */
  #failed(room: string, error: unknown): void {
    if (this.#over) return;
    if (error instanceof Refused && ROOMS_OWN.has(error.code)) {
      this.#close(room);
      this.#say({ type: "closed", room, code: error.code });
      return;
    }
    this.close();
    this.onclose?.(farewell(error));
  }
}

interface RoomListener {
  say: (frame: Frame) => void;
  failed: (error: unknown) => void;
}

class PolledRoom {
  readonly #code: string;
  readonly #device: string;
  readonly #ports: PollingPorts;
  readonly #listener: RoomListener;
  readonly #gone = new AbortController();
  readonly #queue: { id: number; command: Command }[] = [];
  #position: Partial<Position>;
  #connection: Connection | null = null;
  #presence: string | undefined;
  #wait = WAIT;
  #posting: Promise<void> | null = null;

  constructor(
    code: string,
    opening: number,
    position: Partial<Position>,
    device: string,
    ports: PollingPorts,
    listener: RoomListener,
  ) {
    this.#code = code;
    this.#position = position;
    this.#device = device;
    this.#ports = ports;
    this.#listener = listener;
    void this.#run(opening);
  }

  post(id: number, command: Command): void {
    this.#queue.push({ id, command });
    this.#posting ??= this.#post().finally(() => {
      this.#posting = null;
    });
  }

  stop(): void {
    this.#gone.abort();
  }

  async #run(opening: number): Promise<void> {
    try {
      const begun = await this.#ask("new");
      if (begun === null || this.#isOver()) return;
      this.#connection = { device: this.#device, connection: begun.connection ?? "" };
      this.#opened(opening, begun);
      while (!this.#isOver()) await this.#next();
    } catch (error) {
      this.#fail(error);
    }
  }

  #opened(id: number, news: Updates): void {
    const { epoch, seq, events, state, messages } = news;
    this.#say({
      type: "opened",
      id,
      room: this.#code,
      epoch,
      seq,
      ...(state ? { state } : { events: events ?? [] }),
    });
    this.#stand(news);
    this.#also(news.presence, messages);
  }

  /** One question of the connection, and what to make of its answer. */
  async #next(): Promise<void> {
    const asked = this.#ports.now();
    const { epoch } = this.#position;
    try {
      const news = await this.#ask(this.#connection?.connection ?? "", this.#wait);
      // What this phone does is told with the command's own answer: as news it would count twice.
      await this.#posting;
      if (this.#isOver()) return;
      // A command's answer may have brought another history meanwhile.
      const same = this.#position.epoch === epoch;
      if (news !== null && (same || news.state !== undefined)) this.#tell(news);
      this.#say({ type: "time", now: this.#ports.now(), rooms: {} });
      // Several servers may know differently for a moment who is here.
      if (news?.events?.length === 0 && (news.messages?.length ?? 0) === 0) await this.#pause(BREATH);
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
    const question: Question = { device: this.#device, connection, ...this.#position };
    if (wait !== undefined) question.wait = wait;
    if (this.#presence !== undefined) question.presence = this.#presence;
    return this.#ports.updates(this.#code, question, this.#gone.signal);
  }

  #tell(news: Updates): void {
    if (news.state) this.#say({ type: "state", room: this.#code, state: news.state });
    for (const happened of news.events ?? []) this.#say({ type: "event", room: this.#code, ...happened });
    this.#stand(news);
    this.#also(news.presence, news.messages);
  }

  #also(presence: Updates["presence"], messages: readonly Message[] = []): void {
    this.#presence = presence.mark;
    this.#say({ type: "presence", room: this.#code, online: presence.online });
    for (const message of messages) {
      this.#say({ type: "message", room: this.#code, message });
      this.#position = { ...this.#position, change: message.change };
    }
  }

  #stand({ epoch, seq }: { epoch: number; seq: number }): void {
    this.#position = { ...this.#position, epoch, seq };
  }

  /** One at a time: requests that are under way together may arrive in any order. */
  async #post(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (this.#isOver() || this.#connection === null) return;
      await this.#postOne(next.id, next.command, this.#connection);
    }
  }

  async #postOne(id: number, command: Command, connection: Connection): Promise<void> {
    const room = this.#code;
    try {
      const { room: state } = await this.#ports.command(room, command, connection, this.#gone.signal);
      if (state && !this.#isOver()) this.#stand(state);
      this.#say({ type: "done", room, id, state: state ?? null });
    } catch (error) {
      if (error instanceof Refused && isJudgement(error)) {
        const after = error.retryAfter === null ? {} : { retry_after: error.retryAfter };
        this.#say({ type: "refused", room, id, code: error.code, message: error.message, ...after });
      } else this.#fail(error);
    }
  }

  #isOver(): boolean {
    return this.#gone.signal.aborted;
  }

  #say(frame: Frame): void {
    if (!this.#isOver()) this.#listener.say(frame);
  }

  #fail(error: unknown): void {
    if (this.#isOver()) return;
    this.#gone.abort();
    this.#listener.failed(error);
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
function isJudgement({ code }: Refused): boolean {
  return code !== "unknown" && code !== "not_found" && !ROOMS_OWN.has(code) && CODES[code] === undefined;
}

/** What ends one room and no other. */
const ROOMS_OWN = new Set(["not_a_member", "room_not_found"]);

/** The close codes by which a socket would say the same. */
const CODES: Partial<Record<string, number>> = {
  unauthenticated: 4401,
  fenced: 4409,
  unavailable: 1012,
};

function farewell(error: unknown): { code: number; reason: string } {
  if (!(error instanceof Refused)) return { code: 1006, reason: "" };
  return { code: CODES[error.code] ?? 1006, reason: error.message };
}
