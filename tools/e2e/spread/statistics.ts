/**
 * How far phones are apart, from where each of them was at which moment. Pure.
 *
 * All moments are of one clock, in ms. Looked at are moments at which nothing has happened for a while; then a phone counts whether its film runs
 * or not, so that one that hangs is seen.
 */

/** Where a phone's film was at a moment. */
export interface Sample {
  readonly at: number;
  readonly position_s: number;
}

/** One phone's samples, in order. */
export type Track = readonly Sample[];

/** A span in which something happened to one phone, or to all (`phone` is null): that one is not looked at. */
export interface Disturbance {
  readonly phone: number | null;
  readonly from: number;
  readonly to: number;
}

/** How far the furthest phone is ahead of the last at a moment, in ms. */
export interface Spread {
  readonly at: number;
  readonly apart_ms: number;
  /** How far each is from the middle one; null: it was not looked at. */
  readonly each_ms: readonly (number | null)[];
}

/** Between two moments at which is looked, in ms. */
export const EVERY = 100;
/** Two samples that are further apart say nothing of the time between them, in ms. */
export const GAP = 700;
/** So long a spread has to stay small to be a settled one, in ms. */
export const STAYS = 1_000;

/** Where a film was at a moment, from the samples around it; null: there are none. */
export function positionAt(track: Track, at: number): number | null {
  let [low, high] = [0, track.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((track[middle]?.at ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [track[low - 1], track[low]];
  if (before?.at === at) return before.position_s;
  if (before === undefined || after === undefined || after.at - before.at > GAP) return null;
  const share = (at - before.at) / (after.at - before.at);
  return before.position_s + share * (after.position_s - before.position_s);
}

/** The spread at every moment of the span at which at least two phones are looked at. */
export function spreads(
  tracks: readonly Track[],
  [from, to]: readonly [number, number],
  disturbances: readonly Disturbance[] = [],
): Spread[] {
  const found: Spread[] = [];
  for (let at = from; at < to; at += EVERY) {
    const disturbed = disturbances.filter((one) => one.from <= at && at < one.to);
    if (disturbed.some(({ phone }) => phone === null)) continue;
    const places = tracks.map((track, phone) =>
      disturbed.some((one) => one.phone === phone) ? null : positionAt(track, at),
    );
    const known = places.filter((place) => place !== null).sort((one, other) => one - other);
    const [least, most, middle] = [known[0], known.at(-1), known[known.length >> 1]];
    if (known.length < 2 || least === undefined || most === undefined || middle === undefined) continue;
    const each_ms = places.map((place) => place && (place - middle) * 1_000);
    found.push({ at, apart_ms: (most - least) * 1_000, each_ms });
  }
  return found;
}

/** A span in which phones were too far apart, in ms. */
export interface Spell {
  readonly from: number;
  readonly to: number;
  readonly most_ms: number;
  /** Which of them was furthest from the middle one. */
  readonly phone: number;
}

/** When they were further apart than this. */
export function spells(found: readonly Spread[], bar_ms: number): Spell[] {
  const all: Spell[] = [];
  for (const { at, apart_ms, each_ms } of found) {
    if (apart_ms <= bar_ms) continue;
    const off = each_ms.map((one) => Math.abs(one ?? 0));
    const last = all.at(-1);
    if (last !== undefined && at - last.to <= EVERY * 1.5) {
      const isMore = apart_ms > last.most_ms;
      const phone = isMore ? off.indexOf(Math.max(...off)) : last.phone;
      all[all.length - 1] = { ...last, to: at, most_ms: Math.max(last.most_ms, apart_ms), phone };
    } else all.push({ from: at, to: at, most_ms: apart_ms, phone: off.indexOf(Math.max(...off)) });
  }
  return all;
}

/** The value that this share of all does not exceed; NaN of none. */
export function quantile(all: readonly number[], share: number): number {
  const sorted = [...all].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/**
 * How long after the seek until all phones are within `bar_ms` of each other and of where the film is to be, and stay so for a second; null:
 * not before `until`.
 */
export function settledAfter(
  tracks: readonly Track[],
  seek: { readonly at: number; readonly until: number; readonly to_s: number },
  bar_ms: number,
): number | null {
  let since: number | null = null;
  for (let at = seek.at; at < seek.until; at += EVERY) {
    const places = tracks.map((track) => positionAt(track, at));
    const known = places.filter((place) => place !== null);
    const passed_s = (at - seek.at) / 1_000;
    const arrived = known.every((place) => place > seek.to_s - 1 && place < seek.to_s + passed_s + 1);
    const apart = (Math.max(...known) - Math.min(...known)) * 1_000;
    const isSettled = known.length === tracks.length && arrived && apart <= bar_ms;
    if (!isSettled) since = null;
    else if (at - (since ??= at) >= STAYS) return since - seek.at;
  }
  return null;
}
