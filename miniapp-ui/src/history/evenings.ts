/** A room's rounds by the evening they were played in: what matched, and those in which nothing did. Pure. */
import type { PastMatch, UnmatchedRound } from "../generated/wire";
import { localDay } from "../talk/rows";

export interface Evening {
  /** When the newest of it was. */
  at: number;
  matches: PastMatch[];
  unmatched: UnmatchedRound[];
}

/** What happens until five in the morning belongs to the evening before. */
const NIGHT = 5 * 60 * 60 * 1_000;

/** The newest first, as the matches are, and the rounds without one. */
export function byEvening(
  matches: readonly PastMatch[],
  unmatched: readonly UnmatchedRound[] = [],
): Evening[] {
  const evenings: Evening[] = [];
  let day: string | undefined;
  const eveningOf = (at: number): Evening => {
    const its = localDay(at - NIGHT);
    const last = evenings[evenings.length - 1];
    if (last !== undefined && its === day) return last;
    day = its;
    const evening: Evening = { at: at - NIGHT, matches: [], unmatched: [] };
    evenings.push(evening);
    return evening;
  };
  const rounds = [...unmatched];
  const addThoseAfter = (round: number) => {
    while (rounds[0] !== undefined && rounds[0].round > round) {
      const [next] = rounds.splice(0, 1);
      if (next !== undefined) eveningOf(Date.parse(next.at)).unmatched.push(next);
    }
  };
  for (const match of matches) {
    addThoseAfter(match.round);
    eveningOf(Date.parse(match.at)).matches.push(match);
  }
  addThoseAfter(0);
  return evenings;
}
