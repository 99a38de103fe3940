/** How long to wait before the next attempt: longer each time, and never in step with other phones. */

const FIRST = 400;
const LONGEST = 8_000;

/** Milliseconds before attempt number `attempt` (from 0), spread by `random` in [0, 1). */
export function backoff(attempt: number, random: number, longest = LONGEST): number {
  const ceiling = Math.min(longest, FIRST * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
