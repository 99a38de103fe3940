/** What a person is told when something did not work. */
import { Refused, Unreachable } from "../net/problem";

/** The server's codes that have words of their own. */
const KNOWN = new Set([
  "wrong_phase",
  "not_host",
  "not_allowed",
  "room_not_found",
  "room_full",
  "room_worn_out",
  "not_a_member",
  "invalid",
  "too_many",
  "unavailable",
]);

/** The text's id. */
export function excuseFor(error: unknown): string {
  if (error instanceof Unreachable) return "refused-offline";
  const code = error instanceof Refused ? error.code : "unknown";
  return `refused-${KNOWN.has(code) ? code : "unknown"}`;
}
