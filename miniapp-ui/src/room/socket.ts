/**
 * One room's WebSocket, kept alive: it opens, says where we are in the room's history, notices silence, and
 * comes back by itself, with growing pauses.
 *
 * Promises: frames arrive in the order of the server's sending, and none after `stop`; the status is `open`
 * only between a welcome and the end of that connection. Must never: decide what a frame means (see
 * {@link ../room/live}), or give up while coming back can help.
 */
import type { ServerFrame } from "../generated/wire";
import { backoff } from "../net/backoff";

/** The part of a browser's WebSocket that is used, so that a test can play the server. */
export interface Wire {
  send(text: string): void;
  close(): void;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
}

export type Ended = "session" | "removed" | "gone";
export type Status = "connecting" | "open" | { ended: Ended };

/** What HTTP says about a room whose socket would not open: browsers hide why an upgrade was refused. */
export type Probe = "fine" | "unreachable" | Ended;

export interface SocketPorts {
  open: (path: string, protocols: string[]) => Wire;
  token: () => Promise<string>;
  /** Makes the session forget this access token. */
  renew: (refused: string) => Promise<unknown>;
  probe: () => Promise<Probe>;
  /** Whether somebody is looking at the room now. */
  watched: () => boolean;
  random: () => number;
}

export interface SocketListener {
  /** What this device calls itself. */
  device: string;
  /** What we have, for the server to add to. */
  position: () => { epoch: number; seq: number } | null;
  frame: (frame: ServerFrame) => void;
  status: (status: Status) => void;
}

/** The server says something at least every 25 s. */
const SILENCE = 60_000;
const OPENING = 10_000;
/** A question by HTTP that nobody answers for this long is asked again. */
const PROBING = 4_000;
/** The longest pause while somebody looks at the room: one phone costs little, and they see the banner. */
const WATCHED = 2_000;
/** A server that restarts loses all its phones at once: they come back spread over what it says, else over this. */
const SPREAD = 2_000;
/** It knows how many they are, but no phone waits longer than this. */
const LONGEST_SPREAD = 30_000;
/** On a return to the foreground, anything quieter than this is suspect: phones freeze sockets. */
const SUSPECT = 28_000;

export class RoomSocket {
  readonly #code: string;
  readonly #ports: SocketPorts;
  readonly #listener: SocketListener;
  #wire: Wire | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heard = 0;
  #running = false;
  #welcomed = false;
  /** Grows with every connection, so that what belongs to an older one is recognised and dropped. */
  #generation = 0;

  constructor(code: string, ports: SocketPorts, listener: SocketListener) {
    this.#code = code;
    this.#ports = ports;
    this.#listener = listener;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#connect();
  }

  stop(): void {
    this.#running = false;
    this.#drop();
  }

  /** Whether a frame can be sent now. */
  get isOpen(): boolean {
    return this.#welcomed;
  }

  send(text: string): void {
    this.#wire?.send(text);
  }

  /** Drops this connection and asks anew, from where we are. */
  resync(after = 0): void {
    if (!this.#running) return;
    this.#drop();
    this.#listener.status("connecting");
    this.#later(after, () => this.#connect());
  }

  /** The phone is awake or online again: a wait is cut short, a suspiciously quiet connection replaced. */
  wake(): void {
    if (!this.#running) return;
    const waiting = this.#wire === null;
    const quiet = this.#welcomed && Date.now() - this.#heard > SUSPECT;
    if (waiting || quiet) {
      this.#attempt = 0;
      this.resync();
    }
  }

  async #connect(): Promise<void> {
    const generation = ++this.#generation;
    const current = () => this.#running && generation === this.#generation;
    this.#listener.status("connecting");
    let token: string;
    try {
      token = await this.#ports.token();
    } catch {
      // Either nobody answers, or the session has ended and says so itself.
      if (current()) this.#retry();
      return;
    }
    if (!current()) return;
    const have = this.#listener.position();
    const known = have === null ? "" : `&epoch=${have.epoch}&seq=${have.seq}`;
    const device = encodeURIComponent(this.#listener.device);
    const path = `/api/rooms/${encodeURIComponent(this.#code)}/socket?device=${device}${known}`;
    const wire = this.#ports.open(path, ["sovpalo.v1", `token.${token}`]);
    this.#wire = wire;
    this.#watch(OPENING);
    wire.onmessage = (event) => {
      if (current()) this.#receive(event.data);
    };
    wire.onclose = (event) => {
      if (current()) void this.#closed(event, token, generation);
    };
  }

  #receive(data: unknown): void {
    const frame = parse(data);
    if (frame === null) return;
    this.#heard = Date.now();
    this.#watch(SILENCE);
    if (frame.type === "welcome") {
      this.#attempt = 0;
      this.#welcomed = true;
      this.#listener.status("open");
    }
    this.#listener.frame(frame);
  }

  async #closed(
    { code, reason }: { code: number; reason: string },
    token: string,
    generation: number,
  ): Promise<void> {
    const opened = this.#welcomed;
    this.#drop();
    const verdict = CLOSE[code];
    if (verdict === "removed" || verdict === "gone") {
      this.#end(verdict);
      return;
    }
    this.#listener.status("connecting");
    const mine = this.#generation;
    if (verdict === "renew") {
      await this.#ports.renew(token).catch(() => undefined);
    } else if (!opened && generation === mine - 1) {
      await this.#look(() => {
        this.#retry();
      });
      return;
    }
    if (this.#running && this.#generation === mine) this.#retry(this.#atLeast(verdict, reason));
  }

  #atLeast(verdict: Verdict | undefined, reason: string): number {
    if (verdict === "slow") return 2_000;
    return verdict === "restarting" ? spread(reason) * this.#ports.random() : 0;
  }

  /**
   * Asks by HTTP how things are. While nobody answers that is all that is tried: browsers delay sockets, for
   * seconds, after many that failed, and would sleep through the network's return.
   */
  async #look(fine: () => unknown): Promise<void> {
    const generation = ++this.#generation;
    this.#watch(PROBING, () => this.#look(() => this.#connect()));
    const found = await this.#ports.probe();
    if (!this.#running || this.#generation !== generation) return;
    if (found === "fine") fine();
    else if (found === "unreachable") this.#retry(0, () => this.#look(() => this.#connect()));
    else this.#end(found);
  }

  #end(reason: Ended): void {
    this.#running = false;
    this.#drop();
    this.#listener.status({ ended: reason });
  }

  #retry(atLeast = 0, act: () => unknown = () => this.#connect()): void {
    const longest = this.#ports.watched() ? WATCHED : undefined;
    const pause = backoff(this.#attempt, this.#ports.random(), longest);
    this.#attempt += 1;
    this.#later(Math.max(atLeast, pause), act);
  }

  #watch(patience: number, act?: () => unknown): void {
    this.#later(patience, () => {
      this.#drop();
      this.#listener.status("connecting");
      this.#retry(0, act);
    });
  }

  #later(pause: number, act: () => unknown): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void act(), pause);
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#generation += 1;
    this.#welcomed = false;
    const wire = this.#wire;
    this.#wire = null;
    if (wire === null) return;
    wire.onmessage = null;
    wire.onclose = null;
    wire.close();
  }
}

type Verdict = "renew" | "removed" | "gone" | "slow" | "restarting";

/** What the contract's close codes ask for; any other means coming back. */
const CLOSE: Partial<Record<number, Verdict>> = {
  1012: "restarting",
  4401: "renew",
  4403: "removed",
  4404: "gone",
  4429: "slow",
};

/** Over how long all phones come back, in milliseconds, as a server that goes says: `restarting, come back in 0-3000 ms`. */
function spread(reason: string): number {
  const said = /\b0-(\d{1,6}) ms\b/.exec(reason)?.[1];
  return said === undefined ? SPREAD : Math.min(Number(said), LONGEST_SPREAD);
}

function parse(data: unknown): ServerFrame | null {
  if (typeof data !== "string") return null;
  try {
    const frame: unknown = JSON.parse(data);
    const known = typeof frame === "object" && frame !== null && "type" in frame;
    return known ? (frame as ServerFrame) : null;
  } catch {
    return null;
  }
}
