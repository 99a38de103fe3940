/**
 * The phone's connection, kept alive: it opens, notices silence, and comes back by itself, with growing pauses. It is a
 * WebSocket where the network lets one through. Where HTTP works and sockets do not (a proxy without the upgrade), it goes on
 * by HTTP ({@link ./polling}), tries a socket now and then, and takes it as soon as one opens.
 *
 * Promises: frames arrive in the order of the server's sending, and none after `stop`; the status is `open` or `polling` only
 * between a hello and the end of that connection. Must never: know what a frame means (see {@link ./phone}), or give up while
 * coming back can help.
 */
import { backoff } from "../net/backoff";
import { frameIn } from "./door";
import type { Asked, Frame, Wire } from "./frames";

/** `polling`: connected, by HTTP, because no socket opens. `ended`: only signing in again helps. */
export type ConnectionStatus = "connecting" | "open" | "polling" | "ended";

/** What HTTP says when a socket would not open: browsers hide why an upgrade was refused. */
export type Probe = "fine" | "unreachable" | "ended";

export interface ConnectionPorts {
  /** What this device calls itself: the server takes a device's word on its newest connection only. */
  device: string;
  open: (path: string, protocols: string[]) => Wire;
  /** A connection by HTTP. */
  poll: (device: string) => Wire;
  token: () => Promise<string>;
  /** Makes the session forget this access token. */
  renew: (refused: string) => Promise<unknown>;
  probe: () => Promise<Probe>;
  /** Whether somebody is looking now. */
  watched: () => boolean;
  random: () => number;
}

export interface ConnectionListener {
  frame: (frame: Frame) => void;
  status: (status: ConnectionStatus) => void;
}

/** A phone's socket. */
export const SOCKET = "/api/socket";

/** The server says something at least every 25 s. */
const SILENCE = 60_000;
const OPENING = 10_000;
/** A question by HTTP that nobody answers for this long is asked again. */
const PROBING = 4_000;
/** The longest pause while somebody looks: one phone costs little, and they see the banner. */
const WATCHED = 2_000;
/** A server that restarts loses all its phones at once: they come back spread over what it says, else over this. */
const SPREAD = 2_000;
/** It knows how many they are, but no phone waits longer than this. */
const LONGEST_SPREAD = 30_000;
/** On a return to the foreground, anything quieter than this is suspect: phones freeze sockets. */
const SUSPECT = 28_000;

/** A socket that is cut off sooner than this did not work. */
const BRIEF = 5_000;
/** So many sockets in a row that did not work, while HTTP did, and we go on by HTTP. */
const ENOUGH = 3;
/** Between two tries to open a socket after all: soon at first, since we may be wrong about the network. */
const TRIES = [5_000, 15_000, 30_000, 60_000] as const;
/** A socket that lives for so long shows that the network is a good one. */
const GOOD = 60_000;

export class Connection {
  readonly #ports: ConnectionPorts;
  readonly #listener: ConnectionListener;
  #wire: Wire | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heard = 0;
  #running = false;
  #greeted = false;
  #openedAt = 0;
  #polling = false;
  /** No socket opens, while HTTP works. */
  #socketless = false;
  /** How many sockets in a row did not work, although HTTP did. */
  #failures = 0;
  #trial: Wire | null = null;
  #trialTimer: ReturnType<typeof setTimeout> | undefined;
  #trials = 0;
  /** Grows with every connection, so that what belongs to an older one is recognised and dropped. */
  #generation = 0;

  constructor(ports: ConnectionPorts, listener: ConnectionListener) {
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
    return this.#greeted;
  }

  send(asked: Asked): void {
    this.#wire?.send(asked);
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
    const quiet = this.#greeted && Date.now() - this.#heard > SUSPECT;
    if (waiting || quiet) {
      this.#attempt = 0;
      this.resync();
    } else if (this.#polling && this.#greeted && this.#trial === null) {
      // The phone may be in another network by now.
      this.#tryLater(0);
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
    this.#polling = this.#socketless;
    const wire = this.#polling ? this.#ports.poll(this.#ports.device) : this.#openSocket(token);
    this.#hold(wire, token);
    this.#later(OPENING, () => {
      this.#drop();
      this.#listener.status("connecting");
      // Nothing was said at all: a proxy that takes a socket and swallows it. HTTP that works just now is proof enough.
      return this.#look(() => {
        this.#failed(ENOUGH);
      });
    });
  }

  #openSocket(token: string): Wire {
    const path = `${SOCKET}?device=${encodeURIComponent(this.#ports.device)}`;
    return this.#ports.open(path, ["sovpalo.v2", `token.${token}`]);
  }

  /** From now on this is the connection. */
  #hold(wire: Wire, token: string): void {
    const generation = this.#generation;
    const current = () => this.#running && generation === this.#generation;
    this.#wire = wire;
    wire.onmessage = (event) => {
      const frame = frameIn(event.data);
      if (frame !== null && current()) this.#receive(frame);
    };
    wire.onclose = (event) => {
      if (current()) void this.#closed(event, token);
    };
  }

  #receive(frame: Frame): void {
    this.#heard = Date.now();
    this.#watch(SILENCE);
    // A greeting alone is cheap: what follows it shows that the connection works.
    if (frame.type !== "hello") this.#attempt = 0;
    else {
      this.#greeted = true;
      this.#openedAt = this.#heard;
      this.#listener.status(this.#polling ? "polling" : "open");
      if (this.#polling) this.#tryLater();
    }
    this.#listener.frame(frame);
  }

  async #closed({ code, reason }: { code: number; reason: string }, token: string): Promise<void> {
    const opened = this.#greeted;
    const lived = opened ? Date.now() - this.#openedAt : 0;
    this.#drop();
    // What the server says itself has come through.
    const ours = code >= 4000 || code === 1012;
    if (ours || lived >= BRIEF) this.#failures = 0;
    if (lived >= GOOD) this.#trials = 0;
    const advice = CLOSE[code];
    this.#listener.status("connecting");
    // Another page of this person is in front: two that come back in turn would end each other for ever.
    if (advice === "replaced" && !this.#ports.watched()) return;
    const mine = this.#generation;
    if (advice === "renew") {
      await this.#ports.renew(token).catch(() => undefined);
    } else if (lived < BRIEF && !ours) {
      const accident = opened && this.#failures + 1 < ENOUGH;
      if (!accident) {
        await this.#look(() => {
          this.#failed(1);
        });
        return;
      }
      if (!this.#polling) this.#failures += 1;
    }
    if (this.#running && this.#generation === mine) this.#retry(this.#atLeast(advice, reason));
  }

  /** A connection did not work although HTTP does. Once that is no accident any more, we go on by HTTP. */
  #failed(weight: number): void {
    if (!this.#polling) this.#failures += weight;
    if (this.#failures < ENOUGH || this.#socketless) {
      this.#retry();
      return;
    }
    this.#socketless = true;
    console.warn(
      "Sovpalo: no WebSocket opens while HTTP works; going on by HTTP. Whoever runs this server: the proxy in front of it must pass on the headers Upgrade and Connection (docs/OPERATING.md, Behind a proxy).",
    );
    void this.#connect();
  }

  /** Tries to open a socket after all, in a while. */
  #tryLater(pause?: number): void {
    clearTimeout(this.#trialTimer);
    const usual = TRIES[Math.min(this.#trials, TRIES.length - 1)] ?? GOOD;
    this.#trialTimer = setTimeout(() => void this.#try(), pause ?? usual);
  }

  /** Opens a socket beside the connection by HTTP, and takes it once its hello has come. */
  async #try(): Promise<void> {
    const generation = this.#generation;
    const token = await this.#ports.token().catch(() => null);
    if (!this.#running || this.#generation !== generation) return;
    if (token === null) {
      this.#tryLater();
      return;
    }
    this.#trials += 1;
    const wire = this.#openSocket(token);
    this.#trial = wire;
    const end = () => {
      this.#endTrial();
      this.#tryLater();
    };
    this.#trialTimer = setTimeout(end, OPENING);
    wire.onclose = end;
    wire.onmessage = (event) => {
      const frame = frameIn(event.data);
      if (frame?.type !== "hello") return;
      this.#trial = null;
      // What is under way by HTTP is said again here; the server does what was sent there no more.
      this.#drop();
      this.#socketless = false;
      this.#polling = false;
      this.#failures = 0;
      this.#hold(wire, token);
      this.#receive(frame);
    };
  }

  #endTrial(): void {
    clearTimeout(this.#trialTimer);
    const wire = this.#trial;
    this.#trial = null;
    if (wire !== null) letGo(wire);
  }

  #atLeast(advice: Advice | undefined, reason: string): number {
    if (advice === "slow") return 2_000;
    return advice === "restarting" ? spread(reason) * this.#ports.random() : 0;
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
    else this.#end();
  }

  #end(): void {
    this.#running = false;
    this.#drop();
    this.#listener.status("ended");
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
    this.#greeted = false;
    const wire = this.#wire;
    this.#wire = null;
    this.#endTrial();
    if (wire !== null) letGo(wire);
  }
}

function letGo(wire: Wire): void {
  wire.onmessage = null;
  wire.onclose = null;
  wire.close();
}

type Advice = "renew" | "replaced" | "slow" | "restarting";

/** What the contract's close codes ask for; any other means coming back. */
const CLOSE: Partial<Record<number, Advice>> = {
  1012: "restarting",
  4401: "renew",
  4409: "replaced",
  4429: "slow",
};

/** Over how long all phones come back, in milliseconds, as a server that goes says: `restarting, come back in 0-3000 ms`. */
function spread(reason: string): number {
  const said = /\b0-(\d{1,6}) ms\b/.exec(reason)?.[1];
  return said === undefined ? SPREAD : Math.min(Number(said), LONGEST_SPREAD);
}
