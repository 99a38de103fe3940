/**
 * The talk as a list of rows: messages in groups, with the days, the line of what is unread, what happened in the room, and who
 * has read how far.
 *
 * Pure. A row's `id` stays the same for as long as it is the same thing on the screen, also when an own message arrives.
 */
import { type Pending, type TalkState, counts, shown } from "./store.ts";
import type { Message, SystemNote } from "./timeline.ts";

/** Messages of one author stand together when no more than this, in ms, is between them. */
export const GROUP_WITHIN = 5 * 60 * 1_000;

export type Delivery = "waiting" | "failed" | "sent" | "read";

export interface Quote {
  number: number;
  author: number | null;
  text: string;
  deleted: boolean;
}

export interface Reaction {
  emoji: string;
  people: readonly number[];
  mine: boolean;
}

export interface MessageRow {
  kind: "message";
  id: string;
  /** Null before the server has numbered it. */
  number: number | null;
  key: string | null;
  author: number | null;
  mine: boolean;
  text: string;
  deleted: boolean;
  edited: boolean;
  at: number;
  /** The number of the message that it answers. */
  replyTo: number | null;
  /** What that says; null also where it is not held. */
  quote: Quote | null;
  reactions: readonly Reaction[];
  /** The first and the last of a group. */
  first: boolean;
  last: boolean;
  delivery: Delivery | null;
  /** Why it was refused. */
  failed: string | null;
  /** Who has read up to here and no further. */
  readers: readonly number[];
}

export type Row =
  | { kind: "day"; id: string; at: number }
  | { kind: "divider"; id: string }
  | { kind: "system"; id: string; number: number; note: SystemNote; at: number; readers: readonly number[] }
  | MessageRow;

/** The local day, as a string that is the same for the whole day. */
type DayOf = (at: number) => string;

export function localDay(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

/** `quoted`: messages that are answered to and not held any more. */
export function rows(
  state: TalkState,
  quoted: ReadonlyMap<number, Message> = new Map<number, Message>(),
  dayOf: DayOf = localDay,
): Row[] {
  const readers = readersByNumber(state);
  const read = readByOthers(state);
  const made: Row[] = [];
  let day = "";
  let divided = state.divider === null;
  const beginDay = (at: number) => {
    const next = dayOf(at);
    if (next === day) return;
    day = next;
    made.push({ kind: "day", id: `day ${next}`, at });
  };
  for (const message of state.messages) {
    const at = Date.parse(message.at);
    beginDay(at);
    if (!divided && message.number > (state.divider ?? 0) && counts(message, state.me)) {
      divided = true;
      made.push({ kind: "divider", id: "divider" });
    }
    const its = readers.get(message.number) ?? [];
    if (message.kind === "system") {
      if (message.system === null) continue;
      made.push({
        kind: "system",
        id: `n${message.number}`,
        number: message.number,
        note: message.system,
        at,
        readers: its,
      });
    } else made.push(said(state, shown(state, message), at, its, read, quoted));
  }
  // What is on its way belongs after the newest message and nowhere else.
  if (state.atEnd) {
    for (const pending of state.pending) {
      beginDay(pending.at);
      made.push(waiting(state, pending, quoted));
    }
  }
  group(made);
  return made;
}

function said(
  state: TalkState,
  message: Message,
  at: number,
  readers: readonly number[],
  read: number,
  quoted: ReadonlyMap<number, Message>,
): MessageRow {
  const mine = message.author === state.me;
  return {
    kind: "message",
    id: message.key === null ? `n${message.number}` : `k${message.key}`,
    number: message.number,
    key: message.key,
    author: message.author,
    mine,
    text: message.text,
    deleted: message.deleted,
    edited: message.edited_at !== null && !message.deleted,
    at,
    replyTo: message.reply_to,
    quote: message.deleted ? null : quoteOf(state, message.reply_to, quoted),
    reactions: Object.entries(message.reactions)
      .filter(([, people]) => people.length > 0)
      .map(([emoji, people]) => ({ emoji, people, mine: people.includes(state.me) })),
    first: true,
    last: true,
    delivery: mine ? (message.number <= read ? "read" : "sent") : null,
    failed: null,
    readers,
  };
}

function waiting(state: TalkState, pending: Pending, quoted: ReadonlyMap<number, Message>): MessageRow {
  return {
    kind: "message",
    id: `k${pending.key}`,
    number: null,
    key: pending.key,
    author: state.me,
    mine: true,
    text: pending.text,
    deleted: false,
    edited: false,
    at: pending.at,
    replyTo: pending.replyTo,
    quote: quoteOf(state, pending.replyTo, quoted),
    reactions: [],
    first: true,
    last: true,
    delivery: pending.failed === null ? "waiting" : "failed",
    failed: pending.failed,
    readers: [],
  };
}

/** The message that is answered to, if it is known. */
export function quoteOf(
  state: TalkState,
  number: number | null,
  quoted: ReadonlyMap<number, Message>,
): Quote | null {
  if (number === null) return null;
  const first = state.messages[0]?.number ?? 1;
  const found = state.messages[number - first] ?? quoted.get(number);
  if (found === undefined) return null;
  const { author, text, deleted } = shown(state, found);
  return { number, author, text, deleted };
}

function group(made: Row[]): void {
  for (const [index, row] of made.entries()) {
    if (row.kind !== "message") continue;
    row.first = !together(made[index - 1], row);
    row.last = !together(row, made[index + 1]);
  }
}

function together(one: Row | undefined, next: Row | undefined): boolean {
  if (one?.kind !== "message" || next?.kind !== "message") return false;
  // People who erased themselves are nobody in particular.
  return one.author !== null && one.author === next.author && next.at - one.at <= GROUP_WITHIN;
}

/** Others, by the last visible message that each has read. Nobody is shown under their own. */
function readersByNumber(state: TalkState): Map<number, number[]> {
  const readers = new Map<number, number[]>();
  const first = state.messages[0]?.number;
  const end = state.messages[state.messages.length - 1]?.number;
  if (first === undefined || end === undefined) return readers;
  for (const [id, mark] of Object.entries(state.marks)) {
    const member = Number(id);
    const number = Math.min(mark, end);
    // Beyond the window nobody knows which is the last.
    if (member === state.me || number < first || (mark > end && !state.atEnd)) continue;
    if (state.messages[number - first]?.author === member) continue;
    readers.set(number, [...(readers.get(number) ?? []), member]);
  }
  return readers;
}

/** The newest number that anybody else has read. */
function readByOthers(state: TalkState): number {
  const others = Object.entries(state.marks).filter(([member]) => Number(member) !== state.me);
  return Math.max(0, ...others.map(([, number]) => number));
}
