/**
 * Twitch: a channel, a video or a clip, by the messages that its own frame understands.
 *
 * Promises nothing below the size that Twitch plays in: there it is `too_narrow`, and plays on once there is room. A channel is live; a clip
 * only shows, since its frame hears nobody.
 */
import {
  type Capabilities,
  type Player,
  type PlayerError,
  type PlayerState,
  TWITCH_LEAST,
} from "../watching/players/adapter";
import type { Opening } from "../watching/players/messages";
import { Embed, fields, finite } from "./embed";
import { Frozen } from "./frozen";
import { Listeners } from "./listeners";
import { PendingPlays } from "./plays";

const PAUSE = 2;
const PLAY = 3;
const SEEK = 4;
const MUTE = 10;
const VOLUME = 11;

/** Telegram's web clients: Twitch asks for the name of every page around it. */
const AROUND = ["web.telegram.org", "webk.telegram.org", "weba.telegram.org", "webz.telegram.org"];
const SILENT_MS = 20_000;
/** Without a sign of playing for so long after it was asked to, the browser has refused. */
const REFUSED_MS = 4_000;

type Playback = "idle" | "playing" | "buffering" | "ended";

export class TwitchPlayer implements Player {
  readonly #place: HTMLElement;
  readonly #opening: Opening;
  readonly #listeners = new Listeners();
  readonly #frozen = new Frozen();
  readonly #size: ResizeObserver;
  readonly #what: { video?: string; channel?: string; clip?: string };
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #embed: Embed | null = null;
  #ready = false;
  #playback: Playback = "idle";
  /** What it does once it has loaded. */
  #wanted = false;
  #position_s: number;
  #measured_at = performance.now();
  #duration_s: number | null = null;
  #ad = false;
  #narrow = false;
  #error: PlayerError | null = null;
  readonly #plays = new PendingPlays();

  constructor(place: HTMLElement, opening: Opening) {
    this.#place = place;
    this.#opening = opening;
    this.#position_s = opening.start_s;
    this.#what = shownAt(opening.url);
    this.#size = new ResizeObserver(() => {
      this.#measure();
    });
    this.#size.observe(place);
    this.#measure();
  }

  get capabilities(): Capabilities {
    const live = this.#what.channel !== undefined;
    return {
      rate: false,
      seek: this.#ready && this.#what.video !== undefined,
      live,
      ads: true,
      exact: false,
    };
  }

  state(): PlayerState {
    return {
      position_s: this.#position_s,
      measured_at: this.#measured_at,
      paused: !this.#ad && this.#playback !== "playing" && !(this.#playback === "buffering" && this.#wanted),
      buffering: !this.#ready || this.#playback === "buffering",
      ad: this.#ad,
      ended: this.#playback === "ended",
      rate: 1,
      duration_s: this.#what.video === undefined ? null : this.#duration_s,
      error: this.#narrow ? "too_narrow" : this.#error,
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
    this.#command(PAUSE);
  }

  seek(position_s: number): void {
    if (!this.capabilities.seek) return;
    this.#frozen.reset();
    this.#command(SEEK, position_s);
  }

  /** It has one. */
  rate(): void {
    return;
  }

  mute(muted: boolean): void {
    this.#command(MUTE, muted);
  }

  volume(volume: number): void {
    this.#command(VOLUME, volume);
  }

  on: Player["on"] = (listener) => this.#listeners.on(listener);

  destroy(): void {
    this.#size.disconnect();
    this.#timers.forEach(clearTimeout);
    this.#listeners.clear();
    this.#plays.answer("playing");
    this.#embed?.destroy();
  }

  #measure(): void {
    const { clientWidth, clientHeight } = this.#place;
    const narrow = clientWidth < TWITCH_LEAST.width || clientHeight < TWITCH_LEAST.height;
    if (!narrow) this.#embed ??= this.#load();
    if (narrow === this.#narrow) return;
    this.#narrow = narrow;
    if (narrow) {
      this.pause();
      this.#listeners.tell("error");
    } else if (this.#ready) this.#listeners.tell("ready");
  }

  #load(): Embed {
    this.#later(SILENT_MS, () => {
      if (!this.#ready) this.#fail("unreachable");
    });
    const page = pageOf(this.#what, this.#opening);
    const onLoad = () => {
      if (this.#what.clip !== undefined) this.#isReady();
    };
    return new Embed(
      this.#place,
      page,
      (data) => {
        this.#hear(data);
      },
      onLoad,
    );
  }

  #begin(): void {
    // A clip has its own button, and tells nobody.
    if (this.#what.clip !== undefined) {
      this.#plays.answer("playing");
      return;
    }
    this.#wanted = true;
    this.#command(PLAY);
    this.#later(REFUSED_MS, () => {
      if (this.#playback === "idle") this.#refused();
    });
  }

  #refused(): void {
    if (this.#plays.isEmpty) return;
    this.#wanted = false;
    this.#plays.answer("blocked");
    this.#listeners.tell("blocked");
  }

  #hear(data: unknown): void {
    const { namespace, eventName, params } = fields(data);
    if (namespace === "twitch-embed-player-proxy" && eventName === "UPDATE_STATE") this.#take(fields(params));
    if (namespace !== "twitch-embed") return;
    switch (eventName) {
      case "ready":
        this.#isReady();
        break;
      case "playing":
        this.#turn("playing");
        break;
      case "pause":
        this.#turn("idle");
        break;
      case "ended":
        this.#turn("ended");
        break;
      case "playbackBlocked":
        this.#refused();
        break;
      case "seek":
        this.#listeners.tell("seeked");
        break;
      case "offline":
        this.#fail("gone");
        break;
      case "online":
        this.#error = null;
        break;
      case "error":
        this.#fail("unsupported");
        break;
    }
  }

  #isReady(): void {
    if (this.#ready) return;
    this.#ready = true;
    this.#error = null;
    this.#listeners.tell("capabilities", "ready");
    if (!this.#plays.isEmpty) this.#begin();
  }

  #take({ playback, currentTime, duration }: Record<string, unknown>): void {
    const duration_s = finite(duration);
    if (duration_s !== null && duration_s > 0 && duration_s !== this.#duration_s) {
      this.#duration_s = duration_s;
      this.#listeners.tell("duration");
    }
    const now = performance.now();
    const position_s = finite(currentTime);
    if (position_s !== null) {
      this.#position_s = position_s;
      this.#measured_at = now;
    }
    if (playback === "Playing") this.#turn("playing");
    else if (playback === "Buffering") this.#turn("buffering");
    else if (playback === "Ended") this.#turn("ended");
    else if (playback === "Idle") this.#turn("idle");
    if (position_s === null || this.#playback !== "playing") return;
    this.#advertises(this.#frozen.reported(position_s, now));
  }

  #turn(playback: Playback): void {
    if (playback === this.#playback) return;
    this.#playback = playback;
    this.#frozen.reset();
    if (playback !== "buffering") this.#wanted = playback === "playing";
    if (playback === "playing") this.#plays.answer("playing");
    const event = { idle: "paused", playing: "playing", buffering: "waiting", ended: "ended" } as const;
    this.#listeners.tell(event[playback]);
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

  #command(eventName: number, params?: unknown): void {
    if (this.#ready) this.#embed?.send({ namespace: "twitch-embed-player-proxy", eventName, params });
  }

  #later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }
}

function shownAt(address: string): { video?: string; channel?: string; clip?: string } {
  const { hostname, pathname } = new URL(address);
  const [first = "", second = ""] = pathname.split("/").slice(1);
  if (hostname === "clips.twitch.tv") return { clip: first };
  return first === "videos" ? { video: `v${second}` } : { channel: first };
}

/** The page that Twitch has for framing it. */
export function pageOf(what: Record<string, string>, { start_s, muted }: Opening): string {
  const page = new URL(
    what.clip === undefined ? "https://player.twitch.tv/" : "https://clips.twitch.tv/embed",
  );
  const options = {
    ...what,
    autoplay: "false",
    muted: String(muted),
    ...(start_s > 0 && what.video !== undefined ? { time: `${Math.floor(start_s)}s` } : {}),
  };
  for (const [name, value] of Object.entries(options)) page.searchParams.set(name, value);
  for (const parent of [location.hostname, ...AROUND]) page.searchParams.append("parent", parent);
  return page.href;
}
