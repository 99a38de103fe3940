/**
 * A room's line of messages, as a screen uses it: what to do, what to ask for, and what it is told. The shapes are those of the
 * contract between phones and server.
 *
 * Promises: what is said, edited, taken back or reacted to is on disk first and sent until it is answered, in the order in which it
 * was done; messages reach a listener in the order of their `change`.
 */
import type { Title } from "../generated/wire";

/** What came of a command: `refused:` with the server's stable code, `too_many` for one. */
export type Outcome = "done" | `refused:${string}`;

export type MessageKind = "text" | "system" | "emoji";

/** Something that happened in the room. It comes as data, and each phone says it in its own language. */
export interface SystemNote {
  what: string;
  member?: number | null;
  /** A title of the catalogue, or its id alone. */
  title?: Title | string | null;
}

export interface Message {
  /** Its place in the room: from 1, without gaps. */
  number: number;
  /** When it changed last, among all changes of the room's messages. */
  change: number;
  /** Nobody, for what the room itself says and for people who erased themselves. */
  author: number | null;
  kind: MessageKind;
  text: string;
  system: SystemNote | null;
  reply_to: number | null;
  /** Who reacted, by emoji. */
  reactions: Record<string, number[]>;
  at: string;
  edited_at: string | null;
  deleted: boolean;
  /** The author's own key; only the author gets it. */
  key: string | null;
}

/** What a room says of its messages. */
export interface MessagesSummary {
  last: number;
  change: number;
  /** How far I have read. */
  read: number;
  unread: number;
  /** How far everybody has read. */
  marks: Record<string, number>;
}

export interface PageQuery {
  before?: number;
  after?: number;
  changedSince?: number;
  limit?: number;
}

/** Oldest first. `more`: there are others further on in the direction that was asked for. */
export interface Page {
  items: Message[];
  more: boolean;
}

export interface NewMessage {
  key: string;
  text: string;
  kind: "text" | "emoji";
  replyTo?: number;
}

export interface TimelineListener {
  message(message: Message): void;
  /** Changes were missed: those above this one have to be fetched. */
  gap(from: number): void;
  read(member: number, number: number): void;
  typing(member: number): void;
  summary(summary: MessagesSummary): void;
}

export interface RoomTimeline {
  me: number;
  /** Each is persisted and sent again until it is answered. Works offline. */
  say(message: NewMessage): Promise<Outcome>;
  edit(number: number, text: string): Promise<Outcome>;
  unsay(number: number): Promise<Outcome>;
  react(number: number, emoji: string | null): Promise<Outcome>;
  read(number: number): void;
  /** At most once in 3 s leaves the phone. */
  typing(): void;
  fetchPage(query: PageQuery): Promise<Page>;
  subscribe(listener: TimelineListener): () => void;
}
