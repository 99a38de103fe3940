/**
 * Where a running player is, from the positions that it has reported. Pure.
 *
 * An exact player's reports scatter a little around the truth: the middle one of a few counts. A coarse one repeats a position
 * for a quarter of a second, so that a report is late and never early: the one that is furthest ahead counts.
 */

/** A position, and when it was there, by the server's clock in ms. */
export interface Sample {
  at: number;
  position_s: number;
}

/** How many reports are compared, and for how long each is good, in ms. */
const EXACT = { most: 3, lasts: 1_200 } as const;
const COARSE = { most: 8, lasts: 2_200 } as const;
/** So many reports are needed before small differences mean anything. */
export const ENOUGH = { exact: 3, coarse: 4 } as const;
/** A player whose last new position is older than this has stopped, whatever it says. In ms. */
const FROZEN = 1_500;

/** With this report; one that only repeats the last is none. */
export function withSample(samples: readonly Sample[], sample: Sample, exact: boolean): readonly Sample[] {
  const last = samples[samples.length - 1];
  if (last !== undefined && (sample.at <= last.at || sample.position_s === last.position_s)) return samples;
  const { most, lasts } = exact ? EXACT : COARSE;
  return [...samples, sample].filter(({ at }) => sample.at - at <= lasts).slice(-most);
}

/** Where it is at this moment if it has run at this rate since; null where nobody knows. */
export function estimated(
  samples: readonly Sample[],
  exact: boolean,
  rate: number,
  now: number,
): number | null {
  const last = samples[samples.length - 1];
  if (last === undefined || now - last.at > FROZEN) return null;
  const now_s = samples
    .map(({ at, position_s }) => position_s + ((now - at) / 1000) * rate)
    .sort((one, other) => one - other);
  return now_s[exact ? now_s.length >> 1 : now_s.length - 1] ?? null;
}
