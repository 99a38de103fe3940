/**
 * What the app and the document with the players say to one another, and the one place where what arrives is believed.
 *
 * Promises: what passes is a message of this list with every field of its kind and within its bounds. Anything else is dropped, as is
 * what comes faster than a player could mean it.
 */
import {
  type Capabilities,
  MEDIA_KINDS,
  type MediaKind,
  PLAYER_ERRORS,
  type Player,
  type PlayerEvent,
  type PlayerState,
} from "./adapter";
import { ADDRESS_LONGEST } from "./address";
import { START_LATEST_S } from "./time";

/** The words that the document has to say by itself. */
export interface PlayerWords {
  /** What a tap on a film does that the browser wants tapped first: unseen, for those who are read to. */
  tap: string;
  /** Before a foreign page is opened, and on the button that opens it. */
  frame: string;
  open: string;
}

export interface Opening {
  type: "open";
  /** Which film: what is said of an earlier one is void. */
  film: number;
  kind: MediaKind;
  url: string;
  start_s: number;
  muted: boolean;
  language: string;
  words: PlayerWords;
}

/** To the document. */
export type Order =
  | Opening
  | { type: "clock"; sent: number }
  | { type: "play"; play: number }
  | { type: "pause" }
  | { type: "seek"; position_s: number }
  | { type: "rate"; rate: number }
  | { type: "mute"; muted: boolean }
  | { type: "volume"; volume: number }
  /** The text of a file on this phone, or where one lies; null: none. */
  | { type: "subtitles"; source: SubtitlesSource | null }
  /** Later by so many milliseconds, or earlier; and whether they show at all. */
  | { type: "subtitles_shift"; offset_ms: number; shown: boolean };

export type SubtitlesSource = { text: string } | { url: string };

export const SUBTITLES_OUTCOMES = ["shown", "unreachable", "unsupported", "too_large"] as const;
export type SubtitlesOutcome = (typeof SUBTITLES_OUTCOMES)[number];

/** From the document. */
export type Report =
  /** It is there, and hears. */
  | { type: "hello" }
  | { type: "clock"; sent: number; now: number }
  | {
      type: "state";
      film: number;
      event: PlayerEvent | null;
      state: PlayerState;
      capabilities: Capabilities;
    }
  | { type: "played"; play: number; outcome: Awaited<ReturnType<Player["play"]>> }
  | { type: "subtitles"; outcome: SubtitlesOutcome };

/** Characters of subtitles; a longer file is `too_large`. Three hours of talk have some 200,000. */
export const SUBTITLES_LONGEST = 2_000_000;
/** Milliseconds by which subtitles can be moved; more is clamped. */
export const SUBTITLES_SHIFT_MOST = 60_000;
/** Characters of each word the app lends to the document; longer ones are refused. */
const WORD_LONGEST = 200;
/** Rates that can be asked for; others are clamped to the nearest. */
export const RATE_LEAST = 0.25;
export const RATE_MOST = 4;

const EVENTS: readonly PlayerEvent[] = [
  "ready",
  "playing",
  "paused",
  "waiting",
  "ended",
  "blocked",
  "ad",
  "adEnded",
  "seeked",
  "ratechange",
  "error",
  "capabilities",
  "duration",
];

type Fields = Record<string, unknown>;
type Checks<M extends { type: string }> = Record<M["type"], (fields: Fields) => boolean>;

const number = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const flag = (value: unknown) => typeof value === "boolean";
const text = (value: unknown, longest: number) => typeof value === "string" && value.length <= longest;
const among = (values: readonly string[], value: unknown) => values.some((one) => one === value);
const position = (value: unknown) => number(value) && value >= 0 && value <= START_LATEST_S;
const count = (value: unknown) => number(value) && Number.isInteger(value) && value >= 0;
const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const words = (value: unknown) =>
  isObject(value) && ["tap", "frame", "open"].every((word) => text(value[word], WORD_LONGEST));

export function isHttps(value: unknown): value is string {
  return typeof value === "string" && value.length <= ADDRESS_LONGEST && value.startsWith("https://");
}

function isSource(value: unknown): boolean {
  if (value === null) return true;
  if (!isObject(value)) return false;
  return "text" in value ? text(value.text, SUBTITLES_LONGEST) : isHttps(value.url);
}

const ORDERS: Checks<Order> = {
  open: (it) =>
    count(it.film) &&
    among(MEDIA_KINDS, it.kind) &&
    isHttps(it.url) &&
    position(it.start_s) &&
    flag(it.muted) &&
    text(it.language, 35) &&
    words(it.words),
  clock: (it) => number(it.sent),
  play: (it) => count(it.play),
  pause: () => true,
  seek: (it) => position(it.position_s),
  rate: (it) => number(it.rate) && it.rate >= RATE_LEAST && it.rate <= RATE_MOST,
  mute: (it) => flag(it.muted),
  volume: (it) => number(it.volume) && it.volume >= 0 && it.volume <= 1,
  subtitles: (it) => isSource(it.source),
  subtitles_shift: (it) =>
    number(it.offset_ms) && Math.abs(it.offset_ms) <= SUBTITLES_SHIFT_MOST && flag(it.shown),
};

const REPORTS: Checks<Report> = {
  hello: () => true,
  clock: (it) => number(it.sent) && number(it.now),
  state: (it) =>
    count(it.film) &&
    (it.event === null || among(EVENTS, it.event)) &&
    isState(it.state) &&
    isCapabilities(it.capabilities),
  played: (it) => count(it.play) && among(["playing", "blocked"], it.outcome),
  subtitles: (it) => among(SUBTITLES_OUTCOMES, it.outcome),
};

function isCapabilities(value: unknown): boolean {
  return isObject(value) && ["rate", "seek", "live", "ads", "exact"].every((name) => flag(value[name]));
}

function isState(value: unknown): boolean {
  return (
    isObject(value) &&
    number(value.position_s) &&
    number(value.measured_at) &&
    number(value.rate) &&
    ["paused", "buffering", "ad", "ended"].every((name) => flag(value[name])) &&
    (value.duration_s === null || number(value.duration_s)) &&
    (value.error === null || among(PLAYER_ERRORS, value.error))
  );
}

function isOf<M extends { type: string }>(checks: Checks<M>, value: unknown): value is M {
  if (!isObject(value)) return false;
  const check = Object.entries<(fields: Fields) => boolean>(checks).find(
    ([type]) => type === value.type,
  )?.[1];
  return check?.(value) ?? false;
}

export const isOrder = (value: unknown): value is Order => isOf(ORDERS, value);
export const isReport = (value: unknown): value is Report => isOf(REPORTS, value);

/** Messages a side hears in a row; those beyond are dropped until more may come. */
export const MESSAGES_BURST = 120;
/** Messages a second it goes on to hear after that. A player means fewer than ten. */
export const MESSAGES_PER_SECOND = 60;

/**
 * Hears one window of one origin, and of what it says what passes `believed`, no faster than a player could mean it. The answer ends it.
 */
export function hear<M>(
  from: () => Window | null,
  origin: string,
  believed: (value: unknown) => value is M,
  listener: (message: M) => void,
): () => void {
  let left = MESSAGES_BURST;
  let refilled = performance.now();
  const onMessage = (event: MessageEvent<unknown>) => {
    if (event.origin !== origin || event.source === null || event.source !== from()) return;
    const now = performance.now();
    left = Math.min(MESSAGES_BURST, left + ((now - refilled) / 1_000) * MESSAGES_PER_SECOND);
    refilled = now;
    if (left < 1) return;
    left -= 1;
    if (believed(event.data)) listener(event.data);
  };
  window.addEventListener("message", onMessage);
  return () => {
    window.removeEventListener("message", onMessage);
  };
}
