/**
 * What a page does that could not sign in: come back when the server says so, keep trying while nobody answers, or tell the person
 * what helps.
 */
import { backoff } from "../net/backoff";
import { Refused } from "../net/problem";

export type AfterFailure =
  /** Only another launch helps, or another clock; `code` says which. */
  | { kind: "ended"; code: string }
  /** The server asked for a pause, in seconds, which is said. */
  | { kind: "wait"; seconds: number }
  /** Nobody answered, or the server is busy: again after a pause, in milliseconds. */
  | { kind: "again"; pause: number }
  /** Nobody knows. */
  | { kind: "broken" };

/** A pause that the server did not name, in seconds. */
const UNNAMED = 5;
/** Nobody is asked to look at a longer countdown; trying after it does no harm. */
const LONGEST = 120;

export function afterFailure(error: unknown, attempt: number, random: number): AfterFailure {
  if (!(error instanceof Refused)) return { kind: "again", pause: backoff(attempt, random) };
  if (error.status === 401) return { kind: "ended", code: error.code };
  if (error.status === 429) {
    return { kind: "wait", seconds: Math.min(Math.ceil(error.retryAfter ?? UNNAMED), LONGEST) };
  }
  if (error.status >= 500) {
    const asked = Math.min(error.retryAfter ?? 0, LONGEST) * 1000;
    return { kind: "again", pause: Math.max(asked, backoff(attempt, random)) };
  }
  return { kind: "broken" };
}
