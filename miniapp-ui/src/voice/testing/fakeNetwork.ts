/**
 * A room's server and the network between phones, for tests: passes on what calls say, and connects peers whose descriptions fit. Either may
 * lose things.
 */
import type { Signal } from "../../sync/frames";
import { Call, type Ending } from "../call.ts";
import type { Peer, PeerListener, PeerState } from "../link.ts";
import type { Candidate, Description } from "../rtcData.ts";

const MOST = 8;

export class FakeNetwork {
  readonly phones = new Map<number, FakePhone>();
  readonly voices = new Set<number>();
  readonly peers = new Map<string, FakePeer>();
  /** Whether a signal is lost on its way. */
  loses: (from: number, to: number) => boolean = () => false;
  /** Whether two phones can reach each other. */
  reaches: (a: number, b: number) => boolean = () => true;

  phone(id: number): FakePhone {
    const phone = new FakePhone(id, this);
    this.phones.set(id, phone);
    return phone;
  }

  take(from: FakePhone, signal: Signal, to?: number): void {
    // Never within the call: a network answers later.
    setTimeout(() => {
      this.#pass(from, signal, to);
    }, 10);
  }

  #pass(from: FakePhone, signal: Signal, to?: number): void {
    const isHeard = this.phones.get(from.id) === from;
    if (signal.type === "voice" && isHeard) {
      if (signal.on && !this.voices.has(from.id) && this.voices.size >= MOST) {
        from.call.refused("room_full");
        return;
      }
      const was = this.voices.has(from.id);
      if (signal.on) this.voices.add(from.id);
      else this.voices.delete(from.id);
      if (was !== signal.on) this.tell(from.id, signal.on);
      return;
    }
    if (signal.type !== "rtc" || to === undefined || !isHeard) return;
    if (!this.voices.has(from.id) || !this.voices.has(to) || this.loses(from.id, to)) return;
    this.phones
      .get(to)
      ?.call.hear(from.id, { ...signal, data: JSON.parse(JSON.stringify(signal.data)) as unknown });
  }

  /** Somebody is in the voice chat, or is not any more. */
  tell(id: number, on: boolean): void {
    for (const phone of this.phones.values()) {
      if (phone.id === id) continue;
      phone.call.present([...this.voices]);
      phone.call.hear(id, { type: "voice", on });
    }
  }

  /** The server lost this phone's connection, and has it again. */
  reconnects(phone: FakePhone): void {
    this.voices.delete(phone.id);
    this.tell(phone.id, false);
    phone.call.present([...this.voices]);
    phone.call.opened();
  }

  /** Who hears whom, as "1>2". */
  heard(): string[] {
    const all = [...this.peers.values()].filter((peer) => peer.state === "connected" && peer.track !== null);
    return all.map((peer) => `${peer.owner}>${peer.other?.owner ?? 0}`).sort();
  }
}

export class FakePhone {
  readonly call: Call;
  readonly endings: Ending[] = [];
  peersMade = 0;

  readonly id: number;

  constructor(id: number, network: FakeNetwork, session = `${id}-${Math.random()}`) {
    this.id = id;
    this.call = new Call({
      me: id,
      send: (signal, to) => {
        network.take(this, signal, to);
      },
      peer: (listener) => {
        this.peersMade += 1;
        return Promise.resolve(new FakePeer(id, network, listener));
      },
      session: () => session,
      changed: () => undefined,
      ended: (why) => this.endings.push(why),
    });
  }

  joins(network: FakeNetwork): void {
    this.call.present([...network.voices]);
    this.call.join();
  }

  /** How each of the others is reached. */
  get states(): Record<number, string> {
    return Object.fromEntries(this.call.others.map(({ id, state }) => [id, state]));
  }
}

let named = 0;

/** As a browser's: refuses whatever its state does not allow. */
export class FakePeer implements Peer {
  state: PeerState = "new";
  local: Description | null = null;
  track: MediaStreamTrack | null = null;
  readonly #name = `peer-${(named += 1)}`;
  readonly #network: FakeNetwork;
  readonly #listener: PeerListener;
  #signaling: "stable" | "local" | "remote" = "stable";
  #remote: string | null = null;
  #hasAudio = false;
  #offers = 0;

  readonly owner: number;

  constructor(owner: number, network: FakeNetwork, listener: PeerListener) {
    this.owner = owner;
    this.#network = network;
    this.#listener = listener;
    network.peers.set(this.#name, this);
  }

  get isStable(): boolean {
    return this.#signaling === "stable";
  }

  get other(): FakePeer | undefined {
    return this.#network.peers.get(this.#remote ?? "");
  }

  addAudio(): void {
    this.#hasAudio = true;
    this.#needs();
  }

  setLocal(): Promise<Description> {
    if (this.state === "closed") return Promise.reject(new Error("closed"));
    if (this.#signaling === "remote") {
      this.local = { type: "answer", sdp: this.#name };
      this.#signaling = "stable";
      setTimeout(() => {
        this.#settle();
      });
    } else {
      this.#offers += 1;
      this.local = { type: "offer", sdp: this.#name };
      this.#signaling = "local";
    }
    setTimeout(() => {
      if (this.state !== "closed")
        this.#listener.candidate({ candidate: this.#name, sdpMid: "0", sdpMLineIndex: 0 });
    });
    return Promise.resolve(this.local);
  }

  rollback(): Promise<void> {
    if (this.#signaling !== "local") return Promise.reject(new Error(`rollback in ${this.#signaling}`));
    this.#signaling = "stable";
    return Promise.resolve();
  }

  setRemote({ type, sdp }: Description): Promise<void> {
    const expected = type === "offer" ? "stable" : "local";
    if (this.#signaling !== expected) return Promise.reject(new Error(`${type} in ${this.#signaling}`));
    this.#remote = sdp;
    this.#hasAudio = true;
    this.#signaling = type === "offer" ? "remote" : "stable";
    if (type === "answer") this.#settle();
    return Promise.resolve();
  }

  addCandidate(candidate: Candidate): Promise<void> {
    return this.#remote === candidate.candidate
      ? Promise.resolve()
      : Promise.reject(new Error("a candidate of another"));
  }

  restartIce(): void {
    if (this.#hasAudio) this.#needs();
  }

  send(track: MediaStreamTrack | null): Promise<void> {
    if (this.#hasAudio) this.track = track;
    return Promise.resolve();
  }

  level(): number {
    return 0;
  }

  close(): void {
    this.state = "closed";
  }

  /** The way between the two is gone. */
  breaks(): void {
    this.#become("failed");
  }

  #needs(): void {
    setTimeout(() => {
      if (this.state !== "closed" && this.isStable) this.#listener.negotiationNeeded();
    });
  }

  #settle(): void {
    const other = this.other;
    if (other === undefined || other.#remote !== this.#name || other.state === "closed") return;
    if (!this.isStable || !other.isStable || this.state === "closed") return;
    const state = this.#network.reaches(this.owner, other.owner) ? "connected" : "failed";
    for (const peer of [this, other]) peer.#become(state);
  }

  #become(state: PeerState): void {
    if (this.state === state || this.state === "closed") return;
    this.state = state;
    this.#listener.stateChanged();
  }
}
