/**
 * A stay in a room's voice chat: a link to each other member who is in it.
 *
 * Promises: whoever is in the voice chat has a link, also over a new connection to the server; whoever left has none. Must never: touch
 * the microphone or the page.
 */
import type { Signal } from "../sync/frames";
import { Link, type LinkState, type Peer, type PeerListener } from "./link.ts";
import { type RtcData, readRtcData } from "./rtcData.ts";

/** Why a stay ended by itself. */
export type Ending = "full" | "elsewhere";

export interface CallPorts {
  me: number;
  send(signal: Signal, to?: number): void;
  peer(listener: PeerListener): Promise<Peer>;
  /** A name for this stay that nobody else has. */
  session(): string;
  changed(): void;
  ended(why: Ending): void;
}

/** Another member in the voice chat, as far as this phone reaches them. */
export interface Other {
  id: number;
  state: LinkState;
  stream: MediaStream | null;
}

/** A member who disappears from the voice chat without leaving is kept for so long, in ms: their connection to the server may only have dropped. */
export const GRACE = 8_000;
/** What the server could not do is asked for again after this, in ms. */
const AGAIN = 2_000;

export class Call {
  readonly #ports: CallPorts;
  readonly #links = new Map<number, Link>();
  readonly #leaving = new Map<number, ReturnType<typeof setTimeout>>();
  /** Who said goodbye, and is still counted by the server. */
  readonly #gone = new Set<number>();
  #voices: readonly number[] = [];
  #session: string | null = null;
  #track: MediaStreamTrack | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(ports: CallPorts) {
    this.#ports = ports;
  }

  get isIn(): boolean {
    return this.#session !== null;
  }

  get others(): Other[] {
    return [...this.#links].map(([id, { state, stream }]) => ({ id, state, stream }));
  }

  /** How loud a member is right now, 0 to 1. */
  level(id: number): number {
    return this.#links.get(id)?.level() ?? 0;
  }

  join(): void {
    if (this.isIn) return;
    this.#session = this.#ports.session();
    this.#on();
    this.#follow();
    this.#ports.changed();
  }

  leave(): void {
    if (!this.isIn) return;
    for (const link of this.#links.values()) link.bye();
    this.#ports.send({ type: "voice", on: false });
    this.#end();
  }

  /** Others are sent this from now on. */
  speak(track: MediaStreamTrack | null): void {
    this.#track = track;
    for (const link of this.#links.values()) link.send(track);
  }

  /** Who is in the voice chat, as the server says. */
  present(voices: readonly number[]): void {
    this.#voices = voices.filter((id) => id !== this.#ports.me);
    if (this.isIn) this.#follow();
  }

  /** The room is open, perhaps on another connection, of which the server knows nothing yet. */
  opened(): void {
    if (this.isIn) this.#on();
  }

  hear(from: number, signal: Signal): void {
    if (!this.isIn) return;
    if (signal.type === "voice" && from === this.#ports.me) this.#heardOfMyself(signal.on);
    else if (signal.type === "voice") {
      this.#gone.delete(from);
      if (signal.on) this.#links.get(from)?.hello();
    } else if (signal.type === "rtc") {
      const data = readRtcData(signal.data);
      if (data !== null && from !== this.#ports.me) this.#heard(from, data);
    }
  }

  refused(code: string): void {
    if (!this.isIn) return;
    if (code === "room_full") {
      this.#end();
      this.#ports.ended("full");
    } else if (code === "too_many" || code === "unavailable") {
      clearTimeout(this.#again);
      this.#again = setTimeout(() => {
        this.#on();
      }, AGAIN);
    }
  }

  #heardOfMyself(on: boolean): void {
    if (on) {
      this.#end();
      this.#ports.ended("elsewhere");
    } else this.#on();
  }

  #heard(from: number, data: RtcData): void {
    if (data.bye === true) {
      this.#leaves(from, data.session);
      return;
    }
    const isNew = !this.#links.has(from);
    // A late word of somebody who has left begins nothing.
    if (isNew && data.hello !== true && data.description === undefined) return;
    this.#gone.delete(from);
    this.#link(from).hear(data);
    if (isNew) this.#follow();
  }

  #leaves(id: number, session: string): void {
    // A late word of a stay that another one followed.
    if (this.#links.get(id)?.isWith(session) === false) return;
    if (this.#voices.includes(id)) this.#gone.add(id);
    this.#close(id);
    this.#ports.changed();
  }

  #on(): void {
    this.#ports.send({ type: "voice", on: true });
  }

  /** A link to each who is in the voice chat. */
  #follow(): void {
    const here = new Set(this.#voices);
    for (const id of this.#gone) if (!here.has(id)) this.#gone.delete(id);
    for (const id of here) {
      clearTimeout(this.#leaving.get(id));
      this.#leaving.delete(id);
      if (!this.#links.has(id) && !this.#gone.has(id)) this.#link(id).hello();
    }
    for (const id of this.#links.keys()) if (!here.has(id)) this.#closeLater(id);
    this.#ports.changed();
  }

  #link(id: number): Link {
    const known = this.#links.get(id);
    if (known !== undefined) return known;
    const link = new Link(this.#session ?? "", this.#ports.me < id, {
      peer: (listener) => this.#ports.peer(listener),
      say: (data) => {
        this.#ports.send({ type: "rtc", data }, id);
      },
      changed: () => {
        this.#ports.changed();
      },
    });
    this.#links.set(id, link);
    link.send(this.#track);
    return link;
  }

  #closeLater(id: number): void {
    if (this.#leaving.has(id)) return;
    const close = () => {
      this.#close(id);
      this.#ports.changed();
    };
    this.#leaving.set(id, setTimeout(close, GRACE));
  }

  #close(id: number): void {
    clearTimeout(this.#leaving.get(id));
    this.#leaving.delete(id);
    this.#links.get(id)?.close();
    this.#links.delete(id);
  }

  #end(): void {
    clearTimeout(this.#again);
    for (const id of [...this.#links.keys()]) this.#close(id);
    this.#gone.clear();
    this.#session = null;
    this.#ports.changed();
  }
}
