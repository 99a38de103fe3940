/**
 * A film that the browser plays itself: a file, or a stream that something feeds to a `<video>`.
 *
 * Promises the picture's own position. One element serves every film of a document, so that a tap that allowed one to play allows the
 * next.
 */
import type { Capabilities, Player, PlayerError, PlayerState } from "../watching/players/adapter";
import type { Opening } from "../watching/players/messages";
import { Listeners } from "./listeners";

/** Gives the element its film and says when it cannot; the answer takes it away again. */
export type Feed = (video: HTMLVideoElement, fail: (error: PlayerError) => void) => () => void;

/** How long a film may take to say what it is before it counts as unreachable; it may still come. */
const METADATA_MS = 30_000;

let shared: HTMLVideoElement | undefined;

function element(): HTMLVideoElement {
  shared ??= document.createElement("video");
  return shared;
}

export function filePlayer(place: HTMLElement, opening: Opening): Player {
  return new VideoPlayer(place, opening, (video, fail) => {
    const onError = () => {
      fail(errorOf(video.error));
    };
    video.addEventListener("error", onError);
    video.src = opening.url;
    return () => {
      video.removeEventListener("error", onError);
    };
  });
}

/** What the browser says of a film that it does not play. Chromium says more in words. */
export function errorOf(error: MediaError | null): PlayerError {
  const words = error?.message ?? "";
  if (/\b(404|410)\b/.test(words)) return "gone";
  if (/\b(401|403|451)\b/.test(words)) return "not_allowed_to_embed";
  if (error === null || error.code === error.MEDIA_ERR_NETWORK) return "unreachable";
  if (error.code === error.MEDIA_ERR_SRC_NOT_SUPPORTED && /\b5\d\d\b|network|fetch/i.test(words))
    return "unreachable";
  return "unsupported";
}

export class VideoPlayer implements Player {
  readonly #video = element();
  readonly #listeners = new Listeners();
  readonly #isFile: boolean;
  readonly #start_s: number;
  readonly #unfeed: () => void;
  readonly #events: readonly [string, () => void][];
  readonly #patience: ReturnType<typeof setTimeout>;
  #error: PlayerError | null = null;

  constructor(place: HTMLElement, { kind, start_s, muted }: Opening, feed: Feed) {
    const video = this.#video;
    this.#isFile = kind === "file";
    this.#start_s = start_s;
    video.setAttribute("playsinline", "");
    video.preload = "auto";
    video.muted = muted;
    video.playbackRate = video.defaultPlaybackRate = 1;
    this.#events = this.#heard();
    for (const [name, listener] of this.#events) video.addEventListener(name, listener);
    place.append(video);
    this.#patience = setTimeout(() => {
      if (video.readyState < video.HAVE_METADATA) this.#fail("unreachable");
    }, METADATA_MS);
    this.#unfeed = feed(video, (error) => {
      this.#fail(error);
    });
  }

  get capabilities(): Capabilities {
    const known = this.#video.readyState >= this.#video.HAVE_METADATA;
    // A file whose end is not written in it has none either, and is no broadcast.
    const live = known && !this.#isFile && this.#video.duration === Infinity;
    return { rate: known && !live, seek: known && !live, live, ads: false, exact: true };
  }

  state(): PlayerState {
    const { currentTime, paused, ended, seeking, readyState, HAVE_FUTURE_DATA, HAVE_METADATA } = this.#video;
    const known = readyState >= HAVE_METADATA;
    return {
      position_s: known ? currentTime : this.#start_s,
      measured_at: performance.now(),
      paused,
      buffering: seeking || (!ended && readyState < (paused ? HAVE_METADATA : HAVE_FUTURE_DATA)),
      ad: false,
      ended,
      rate: this.#video.playbackRate,
      duration_s: Number.isFinite(this.#video.duration) ? this.#video.duration : null,
      error: this.#error,
    };
  }

  async play(): Promise<"playing" | "blocked"> {
    try {
      await this.#video.play();
    } catch (error) {
      // Anything else is a pause that came first, or a film that does not play: its state has that.
      if (!(error instanceof DOMException) || error.name !== "NotAllowedError") return "playing";
      this.#listeners.tell("blocked");
      return "blocked";
    }
    return "playing";
  }

  pause(): void {
    this.#video.pause();
  }

  seek(position_s: number): void {
    if (this.capabilities.seek) this.#video.currentTime = position_s;
  }

  rate(rate: number): void {
    try {
      this.#video.playbackRate = this.#video.defaultPlaybackRate = rate;
    } catch {
      // Not a rate of this browser's: it goes on with the one it has.
    }
  }

  mute(muted: boolean): void {
    this.#video.muted = muted;
  }

  volume(volume: number): void {
    this.#video.volume = volume;
  }

  on: Player["on"] = (listener) => this.#listeners.on(listener);

  destroy(): void {
    clearTimeout(this.#patience);
    this.#listeners.clear();
    for (const [name, listener] of this.#events) this.#video.removeEventListener(name, listener);
    this.#unfeed();
    this.#video.pause();
    this.#video.removeAttribute("src");
    // Without this the old film goes on loading.
    this.#video.load();
    this.#video.remove();
  }

  #heard(): readonly [string, () => void][] {
    const video = this.#video;
    const { tell } = { tell: this.#listeners.tell.bind(this.#listeners) };
    return [
      [
        "loadedmetadata",
        () => {
          clearTimeout(this.#patience);
          this.#error = null;
          if (this.#start_s > 0 && this.#start_s < (video.duration || Infinity))
            video.currentTime = this.#start_s;
          tell("capabilities", "ready");
        },
      ],
      ["durationchange", () => tell("duration")],
      ["playing", () => tell("playing")],
      ["waiting", () => tell("waiting")],
      // Browsers pause a film that ends, and say so first.
      ["pause", () => (video.ended ? undefined : tell("paused"))],
      ["ended", () => tell("ended")],
      ["seeked", () => tell("seeked")],
      ["ratechange", () => tell("ratechange")],
    ];
  }

  #fail(error: PlayerError): void {
    this.#error = error;
    this.#listeners.tell("error");
  }
}
