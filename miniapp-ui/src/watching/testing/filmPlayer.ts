/** A player without a picture: runs by `performance.now()`, loads for as long as a test says, and may want a touch. */
import type { Capabilities, Player, PlayerEvent, PlayerState } from "../players/adapter";

const EXACT: Capabilities = { rate: true, seek: true, live: false, ads: false, exact: true };

export class FilmPlayer implements Player {
  /** Everything that was asked of it. */
  readonly calls: string[] = [];
  wantsTouch = false;
  buffering = false;
  ad = false;
  error: string | null = null;
  readonly #listeners = new Set<(event: PlayerEvent) => void>();
  #from = { position_s: 0, at: performance.now() };
  #rate = 1;
  #paused = true;

  readonly capabilities = EXACT;
  readonly #duration_s: number;

  constructor(duration_s = 5_400) {
    this.#duration_s = duration_s;
  }

  state(): PlayerState {
    const position_s = this.#position();
    return {
      position_s,
      measured_at: performance.now(),
      paused: this.#paused,
      buffering: this.buffering,
      ad: this.ad,
      ended: position_s >= this.#duration_s,
      rate: this.#rate,
      duration_s: this.#duration_s,
      error: this.error,
    };
  }

  play(): Promise<"playing" | "blocked"> {
    this.calls.push("play");
    if (this.wantsTouch) return Promise.resolve("blocked");
    this.#anew(() => {
      this.#paused = false;
    });
    this.say("playing");
    return Promise.resolve("playing");
  }

  pause(): void {
    this.calls.push("pause");
    this.#anew(() => {
      this.#paused = true;
    });
  }

  seek(position_s: number): void {
    this.calls.push("seek");
    this.#from = { position_s, at: performance.now() };
  }

  rate(rate: number): void {
    this.calls.push("rate");
    this.#anew(() => {
      this.#rate = rate;
    });
  }

  mute(): void {
    this.calls.push("mute");
  }

  volume(): void {
    this.calls.push("volume");
  }

  on(listener: (event: PlayerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  destroy(): void {
    this.calls.push("destroy");
  }

  /** The network is slow, or fast again. */
  loads(buffering: boolean): void {
    this.#anew(() => {
      this.buffering = buffering;
    });
    this.say(buffering ? "waiting" : "playing");
  }

  say(event: PlayerEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  #position(): number {
    const runs = !this.#paused && !this.buffering && !this.ad;
    const passed_s = runs ? ((performance.now() - this.#from.at) / 1000) * this.#rate : 0;
    return Math.min(this.#duration_s, this.#from.position_s + passed_s);
  }

  #anew(change: () => void): void {
    this.#from = { position_s: this.#position(), at: performance.now() };
    change();
  }
}
