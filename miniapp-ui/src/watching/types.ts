/** What is watched, in the contract's shapes, and what a phone does to it and tells of it. */
import type { Command, Signal, WantedMedia } from "../generated/wire";

export type { Media, MediaKind, PlaybackState, PlaylistItem, Screen } from "../generated/wire";

/** A film as a phone names it: how long it is the server finds out. */
export type NewMedia = WantedMedia;

export type ScreenCommand = Extract<
  Command,
  { type: "show" | "play" | "pause" | "seek" | "rate" | "enqueue" | "dequeue" | "next" }
>;

/** How one phone is with the film, told to the others while it matters. */
export type PlaybackSignal = Extract<Signal, { type: "playback" }>;
