/** Where the film is, by the contract's formula. Pure. */
import type { Screen } from "./types";

/** What of a screen says where the film is. */
export type Course = Pick<Screen, "playing" | "position_s" | "rate" | "at">;

/** The film's position at this moment of the server's clock, in seconds. */
export function positionAt({ playing, position_s, rate, at }: Course, now: number): number {
  return playing && now >= at ? position_s + ((now - at) / 1000) * rate : position_s;
}

/** How long until the film runs, in ms; 0 where it runs or is paused. */
export function startsIn({ playing, at }: Course, now: number): number {
  return playing ? Math.max(0, at - now) : 0;
}

/** Whether the film is over at this moment, as far as anybody knows how long it is. */
export function isOver(course: Course, duration_s: number | null, now: number): boolean {
  return duration_s !== null && positionAt(course, now) >= duration_s;
}
