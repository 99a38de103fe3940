/**
 * What is left of a timed round, in words and figures. Pure: the server's time is an argument.
 *
 * Whole seconds are counted upwards, so that 0:00 is shown when the round is over and not a second before.
 */

/** The last so many seconds are shown as such, and felt. */
export const SOON_S = 10;
/** From here on the host has the button for more time at hand, in seconds. */
export const CLOSE_S = 60;
/** By so many minutes a host puts the end off. */
export const EXTENSIONS_MIN = [1, 3, 5];
/** The server takes no end that is further ahead than this, in ms. */
export const MOST_TIME_LEFT = 20 * 60_000;

/** The whole seconds that are left at a time; both in Unix milliseconds. */
export function secondsLeft(endsAt: number, now: number): number {
  return Math.max(0, Math.ceil((endsAt - now) / 1_000));
}

/** As a clock shows it: 12:05. */
export function asClock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** In how many ms the figure changes next; one that is over changes no more. */
export function untilNext(endsAt: number, now: number): number | null {
  const left = endsAt - now;
  if (left <= 0) return null;
  return left % 1_000 || 1_000;
}

/** What is said aloud when so many seconds are left, and more were when something was last said. */
export function announced(before: number | null, seconds: number): "minute" | "ten" | "over" | null {
  const passes = (mark: number) => seconds <= mark && before !== null && before > mark;
  if (passes(0)) return "over";
  if (passes(SOON_S)) return "ten";
  return passes(60) ? "minute" : null;
}

/** The end that a host may ask for, so many minutes later; null where the server takes none that late. */
export function laterBy(minutes: number, endsAt: number, now: number): string | null {
  const until = endsAt + minutes * 60_000;
  return now < endsAt && until - now <= MOST_TIME_LEFT ? new Date(until).toISOString() : null;
}
