/**
 * What goes over a phone's socket, version 2 of the contract. A connection by HTTP speaks the same, with two answers of its own.
 * Whatever is not known here is passed over.
 */
import type { Command, Event, Happened, Room, Title } from "../generated/wire";
import type { Message, MessagesSummary } from "./timeline";

/** What may be done to the messages of a room. */
export type MessageCommand =
  | { type: "say"; key: string; text: string; kind: "text" | "emoji"; reply_to?: number }
  | { type: "edit"; number: number; text: string }
  | { type: "unsay"; number: number }
  | { type: "react"; number: number; emoji: string | null }
  | { type: "read"; number: number };

/** Something for those who are in the room right now; never stored. */
export interface Signal {
  type: string;
}

export interface Opened {
  type: "opened";
  /** Of the `open` that it answers; absent where the room goes on under a new epoch. */
  id?: number;
  room: string;
  epoch: number;
  seq: number;
  state?: Room;
  events?: Happened[];
  messages?: MessagesSummary;
}

export interface Ack {
  type: "ack";
  id: number;
  room: string;
  seq: number;
  event?: Event | null;
  queue?: Title[] | null;
  message?: Message | null;
}

export interface Refused {
  type: "refused";
  id: number | null;
  room: string | null;
  code: string;
  message: string;
  /** In seconds. */
  retry_after?: number;
}

/** What concerns one room. */
export type RoomFrame =
  | Opened
  | Ack
  | Refused
  | ({ type: "event"; room: string } & Happened)
  | { type: "presence"; room: string; online?: number[]; in?: number[]; out?: number[] }
  | { type: "message"; room: string; message: Message }
  | { type: "messages_gap"; room: string; from: number }
  | { type: "read"; room: string; member: number; number: number }
  | { type: "signal"; room: string; from: number; signal: Signal }
  | { type: "closed"; room: string; code: string }
  /** By HTTP only: the room as it is now. */
  | { type: "state"; room: string; state: Room }
  /** By HTTP only: a command is done, and this is the room after it, or later. */
  | { type: "done"; id: number; room: string; state: Room | null };

/** What is new in a room of mine that is not open. */
export interface Unread {
  type: "unread";
  room: string;
  messages: { last: number; read: number; unread: number };
  message?: Message | null;
}

export type Frame =
  | { type: "hello"; now: number }
  | RoomFrame
  | Unread
  | { type: "time"; now: number; rooms: Record<string, { seq: number; change: number }> };

/** Where a phone stands in a room, for the server to add to. */
export interface Position {
  epoch: number;
  seq: number;
  /** Of the messages; absent where nobody has asked for any. */
  change?: number;
}

/** What a phone asks for. `id` is its own, unique for the connection. */
export type Asked =
  | ({ id: number; open: string } & Partial<Position>)
  | { id: number; close: string }
  | ({ id: number; room: string } & (Command | MessageCommand))
  | { room: string; signal: Signal };

/** The part of a browser's WebSocket that is used. */
export interface Wire {
  send(text: string): void;
  close(): void;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
}
