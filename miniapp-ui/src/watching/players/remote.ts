/**
 * The app's side of the players: opens the document that has them in a frame, and is the {@link Player} that it shows.
 *
 * Promises a state whose `measured_at` is this page's time, whichever document measured it, and nothing of an earlier film once another
 * is shown. What is asked before the document is there is asked when it is.
 */
import type { Capabilities, Media, Player, PlayerEvent, PlayerState } from "./adapter";
import { PlayerClock } from "./clock";
import {
  type Opening,
  type Order,
  type PlayerWords,
  RATE_LEAST,
  RATE_MOST,
  type Report,
  SUBTITLES_SHIFT_MOST,
  type SubtitlesOutcome,
  type SubtitlesSource,
  hear,
  isReport,
} from "./messages";
import { START_LATEST_S } from "./time";

/** Where the server has the document. */
const DOCUMENT = "/player";
/** Orders that wait until the document is there, and askers to play for their answer; of more, the oldest are forgotten. */
const WAITING_MOST = 50;

export interface Shown {
  media: Pick<Media, "kind" | "url"> & { start_s?: number };
  muted?: boolean;
}

export interface RemotePlayer extends Player {
  readonly frame: HTMLIFrameElement;
  /** Another film, in the same document: what a tap has allowed stays allowed. */
  show(shown: Shown): void;
  subtitles(source: SubtitlesSource | null): void;
  shiftSubtitles(offset_ms: number, shown: boolean): void;
  onSubtitles(listener: (outcome: SubtitlesOutcome) => void): () => void;
}

const NOTHING_YET: Capabilities = { rate: false, seek: false, live: false, ads: false, exact: false };

/** Opens the document in `place`, which gives it its size. */
export function openPlayer(
  place: HTMLElement,
  shown: Shown,
  { words, language, title }: { words: PlayerWords; language: string; title: string },
): RemotePlayer {
  const frame = document.createElement("iframe");
  frame.title = title;
  frame.src = DOCUMENT;
  frame.allow = "autoplay; fullscreen; picture-in-picture; encrypted-media";
  frame.setAttribute("allowfullscreen", "");
  frame.style.cssText = "display:block;width:100%;height:100%;border:0";
  const player = new Remote(frame, words, language);
  player.show(shown);
  place.append(frame);
  return player;
}

class Remote implements RemotePlayer {
  readonly frame: HTMLIFrameElement;
  capabilities: Capabilities = NOTHING_YET;
  readonly #words: PlayerWords;
  readonly #language: string;
  readonly #listeners = new Set<(event: PlayerEvent) => void>();
  readonly #subtitlesListeners = new Set<(outcome: SubtitlesOutcome) => void>();
  /** Who waits for an answer to `play`, in the order they asked. */
  #plays: { play: number; done: (outcome: "playing" | "blocked") => void }[] = [];
  readonly #stop: () => void;
  readonly #clock = new PlayerClock((sent) => {
    this.#send({ type: "clock", sent });
  });
  #state = fresh(0);
  #film = 0;
  #asked = 0;
  #opening: Opening | null = null;
  /** What was set stays set for the next film. */
  #volume: number | null = null;
  /** What was put on for this film. */
  #titles: Order | null = null;
  #shift: Order | null = null;
  /** What waits for the document; null once it is there. */
  #waiting: Order[] | null = [];

  constructor(frame: HTMLIFrameElement, words: PlayerWords, language: string) {
    this.frame = frame;
    this.#words = words;
    this.#language = language;
    this.#stop = hear(
      () => frame.contentWindow,
      location.origin,
      isReport,
      (report) => {
        this.#hear(report);
      },
    );
  }

  state(): PlayerState {
    return this.#state;
  }

  show({ media, muted = false }: Shown): void {
    const { kind, url } = media;
    const start_s = bounded(media.start_s ?? 0, 0, START_LATEST_S);
    this.#film += 1;
    this.capabilities = NOTHING_YET;
    this.#state = fresh(start_s);
    this.#answerPlays(this.#asked, "blocked");
    this.#titles = null;
    const [film, language, words] = [this.#film, this.#language, this.#words];
    this.#opening = { type: "open", film, kind, url, start_s, muted, language, words };
    for (const order of this.#opened(start_s)) this.#order(order);
  }

  play(): Promise<"playing" | "blocked"> {
    const play = (this.#asked += 1);
    this.#answerPlays(play - WAITING_MOST, "blocked");
    return new Promise((done) => {
      this.#plays.push({ play, done });
      this.#order({ type: "play", play });
    });
  }

  pause(): void {
    this.#order({ type: "pause" });
  }

  seek(position_s: number): void {
    this.#order({ type: "seek", position_s: bounded(position_s, 0, START_LATEST_S) });
  }

  rate(rate: number): void {
    this.#order({ type: "rate", rate: bounded(rate, RATE_LEAST, RATE_MOST) });
  }

  mute(muted: boolean): void {
    this.#order({ type: "mute", muted });
  }

  volume(volume: number): void {
    this.#volume = bounded(volume, 0, 1);
    this.#order({ type: "volume", volume: this.#volume });
  }

  subtitles(source: SubtitlesSource | null): void {
    this.#titles = source === null ? null : { type: "subtitles", source };
    this.#order({ type: "subtitles", source });
  }

  shiftSubtitles(offset_ms: number, shown: boolean): void {
    const most = SUBTITLES_SHIFT_MOST;
    this.#shift = { type: "subtitles_shift", offset_ms: bounded(offset_ms, -most, most), shown };
    this.#order(this.#shift);
  }

  on(listener: (event: PlayerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onSubtitles(listener: (outcome: SubtitlesOutcome) => void): () => void {
    this.#subtitlesListeners.add(listener);
    return () => this.#subtitlesListeners.delete(listener);
  }

  destroy(): void {
    this.#stop();
    this.#clock.stop();
    this.#listeners.clear();
    this.#subtitlesListeners.clear();
    this.#answerPlays(this.#asked, "blocked");
    this.frame.remove();
  }

  #order(order: Order): void {
    if (this.#waiting === null) {
      this.#send(order);
      return;
    }
    this.#waiting.push(order);
    // The film itself is never forgotten.
    if (this.#waiting.length > WAITING_MOST) {
      this.#waiting.splice(
        this.#waiting.findIndex(({ type }) => type !== "open"),
        1,
      );
    }
  }

  #send(order: Order): void {
    this.frame.contentWindow?.postMessage(order, location.origin);
  }

  #hear(report: Report): void {
    switch (report.type) {
      case "hello":
        this.#begin();
        break;
      case "clock":
        this.#clock.answered(report.sent, report.now);
        break;
      case "state":
        if (report.film === this.#film) this.#take(report);
        break;
      case "played":
        this.#answerPlays(report.play, report.outcome);
        break;
      case "subtitles":
        this.#subtitlesListeners.forEach((listener) => {
          listener(report.outcome);
        });
        break;
    }
  }

  #begin(): void {
    // A document that was loaded again, for lack of memory, goes on where it was.
    const titles = [this.#titles, this.#shift].filter((order) => order !== null);
    const waiting = this.#waiting ?? [...this.#opened(this.#state.position_s), ...titles];
    this.#waiting = null;
    this.#clock.begin();
    for (const order of waiting) this.#send(order);
  }

  #take({ state, capabilities, event }: Extract<Report, { type: "state" }>): void {
    this.#state = { ...state, measured_at: this.#clock.here(state.measured_at) };
    this.capabilities = capabilities;
    if (event === null) return;
    // A listener may leave while others are told.
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** What opens the film that is shown, from here on. */
  #opened(start_s: number): Order[] {
    if (this.#opening === null) return [];
    const volume: Order[] = this.#volume === null ? [] : [{ type: "volume", volume: this.#volume }];
    return [{ ...this.#opening, start_s }, ...volume];
  }

  /** A later answer holds for those who asked before. */
  #answerPlays(upTo: number, outcome: "playing" | "blocked"): void {
    const answered = this.#plays.filter(({ play }) => play <= upTo);
    this.#plays = this.#plays.filter(({ play }) => play > upTo);
    for (const { done } of answered) done(outcome);
  }
}

function fresh(position_s: number): PlayerState {
  return {
    position_s,
    measured_at: performance.now(),
    paused: true,
    buffering: true,
    ad: false,
    ended: false,
    rate: 1,
    duration_s: null,
    error: null,
  };
}

function bounded(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : least;
}
