/** What people do in a room, as the synchronisation is told of it. */
import type { Rules } from "../sync/rules";
import { fold } from "../swiping/fold";
import { type Intent, asSent, compact, current, foresee, isIntent, subject } from "../swiping/intents";

export const rules: Rules<Intent> = {
  isIntent,
  subject,
  asSent,
  current: (intents, room) => current(intents, room.round),
  compact: (intents, room) => compact(intents, room.round),
  foresee,
  fold: (room, event, me) =>
    event.type === "screen_changed"
      ? { room: { ...room, screen: event.screen }, stale: false }
      : fold(room, event, me),
  answered: (room, { queue }) => (queue && room.phase === "swiping" ? { ...room, queue } : room),
};
