/** How many messages of each of my rooms nobody has read on this phone yet, as the connection tells it. */
import { createSignal, onCleanup } from "solid-js";

import type { Phone } from "../sync/phone";

/** A higher count says no more than this one and a plus. */
export const MOST_SHOWN = 99;

/** The count for a room by its code, or `before` where the connection has not told of it. */
export function createUnread(phone: Phone): (room: string, before: number) => number {
  const [counts, setCounts] = createSignal<ReadonlyMap<string, number>>(new Map(phone.unread));
  const stop = phone.subscribe({
    unread: () => {
      setCounts(new Map(phone.unread));
    },
  });
  onCleanup(stop);
  return (room, before) => counts().get(room) ?? before;
}

export function shown(count: number): string {
  return count > MOST_SHOWN ? `${MOST_SHOWN}+` : String(count);
}
