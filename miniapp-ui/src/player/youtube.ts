/**
 * YouTube, by the messages that its own frame understands: those that its script for pages sends.
 *
 * Promises its reports as they are, with the moment they were measured; an advertisement as such, and a refusal to play without a tap.
 * Its script is not loaded: see `embed.ts`.
 */
import type { Capabilities, Player, PlayerError, PlayerState } from "../watching/players/adapter";
import type { Opening } from "../watching/players/messages";
import { Embed, fields, finite } from "./embed";
import { Frozen } from "./frozen";
import { Listeners } from "./listeners";
import { PendingPlays } from "./plays";

const ORIGIN = "https://www.youtube-nocookie.com";

const UNSTARTED = -1;
const ENDED = 0;
const PLAYING = 1;
const PAUSED = 2;
const BUFFERING = 3;
const CUED = 5;

/** How often it is asked to speak until it does, and for how long before it counts as unreachable. */
const ASK_MS = 250;
const SILENT_MS = 20_000;
/** Without a sign of a film or an advertisement for so long after it was asked to play, the browser has refused. */
const REFUSED_MS = 4_000;
/** It began to load and stands at the beginning again for so long: what plays is an advertisement. */
const PREROLL_MS = 1_000;
/** A seek that is not seen to arrive within this is over. */
const SEEK_MS = 3_000;
/** So near to where it was sent, in seconds, a film has arrived. */
const ARRIVED_S = 1.5;
/** A film whose length changes by more, in seconds, shows something else: an advertisement. */
const OTHER_LENGTH_S = 1;
/** A report that says it is older than this, in milliseconds, has another clock. */
const OLDEST_MS = 1_000;

/** What it says when it cannot: https://developers.google.com/youtube/iframe_api_reference#onError */
const ERRORS: Partial<Record<number, PlayerError>> = {
  2: "gone",
  5: "unsupported",
  100: "gone",
  101: "not_allowed_to_embed",
  150: "not_allowed_to_embed",
  // It was sent no referrer.
  153: "not_allowed_to_embed",
};

export class YoutubePlayer implements Player {
  readonly #embed: Embed;
  readonly #listeners = new Listeners();
  readonly #frozen = new Frozen();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  readonly #asking: ReturnType<typeof setInterval>;
  readonly #muted: boolean;
  #playerState = UNSTARTED;
  #position_s: number;
  #measured_at = performance.now();
  #duration_s: number | null = null;
  /** The film's own length, which no advertisement has. */
  #longest_s = 0;
  #rate = 1;
  #rates = 0;
  #live = false;
  #ready = false;
  #ad = false;
  #error: PlayerError | null = null;
  #seek: { to: number; until: number } | null = null;
  /** Where to begin once it is played: seeking a film that was not begun would begin it. */
  #begin_s: number | null = null;
  #loadedSome = false;
  /** What it does once it has loaded. */
  #wanted = false;
  readonly #plays = new PendingPlays();

  constructor(place: HTMLElement, { url, start_s, muted, language }: Opening) {
    this.#position_s = start_s;
    this.#muted = muted;
    this.#embed = new Embed(
      place,
      pageOf(url, start_s, language),
      (data) => {
        this.#hear(data);
      },
      () => {
        this.#send({ event: "listening" });
      },
    );
    this.#asking = setInterval(() => {
      this.#send({ event: "listening" });
    }, ASK_MS);
    this.#later(SILENT_MS, () => {
      if (!this.#ready) this.#fail("unreachable");
    });
  }

  get capabilities(): Capabilities {
    const rate = this.#ready && !this.#live && this.#rates > 1;
    return { rate, seek: this.#ready && !this.#live, live: this.#live, ads: true, exact: false };
  }

  state(): PlayerState {
    const now = performance.now();
    const seeking = this.#seek !== null && now < this.#seek.until ? this.#seek : null;
    const at = seeking?.to ?? this.#begin_s ?? this.#position_s;
    return {
      position_s: at,
      measured_at: seeking === null && this.#begin_s === null ? this.#measured_at : now,
      paused:
        !this.#ad && this.#playerState !== PLAYING && !(this.#playerState === BUFFERING && this.#wanted),
      buffering: !this.#ready || (!this.#ad && (this.#playerState === BUFFERING || seeking !== null)),
      ad: this.#ad,
      ended: this.#playerState === ENDED,
      rate: this.#rate,
      duration_s: this.#live ? null : this.#duration_s,
      error: this.#error,
    };
  }

  play(): Promise<"playing" | "blocked"> {
    return new Promise((done) => {
      this.#plays.add(done);
      if (this.#ready) this.#begin();
    });
  }

  pause(): void {
    this.#wanted = false;
    this.#plays.answer("playing");
    this.#command("pauseVideo");
  }

  seek(position_s: number): void {
    if (!this.#ready || this.#live) return;
    if ([UNSTARTED, CUED].includes(this.#playerState) && !this.#ad) {
      this.#begin_s = position_s;
      return;
    }
    this.#seek = { to: position_s, until: performance.now() + SEEK_MS };
    this.#frozen.reset();
    this.#command("seekTo", position_s, true);
  }

  rate(rate: number): void {
    this.#command("setPlaybackRate", rate);
  }

  mute(muted: boolean): void {
    this.#command(muted ? "mute" : "unMute");
  }

  volume(volume: number): void {
    this.#command("setVolume", Math.round(volume * 100));
  }

  on: Player["on"] = (listener) => this.#listeners.on(listener);

  destroy(): void {
    clearInterval(this.#asking);
    this.#timers.forEach(clearTimeout);
    this.#listeners.clear();
    this.#plays.answer("playing");
    this.#embed.destroy();
  }

  #begin(): void {
    this.#wanted = true;
    if (this.#begin_s !== null) {
      this.#seek = { to: this.#begin_s, until: performance.now() + SEEK_MS };
      this.#command("seekTo", this.#begin_s, true);
      this.#begin_s = null;
    }
    this.#command("playVideo");
    this.#later(REFUSED_MS, () => {
      if ([UNSTARTED, CUED, PAUSED].includes(this.#playerState) && !this.#ad) this.#refused();
    });
  }

  #refused(): void {
    if (this.#plays.isEmpty) return;
    this.#wanted = false;
    this.#plays.answer("blocked");
    this.#listeners.tell("blocked");
  }

  #hear(data: unknown): void {
    const { event, info } = fields(read(data));
    clearInterval(this.#asking);
    switch (event) {
      case "initialDelivery":
      case "infoDelivery":
        this.#take(fields(info));
        if (event === "initialDelivery") this.#isReady();
        break;
      case "onReady":
        this.#isReady();
        break;
      case "onStateChange":
        this.#turn(finite(info));
        break;
      case "onAutoplayBlocked":
        this.#refused();
        break;
      case "onError":
        this.#fail(ERRORS[finite(info) ?? 0] ?? "unsupported");
        break;
    }
  }

  #isReady(): void {
    if (this.#ready) return;
    this.#ready = true;
    this.#error = null;
    for (const event of ["onStateChange", "onError", "onAutoplayBlocked"])
      this.#command("addEventListener", event);
    this.#command(this.#muted ? "mute" : "unMute");
    this.#listeners.tell("capabilities", "ready");
    if (!this.#plays.isEmpty) this.#begin();
  }

  /** What it has to report, of which each report has a part. */
  #take(info: Record<string, unknown>): void {
    this.#takeFilm(info);
    const rate = finite(info.playbackRate);
    if (rate !== null && rate !== this.#rate) {
      this.#rate = rate;
      this.#listeners.tell("ratechange");
    }
    // A playlist goes on by itself, on each phone when it likes: the room decides what comes next.
    if ((finite(info.playlistIndex) ?? 0) > 0) {
      this.#command("stopVideo");
      this.#turn(ENDED);
      return;
    }
    this.#turn(finite(info.playerState));
    const position_s = finite(info.currentTime);
    if (position_s !== null) this.#moved(position_s, finite(info.currentTimeLastUpdated_));
  }

  /** Its length, its rates, and whether it is a broadcast. */
  #takeFilm({ availablePlaybackRates, videoData, duration }: Record<string, unknown>): void {
    const rates = Array.isArray(availablePlaybackRates) ? availablePlaybackRates.length : this.#rates;
    const isLive = fields(videoData).isLive;
    const live = typeof isLive === "boolean" ? isLive : this.#live;
    if (rates !== this.#rates || live !== this.#live) {
      this.#rates = rates;
      this.#live = live;
      this.#listeners.tell("capabilities");
    }
    const duration_s = finite(duration);
    if (duration_s === null || duration_s <= 0 || live) return;
    if (duration_s < this.#longest_s - OTHER_LENGTH_S) {
      this.#advertises(true);
      return;
    }
    this.#longest_s = Math.max(this.#longest_s, duration_s);
    if (this.#duration_s !== duration_s) {
      this.#duration_s = duration_s;
      this.#listeners.tell("duration");
    }
  }

  #moved(position_s: number, updated_s: number | null): void {
    const now = performance.now();
    const age = updated_s === null ? 0 : Date.now() - updated_s * 1_000;
    const moves = position_s !== this.#position_s;
    this.#position_s = position_s;
    this.#measured_at = now - (age >= 0 && age <= OLDEST_MS ? age : 0);
    if (this.#seek !== null && Math.abs(position_s - this.#seek.to) <= ARRIVED_S) this.#arrive();
    if (this.#playerState !== PLAYING) return;
    if (this.#frozen.reported(position_s, now)) this.#advertises(true);
    else if (moves && this.#isWhole()) this.#advertises(false);
  }

  #isWhole(): boolean {
    return this.#live || (this.#duration_s ?? 0) >= this.#longest_s - OTHER_LENGTH_S;
  }

  #arrive(): void {
    this.#seek = null;
    this.#frozen.reset();
    this.#listeners.tell("seeked");
  }

  #turn(playerState: number | null): void {
    if (playerState === null || playerState === this.#playerState) return;
    const before = this.#playerState;
    this.#playerState = playerState;
    this.#frozen.reset();
    if (playerState === PLAYING) this.#wanted = true;
    if ([PAUSED, ENDED].includes(playerState)) this.#wanted = false;
    switch (playerState) {
      case PLAYING:
        this.#plays.answer("playing");
        // Before a film plays, the advertisement before it is over.
        if (before === UNSTARTED || before === BUFFERING) this.#advertises(false);
        this.#listeners.tell("playing");
        break;
      case BUFFERING:
        this.#loadedSome = true;
        if (this.#wanted) this.#listeners.tell("waiting");
        break;
      case UNSTARTED:
        this.#perhapsPreroll();
        break;
      case ENDED:
        this.#advertises(false);
        this.#listeners.tell("ended");
        break;
      default:
        this.#listeners.tell("paused");
    }
  }

  /** It loaded, and has not begun: an advertisement comes first, unless the browser refuses and it says so. */
  #perhapsPreroll(): void {
    if (!this.#loadedSome || this.#plays.isEmpty) return;
    this.#later(PREROLL_MS, () => {
      if (this.#playerState !== UNSTARTED || this.#plays.isEmpty) return;
      this.#plays.answer("playing");
      this.#advertises(true);
    });
  }

  #advertises(ad: boolean): void {
    if (this.#ad === ad) return;
    this.#ad = ad;
    this.#listeners.tell(ad ? "ad" : "adEnded");
  }

  #fail(error: PlayerError): void {
    this.#error = error;
    this.#plays.answer("playing");
    this.#listeners.tell("error");
  }

  #command(func: string, ...args: unknown[]): void {
    if (this.#ready) this.#send({ event: "command", func, args });
  }

  #send(message: Record<string, unknown>): void {
    this.#embed.send(JSON.stringify({ ...message, id: 1, channel: "widget" }));
  }

  #later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }
}

/** The page that YouTube has for framing a film, a playlist or a channel's broadcast. */
export function pageOf(address: string, start_s: number, language: string): string {
  const asked = new URL(address);
  const video = asked.searchParams.get("v");
  const list = asked.searchParams.get("list");
  const channel = /^\/channel\/([\w-]+)\/live$/.exec(asked.pathname)?.[1];
  const page = new URL(ORIGIN);
  page.pathname =
    video !== null
      ? `/embed/${encodeURIComponent(video)}`
      : channel !== undefined
        ? "/embed/live_stream"
        : "/embed/videoseries";
  const options = {
    ...(video === null && channel !== undefined ? { channel } : {}),
    ...(video === null && channel === undefined && list !== null ? { list } : {}),
    enablejsapi: "1",
    origin: location.origin,
    start: String(Math.floor(start_s)),
    hl: language,
    playsinline: "1",
    rel: "0",
    iv_load_policy: "3",
    // The room's own controls are the ones that everybody hears of.
    controls: "0",
    disablekb: "1",
    fs: "0",
  };
  for (const [name, value] of Object.entries(options)) page.searchParams.set(name, value);
  return page.href;
}

function read(data: unknown): unknown {
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
