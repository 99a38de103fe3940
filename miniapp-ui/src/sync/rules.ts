/**
 * What the synchronisation of a room has to be told by those who know what people do in it: which commands are kept, what
 * they mean together, and how the room looks after a command or an event. All of it is pure.
 */
import type { Command, Event, Room } from "../generated/wire";
import type { Ack } from "./frames";

/** A command that is not answered yet, and whatever its part of the room keeps beside it. */
export interface Intent {
  id: number;
  command: Command;
}

/** An intent that has no id yet. */
export type Unsaid<I extends Intent> = Omit<I, "id">;

/** A room after an event, and whether the server knows more than the event said. */
export interface Folded {
  room: Room;
  stale: boolean;
}

export interface Rules<I extends Intent> {
  /** Storage may hold what an older version, or anybody, has left there. */
  isIntent: (kept: unknown) => kept is I;
  /** Which thing a command is about: of two about the same thing, the later one is the person's will. */
  subject: (command: I["command"]) => string;
  /** The command as it is sent. */
  asSent: (intent: I) => Command;
  /** Those that still mean something in this room as it is now. */
  current: (intents: readonly I[], room: Room) => I[];
  /** What has to be said after a silence, in order, instead of these. */
  compact: (intents: readonly I[], room: Room) => Unsaid<I>[];
  /** The room as it will be once this is done. */
  foresee: (room: Room, intent: I, me: number) => Room;
  /** The room one event later. */
  fold: (room: Room, event: Event, me: number) => Folded;
  /** The room with what an answer says beside its event. */
  answered: (room: Room, ack: Ack) => Room;
}
