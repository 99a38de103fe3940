/**
 * What goes over a phone's socket: the server's own shapes, by the names that are used here. A connection by HTTP speaks the same,
 * with two answers of its own.
 */
import type {
  Command,
  OpenFrame,
  Room,
  SocketAck,
  SocketClientFrame,
  SocketRefused,
  SocketServerFrame,
} from "../generated/wire";

export type { Opened, Signal, Stand } from "../generated/wire";
export type Ack = SocketAck;
export type Refused = SocketRefused;

/** What may be done to the messages of a room. */
export type MessageCommand = Extract<Command, { type: "say" | "edit" | "unsay" | "react" | "read" }>;

/** What only a connection by HTTP says. */
type ByHttp =
  /** The room as it is now. */
  | { type: "state"; room: string; state: Room }
  /** A command is done, and this is the room after it, or later. */
  | { type: "done"; id: number; room: string; state: Room | null };

export type Frame = SocketServerFrame | ByHttp;

/** What concerns the connection, and no room that is open on it. */
type OfConnection = "hello" | "time" | "clock" | "unread";

/** What concerns one room; a refusal may concern all. */
export type RoomFrame = Exclude<Frame, { type: OfConnection }>;

/** What is new in a room of mine that is not open. */
export type Unread = Extract<Frame, { type: "unread" }>;

/** What time it is at the server. */
export type ClockAnswer = Extract<Frame, { type: "clock" }>;

/** Where a phone stands in a room, for the server to add to. `change`: of the messages; absent where nobody has asked for any. */
export type Position = Required<Pick<OpenFrame, "epoch" | "seq">> & Pick<OpenFrame, "change">;

/** What a phone asks for. `id` is its own, unique for the connection. */
export type Asked = SocketClientFrame;

/** The same before it has its number. */
export type Unnumbered = Asked extends infer A ? (A extends { id: number } ? Omit<A, "id"> : never) : never;

/** A connection: the part of a browser's WebSocket that is used, with frames to send instead of text. */
export interface Wire {
  send(asked: Asked): void;
  close(): void;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
}
