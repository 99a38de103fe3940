/** What somebody did to the screen, from how it was and how it is: for a line that says it by name. Pure. */
import { positionAt } from "./position";
import type { Media, Screen } from "./types";

export type Deed = { who: number } & (
  | { what: "paused"; position_s: number }
  | { what: "played"; position_s: number }
  | { what: "sought"; position_s: number }
  | { what: "changed"; media: Media }
  | { what: "rate"; rate: number }
);

/** What makes a film the same one. */
type Film = Pick<Media, "kind" | "url">;

/** A jump that is smaller comes of clocks and players. In seconds. */
const JUMP = 1;

/** Who did what; null where nothing was done that the others need to be told. */
export function deed(before: Screen | null, after: Screen | null): Deed | null {
  if (after === null || before?.rev === after.rev) return null;
  const who = after.by;
  if (before === null || !isSameMedia(before.media, after.media))
    return { who, what: "changed", media: after.media };
  if (before.playing !== after.playing)
    return { who, what: after.playing ? "played" : "paused", position_s: after.position_s };
  if (before.rate !== after.rate) return { who, what: "rate", rate: after.rate };
  const here_s = positionAt(before, after.at);
  return Math.abs(here_s - after.position_s) >= JUMP
    ? { who, what: "sought", position_s: after.position_s }
    : null;
}

export function isSameMedia(one: Film, other: Film): boolean {
  return one.kind === other.kind && one.url === other.url;
}
