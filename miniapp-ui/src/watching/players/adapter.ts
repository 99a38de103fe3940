/**
 * A player, as the playback loop controls it: the same for a film file, a stream, YouTube and Twitch.
 *
 * Promises nothing that its capabilities do not: a player that cannot seek ignores being asked to. A call never throws.
 */

/** What a player can do, as far as it knows by now. `capabilities` is the event when that changes. */
export interface Capabilities {
  /** It takes other rates than 1. Which ones it really runs at is for its caller to find out. */
  rate: boolean;
  seek: boolean;
  /** A broadcast: there is nothing to be in step with but its edge. */
  live: boolean;
  /** It may show advertisements, during which it does not obey. */
  ads: boolean;
  /** Its position is that of the picture; otherwise it is a report, up to a quarter of a second old and rounded. */
  exact: boolean;
}

export type PlayerEvent =
  | "ready"
  | "playing"
  | "paused"
  | "waiting"
  | "ended"
  | "blocked"
  | "ad"
  | "adEnded"
  | "seeked"
  | "ratechange"
  | "error"
  | "capabilities"
  | "duration";

export interface PlayerState {
  position_s: number;
  /** When the position was that, by this page's `performance.now()`. */
  measured_at: number;
  paused: boolean;
  buffering: boolean;
  ad: boolean;
  ended: boolean;
  rate: number;
  duration_s: number | null;
  /** A {@link PlayerError}, and nothing else. */
  error: string | null;
}

export interface Player {
  readonly capabilities: Capabilities;
  state(): PlayerState;
  /** `blocked`: the browser wants a tap first. Anything else that keeps it from playing is in its state. */
  play(): Promise<"playing" | "blocked">;
  pause(): void;
  seek(position_s: number): void;
  rate(rate: number): void;
  mute(muted: boolean): void;
  /** From 0 to 1. On an iPhone only its buttons set the volume. */
  volume(volume: number): void;
  on(listener: (event: PlayerEvent) => void): () => void;
  destroy(): void;
}

/** Why a player does not play. */
export const PLAYER_ERRORS = [
  /** Nobody answered, or the network broke off. */
  "unreachable",
  /** Its owner lets it be watched on their own site only. */
  "not_allowed_to_embed",
  /** This browser cannot play it. */
  "unsupported",
  /** The site refuses to play in so small a place: turn the phone, or open it there. */
  "too_narrow",
  /** There is no such film any more. */
  "gone",
] as const;
export type PlayerError = (typeof PLAYER_ERRORS)[number];

/** What a player is made for: PROTOCOL's kinds of media. */
export const MEDIA_KINDS = ["youtube", "twitch", "file", "hls", "frame"] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

/** What is watched. */
export interface Media {
  kind: MediaKind;
  url: string;
  /** Where its address says to begin. */
  start_s: number;
  /** A guess from the address; null: it tells nothing. */
  title: string | null;
}

/** The least that Twitch plays in, in CSS pixels. */
export const TWITCH_LEAST = { width: 400, height: 300 } as const;
