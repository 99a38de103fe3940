/**
 * A room's line of messages, as a screen uses it: what to do, what to ask for, and what it is told. The shapes are those of the
 * contract between phones and server.
 *
 * Promises: what is said, edited, taken back or reacted to is on disk first and sent until it is answered, in the order in which it
 * was done; messages reach a listener in the order of their `change`.
 */
import type { Message, MessagePage, Messages, SaidKind } from "../generated/wire";

export type { Message, MessageKind, SystemNote } from "../generated/wire";
export type MessagesSummary = Messages;
export type Page = MessagePage;

/** What came of a command: `refused:` with the server's stable code, `too_many` for one. */
export type Outcome = "done" | `refused:${string}`;

export interface PageQuery {
  before?: number;
  after?: number;
  changedSince?: number;
  limit?: number;
}

export interface NewMessage {
  key: string;
  text: string;
  kind: SaidKind;
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
