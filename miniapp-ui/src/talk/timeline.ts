/** What the talk needs of the network, which the synchronisation of the room provides, and the bounds of a message. */
export type {
  Message,
  MessageKind,
  MessagesSummary,
  NewMessage,
  Outcome,
  Page,
  PageQuery,
  RoomTimeline,
  SystemNote,
  TimelineListener,
} from "../sync/timeline";

/** A message has no more characters (Unicode scalar values) than this; the composer does not send what is longer. */
export const MAX_CHARACTERS = 2_000;

/** So long after it was said, in ms, a message can be edited; afterwards the menu does not offer it. */
export const EDITABLE_FOR = 48 * 60 * 60 * 1_000;

export function characters(text: string): number {
  return Array.from(text).length;
}
