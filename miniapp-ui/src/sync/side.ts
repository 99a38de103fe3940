/**
 * A part of a room that few phones look at, and that its replica knows nothing of: what happens in the room is told to it, and it
 * sends what is its own on the room's line.
 */
import type { CommandLinePorts } from "./commandLine";
import type { RoomFrame, Signal } from "./frames";

export interface SidePorts extends CommandLinePorts {
  /** For those who look at the room now; lost where the room is not open. */
  signal: (signal: Signal) => void;
}

export interface Side {
  /** The room is open, or open again. */
  opened: () => void;
  /** What is on its way may never arrive. */
  lost: () => void;
  /** A frame of the room; the room is already as it is after it. */
  take: (frame: RoomFrame) => void;
}

/** A side on the room's line, for as long as it is held. */
export interface Attached<S extends Side> {
  side: S;
  detach: () => void;
}
