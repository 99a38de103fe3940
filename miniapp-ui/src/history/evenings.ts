/** A room's matches by the evening they were found in. Pure. */
import type { PastMatch } from "../generated/wire";
import { localDay } from "../talk/rows";

export interface Evening {
  /** When its newest match was found. */
  at: number;
  matches: PastMatch[];
}

/** What is found until five in the morning belongs to the evening before. */
const NIGHT = 5 * 60 * 60 * 1_000;

/** The newest first, as the matches are. */
export function byEvening(matches: readonly PastMatch[]): Evening[] {
  const evenings: Evening[] = [];
  let day: string | undefined;
  for (const match of matches) {
    const at = Date.parse(match.at);
    const ofMatch = localDay(at - NIGHT);
    const last = evenings[evenings.length - 1];
    if (last !== undefined && ofMatch === day) last.matches.push(match);
    else evenings.push({ at: at - NIGHT, matches: [match] });
    day = ofMatch;
  }
  return evenings;
}
