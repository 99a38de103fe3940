/**
 * The connection to one other phone in a voice chat: perfect negotiation, and what is done when it does not come or breaks.
 *
 * Each side says hello until it knows the other's session. Then the impolite one offers. Both may offer later (a way that broke is looked
 * for anew): where two offers meet, the polite one takes its own back.
 *
 * Promises: what is said to a phone, and by it, is dealt with one at a time and in order; a page that was loaded again is another
 * session, and begins from nothing. Must never: give up while the other is in the voice chat.
 */
import type { Candidate, Description, RtcData } from "./rtcData.ts";

/** `unreachable`: it was tried for long enough to say so; trying goes on. */
export type LinkState = "connecting" | "connected" | "unreachable";

export type PeerState = "new" | "connecting" | "connected" | "disconnected" | "failed" | "closed";

/** The part of a browser's connection that is used. */
export interface Peer {
  readonly state: PeerState;
  /** Neither side waits for an answer. */
  readonly isStable: boolean;
  /** Makes a place for sound, and with that something to negotiate. Whoever answers has it from the offer. */
  addAudio(): void;
  /** Makes an offer, or an answer where there is an offer, and goes by it. */
  setLocal(): Promise<Description>;
  /** The last one that was made. */
  readonly local: Description | null;
  rollback(): Promise<void>;
  setRemote(description: Description): Promise<void>;
  addCandidate(candidate: Candidate): Promise<void>;
  restartIce(): void;
  /** What is sent; null: silence. */
  send(track: MediaStreamTrack | null): Promise<void>;
  /** How loud the other is right now, 0 to 1. */
  level(): number;
  close(): void;
}

export interface PeerListener {
  negotiationNeeded(): void;
  candidate(candidate: Candidate): void;
  stateChanged(): void;
  stream(stream: MediaStream): void;
}

export interface LinkPorts {
  peer(listener: PeerListener): Promise<Peer>;
  say(data: RtcData): void;
  changed(): void;
}

/** Between two looks at whether it is connected, in ms. */
export const TICK = 3_000;
/** After so many looks that it is not, that is said. */
const SAID_AFTER = 5;
/** A way is looked for anew after every so many; the polite one comes in between. */
const RESTART_EVERY = 4;
/** Candidates that come so shortly after each other are sent together, in ms. */
export const TOGETHER = 100;

export class Link {
  readonly #mine: string;
  readonly #polite: boolean;
  readonly #ports: LinkPorts;
  #theirs: string | null = null;
  #peer: Peer | null = null;
  #track: MediaStreamTrack | null = null;
  #stream: MediaStream | null = null;
  #state: LinkState = "connecting";
  #looks = 0;
  #candidates: Candidate[] = [];
  #batch: ReturnType<typeof setTimeout> | undefined;
  readonly #timer: ReturnType<typeof setInterval>;
  /** What is done one after the other. */
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(mine: string, polite: boolean, ports: LinkPorts) {
    this.#mine = mine;
    this.#polite = polite;
    this.#ports = ports;
    this.#timer = setInterval(() => {
      this.#look();
    }, TICK);
  }

  get state(): LinkState {
    return this.#state;
  }

  get stream(): MediaStream | null {
    return this.#stream;
  }

  level(): number {
    return this.#state === "connected" ? (this.#peer?.level() ?? 0) : 0;
  }

  /** Whether it is to this stay of the other, as far as is known. */
  isWith(session: string): boolean {
    return this.#theirs === null || this.#theirs === session;
  }

  hello(): void {
    this.#say({ hello: true });
  }

  bye(): void {
    this.#say({ bye: true });
  }

  /** From now on this is sent. */
  send(track: MediaStreamTrack | null): void {
    this.#track = track;
    this.#next(async (peer) => peer.send(track));
  }

  /** What the other phone says. */
  hear(data: RtcData): void {
    // To a page of mine that is gone.
    if (data.for !== undefined && data.for !== this.#mine) return;
    if (data.session !== this.#theirs) this.#begin(data.session);
    // They do not know me yet.
    if (data.hello === true && data.for === undefined) this.hello();
    const { description, candidates } = data;
    if (description !== undefined) this.#next((peer) => this.#take(peer, description));
    for (const candidate of candidates ?? []) this.#next(async (peer) => peer.addCandidate(candidate));
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#drop();
  }

  #begin(theirs: string): void {
    this.#drop();
    this.#theirs = theirs;
    this.#looks = 0;
    this.#setState("connecting");
    this.#work = this.#open(theirs);
  }

  async #open(theirs: string): Promise<void> {
    const isCurrent = () => !this.#closed && this.#theirs === theirs;
    const guarded =
      <A extends unknown[]>(act: (...args: A) => void) =>
      (...args: A) => {
        if (isCurrent()) act(...args);
      };
    const peer = await this.#ports.peer({
      negotiationNeeded: guarded(() => this.#next((own) => this.#offer(own))),
      candidate: guarded((candidate) => this.#found(candidate)),
      stateChanged: guarded(() => this.#stateChanged()),
      stream: guarded((stream) => {
        this.#stream = stream;
        this.#ports.changed();
      }),
    });
    if (!isCurrent()) {
      peer.close();
      return;
    }
    this.#peer = peer;
    if (this.#polite) return;
    peer.addAudio();
    await peer.send(this.#track);
  }

  #next(act: (peer: Peer) => Promise<void>): void {
    const theirs = this.#theirs;
    this.#work = this.#work
      .then(async () => {
        if (this.#peer !== null && this.#theirs === theirs) await act(this.#peer);
      })
      // What a browser does not take, an old candidate say, changes nothing: the next look finds out.
      .catch(() => undefined);
  }

  async #offer(peer: Peer): Promise<void> {
    // It is asked for again once the answer is there.
    if (peer.isStable) this.#say({ description: await peer.setLocal() });
  }

  async #take(peer: Peer, description: Description): Promise<void> {
    const collides = description.type === "offer" && !peer.isStable;
    if (collides && !this.#polite) return;
    if (collides) await peer.rollback();
    await peer.setRemote(description);
    if (description.type !== "offer") return;
    await peer.send(this.#track);
    this.#say({ description: await peer.setLocal() });
  }

  #found(candidate: Candidate): void {
    this.#candidates.push(candidate);
    this.#batch ??= setTimeout(() => {
      this.#batch = undefined;
      this.#say({ candidates: this.#candidates.splice(0) });
    }, TOGETHER);
  }

  #stateChanged(): void {
    const state = this.#peer?.state;
    if (state === "connected") {
      this.#looks = 0;
      this.#setState("connected");
    } else if (state === "failed") {
      this.#setState("connecting");
      this.#restart();
    }
  }

  #look(): void {
    if (this.#peer?.state === "connected") {
      this.#looks = 0;
      return;
    }
    this.#looks += 1;
    if (this.#theirs === null) this.hello();
    else if (this.#looks % RESTART_EVERY === (this.#polite ? 0 : 2)) this.#restart();
    if (this.#looks >= SAID_AFTER) this.#setState("unreachable");
    else if (this.#looks > 1) this.#setState("connecting");
  }

  #restart(): void {
    this.#next(async (peer) => {
      // An offer that was lost on its way is said again.
      if (!peer.isStable && peer.local !== null) this.#say({ description: peer.local });
      else peer.restartIce();
      await Promise.resolve();
    });
  }

  #setState(state: LinkState): void {
    if (state === this.#state) return;
    // Until there is a way again it stays said that there is none.
    if (this.#state === "unreachable" && state === "connecting" && this.#looks > 0) return;
    this.#state = state;
    this.#ports.changed();
  }

  #say(what: Omit<RtcData, "session" | "for">): void {
    this.#ports.say({
      session: this.#mine,
      ...(this.#theirs === null ? {} : { for: this.#theirs }),
      ...what,
    });
  }

  #drop(): void {
    clearTimeout(this.#batch);
    this.#batch = undefined;
    this.#candidates = [];
    this.#peer?.close();
    this.#peer = null;
    this.#stream = null;
  }
}
