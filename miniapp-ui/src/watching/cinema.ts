/** What the views of the cinema are shown, and what they can do. The component that opens the cinema provides it. */
import { type Accessor, createContext, useContext } from "solid-js";

import type { Member } from "../generated/wire";
import type { Words } from "../text/words";
import type { AddressRefusal } from "./players/address";
import type { SubtitlesOutcome, SubtitlesSource } from "./players/messages";
import type { Media, Screen } from "./types";

/** How somebody's player is doing; `unknown`: it has said nothing yet. */
export type Doing = "ready" | "buffering" | "ad" | "blocked" | "unknown";

/** Somebody who is here. */
export interface Watcher extends Pick<Member, "id" | "name" | "photo_url"> {
  doing: Doing;
  /** So many seconds behind the room; below what anybody notices it is 0. */
  behind_s: number;
  isMe: boolean;
}

/** Whom everybody waits for, and until when, in ms of `performance.now()`. */
export interface Waiting {
  ids: readonly number[];
  until: number;
}

/** What this phone's player is doing. `failed` says why by a code. */
export type PlayerView =
  | { is: "none" | "loading" | "playing" | "paused" | "blocked" | "ad" | "ended" }
  | { is: "failed"; why: string };

export interface Adjusting {
  /** Ahead of the others by so many ms, at most 500 either way. */
  offset_ms: number;
  /** Whether this phone corrects itself. */
  correcting: boolean;
}

/** At the start, and when somebody's film stalls. */
export interface Waits {
  start: boolean;
  stalls: boolean;
}

export interface Cinema {
  word: Words;
  me: number;
  screen: Accessor<Screen | null>;
  /** Whether I may play, pause and choose. */
  mayControl: Accessor<boolean>;
  /** Who decides what is on, in a line. */
  whoMay: Accessor<string>;
  watchers: Accessor<readonly Watcher[]>;
  waiting: Accessor<Waiting | null>;
  player: Accessor<PlayerView>;
  /** Whether what is shown can be kept in step. */
  inStep: Accessor<boolean>;
  /** Where the film is on this phone now, in seconds; asked while it is drawn. */
  position: () => number;
  duration: Accessor<number | null>;
  /** How loud it is here: of this phone alone. */
  muted: Accessor<boolean>;
  mute: (muted: boolean) => void;
  adjusting: Accessor<Adjusting>;
  adjust: (change: Partial<Adjusting>) => void;
  /** Whether all wait for who is not ready, where this phone decides. */
  waits: Accessor<Waits>;
  waitFor: (change: Partial<Waits>) => void;
  subtitles: Accessor<Subtitles>;
  subtitle: (change: Partial<Subtitles>) => void;
  play: () => void;
  pause: () => void;
  seek: (position_s: number) => void;
  rate: (rate: number) => void;
  show: (media: Media) => void;
  enqueue: (media: Media) => void;
  dequeue: (item: string) => void;
  next: () => void;
  clear: () => void;
  /** A tap let this phone's player begin. */
  join: () => void;
  withoutThem: () => void;
  /** Puts the player here, until the place is gone. */
  mount: (place: HTMLElement) => void;
  /** Shows an emoji to everybody. */
  cheer: (emoji: string) => void;
  /** Hears everybody's, mine too, until it is stopped. */
  cheers: (listener: (emoji: string, by: number) => void) => () => void;
  pictureInPicture: (() => void) | null;
  /** What a pasted address is, or why it cannot be shown, by a code. */
  recognise: (address: string) => { media: Media } | { refused: AddressRefusal };
}

/** Subtitles of this phone alone: the name of their file, what is in it or where it lies, and how much later than the film they come. */
export interface Subtitles {
  name: string | null;
  source: SubtitlesSource | null;
  shown: boolean;
  offset_ms: number;
}

/** How it is said that subtitles do not show. */
export const SUBTITLES_FAILED: Record<Exclude<SubtitlesOutcome, "shown">, string> = {
  unreachable: "cinema-subtitles-unreachable",
  unsupported: "cinema-subtitles-unknown",
  too_large: "cinema-subtitles-large",
};

export const CinemaContext = createContext<Cinema>();

export function useCinema(): Cinema {
  const cinema = useContext(CinemaContext);
  if (!cinema) throw new Error("a part of the cinema outside of it");
  return cinema;
}

/** 1:05, or 1:02:05. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** What it is called: its title, or where it comes from. */
export function nameOf(media: Media): string {
  if (media.title !== null && media.title.trim() !== "") return media.title;
  try {
    return new URL(media.url).hostname.replace(/^www\./, "");
  } catch {
    return media.url;
  }
}
