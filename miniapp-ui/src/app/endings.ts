/** Why somebody is not signed in any more, and the link that helps: only who needs this loads it. */

/** What of an ended session has words of its own; the rest is said in general. */
export const ENDINGS = [
  "init_data_expired",
  "init_data_spent",
  "init_data_invalid",
  "clock_differs",
] as const;
export type Ending = (typeof ENDINGS)[number] | "other";

export function endingOf(code: string): Ending {
  return ENDINGS.find((known) => known === code) ?? "other";
}

/**
 * Telegram's own link to the app, into a room if there is one: it launches anew, with fresh launch data. Null where the server does not
 * know its bot yet.
 */
export function launchLink(app: string, code: string | null): string | null {
  if (!app.startsWith("https://t.me/")) return null;
  return code === null ? app : `${app.replace(/\?.*$/, "")}?startapp=${code}`;
}
