/**
 * One room's talk as a phone holds it: a window of messages, what is still on its way, and who reads and types.
 *
 * Pure: `reduce` takes what happened and gives the next state; the time comes with it. Promises: messages are in order of number
 * without gaps or doubles, the newer change of a message wins whatever the order of arrival, and a message that is on its way is
 * shown exactly once, also after it has arrived.
 */
import type { Message, MessagesSummary, NewMessage } from "./timeline.ts";

/** So many messages are held at most; beyond it the far end is dropped and fetched again when somebody scrolls there. */
export const MAX_HELD = 500;
/** So many own messages wait at most; the composer sends no more until one has left. */
export const MAX_PENDING = 50;
/** So long, in ms, somebody types after the last sign of it. */
export const TYPING_FOR = 6_000;
/** So many people are remembered as typing at most; further ones are not shown. */
export const MAX_TYPING = 20;

/** An own message that the room does not have yet. */
export interface Pending {
  key: string;
  text: string;
  kind: "text" | "emoji";
  replyTo: number | null;
  /** When it was said here, Unix ms. */
  at: number;
  /** The code of the refusal; null while it is on its way. */
  failed: string | null;
}

/** What I have just done to a message, shown before the server answers. */
export interface Wish {
  text?: string;
  deleted?: boolean;
  /** My reaction; null takes it back. */
  reaction?: string | null;
}

export interface TalkState {
  me: number;
  /** A run of numbers without gaps, oldest first. */
  messages: readonly Message[];
  /** Whether the first of `messages` is the room's first. */
  atStart: boolean;
  /** Whether the last of `messages` is the room's newest, so that the next one belongs after it. */
  atEnd: boolean;
  /** The newest number that is known of. */
  last: number;
  /** The newest change that is known of. */
  change: number;
  read: number;
  unread: number;
  /** How far everybody has read. Never goes back. */
  marks: Readonly<Record<number, number>>;
  pending: readonly Pending[];
  wishes: Readonly<Record<number, Wish>>;
  /** The line between read and unread: after this number. It stays where it was when the talk was opened. */
  divider: number | null;
  /** Until when each types, Unix ms. */
  typing: Readonly<Record<number, number>>;
}

export type Action =
  /** `older` and `newer` continue the window; the other two replace it. */
  | { type: "page"; items: readonly Message[]; place: "older" | "newer" | "newest" | "around"; more: boolean }
  /** Changed messages, wherever they are. */
  | { type: "changes"; items: readonly Message[] }
  | { type: "message"; message: Message }
  | { type: "summary"; summary: MessagesSummary }
  | { type: "mark"; member: number; number: number }
  | { type: "typing"; member: number; now: number }
  | { type: "tick"; now: number }
  | { type: "said"; message: NewMessage; now: number }
  | { type: "say failed"; key: string; code: string }
  | { type: "say again"; key: string; now: number }
  | { type: "dropped"; key: string }
  | { type: "wish"; number: number; wish: Wish }
  | { type: "wish over"; number: number; wish: Wish }
  | { type: "opened" }
  | { type: "closed" }
  | { type: "have read"; number: number };

export function emptyTalk(me: number, summary: MessagesSummary, pending: readonly Pending[] = []): TalkState {
  const nothing: TalkState = {
    me,
    messages: [],
    atStart: false,
    atEnd: false,
    last: 0,
    change: 0,
    read: 0,
    unread: 0,
    marks: {},
    pending,
    wishes: {},
    divider: null,
    typing: {},
  };
  return withSummary(nothing, summary);
}

export function reduce(state: TalkState, action: Action): TalkState {
  switch (action.type) {
    case "page":
      return withPage(state, action);
    case "changes":
      return action.items.reduce(withMessage, state);
    case "message":
      return withMessage(state, action.message);
    case "summary":
      return withSummary(state, action.summary);
    case "mark":
      return withMark(state, action.member, action.number);
    case "typing":
      return withTyping(state, action.member, action.now);
    case "tick":
      return withoutSilent(state, action.now);
    case "said":
      return withPending(state, action.message, action.now);
    case "say failed":
      return changePending(state, action.key, (one) => ({ ...one, failed: action.code }));
    case "say again":
      return changePending(state, action.key, (one) => ({ ...one, failed: null, at: action.now }));
    case "dropped":
      return { ...state, pending: state.pending.filter(({ key }) => key !== action.key) };
    case "wish":
      return {
        ...state,
        wishes: { ...state.wishes, [action.number]: { ...state.wishes[action.number], ...action.wish } },
      };
    case "wish over":
      return withoutWish(state, action.number, action.wish);
    case "opened":
      return { ...state, divider: state.unread > 0 ? state.read : null };
    case "closed":
      return { ...state, divider: null };
    case "have read":
      return withRead(state, action.number);
  }
}

/** A message as it is shown: with what I have just done to it. */
export function shown(state: TalkState, message: Message): Message {
  const wish = state.wishes[message.number];
  if (wish === undefined) return message;
  const changed = { ...message };
  if (wish.text !== undefined) {
    changed.text = wish.text;
    changed.edited_at ??= message.at;
  }
  if (wish.deleted === true) {
    changed.deleted = true;
    changed.text = "";
    changed.reactions = {};
  } else if (wish.reaction !== undefined) {
    changed.reactions = reacted(message.reactions, state.me, wish.reaction);
  }
  return changed;
}

/** My own reaction to a message. */
export function myReaction(message: Message, me: number): string | null {
  const mine = Object.entries(message.reactions).find(([, people]) => people.includes(me));
  return mine?.[0] ?? null;
}

/** The held message with this number. */
export function held(state: TalkState, number: number): Message | undefined {
  const first = state.messages[0];
  return first === undefined ? undefined : state.messages[number - first.number];
}

/** Whether a message counts as unread for me, as the server counts. */
export function counts(message: Message, me: number): boolean {
  return message.kind !== "system" && !message.deleted && message.author !== me;
}

function reacted(
  reactions: Record<string, number[]>,
  me: number,
  emoji: string | null,
): Record<string, number[]> {
  const rest = Object.entries(reactions)
    .map(([key, people]) => [key, people.filter((one) => one !== me)] as const)
    .filter(([key, people]) => people.length > 0 || key === emoji);
  const next = Object.fromEntries(rest) as Record<string, number[]>;
  if (emoji !== null) next[emoji] = [...(next[emoji] ?? []), me];
  return next;
}

function withPage(state: TalkState, page: Extract<Action, { type: "page" }>): TalkState {
  const known = new Map(state.messages.map((message) => [message.number, message]));
  const items = page.items.map((item) => newer(known.get(item.number), item));
  const arrived = items.reduce(withArrived, state);
  const anew = page.place === "newest" || page.place === "around" || state.messages.length === 0;
  const merged = new Map([...(anew ? [] : known), ...items.map((item) => [item.number, item] as const)]);
  const messages = run([...merged.values()].sort((a, b) => a.number - b.number));
  const backwards = page.place === "older" || page.place === "newest";
  // What was said while the page was on its way comes with the next one.
  const newest = (messages[messages.length - 1]?.number ?? 0) >= arrived.last;
  const next = {
    ...arrived,
    messages,
    atStart: backwards ? !page.more : (anew ? false : state.atStart) || messages[0]?.number === 1,
    atEnd: newest && (page.place === "older" ? state.atEnd : true),
  };
  return trimmed(next, page.place === "older" ? "end" : "start");
}

/** The last run without a gap. */
function run(messages: readonly Message[]): readonly Message[] {
  let from = messages.length - 1;
  while (from > 0 && messages[from - 1]?.number === (messages[from]?.number ?? 0) - 1) from -= 1;
  return from <= 0 ? messages : messages.slice(from);
}

function trimmed(state: TalkState, drop: "start" | "end"): TalkState {
  const { messages } = state;
  if (messages.length <= MAX_HELD) return state;
  return drop === "start"
    ? { ...state, messages: messages.slice(-MAX_HELD), atStart: false }
    : { ...state, messages: messages.slice(0, MAX_HELD), atEnd: false };
}

function newer(known: Message | undefined, other: Message): Message {
  if (known === undefined || other.change > known.change) return other;
  return known;
}

function withMessage(before: TalkState, message: Message): TalkState {
  const state = withArrived(before, message);
  const at = held(state, message.number);
  if (at !== undefined) {
    const next = newer(at, message);
    if (next === at) return state;
    return {
      ...state,
      messages: state.messages.map((one) => (one.number === next.number ? next : one)),
    };
  }
  if (message.number <= before.last) return state;
  const gap = state.atEnd && message.number !== (lastHeld(state) ?? 0) + 1;
  const counted = counts(message, state.me) && message.number > state.read;
  const next = {
    ...state,
    unread: state.unread + (counted ? 1 : 0),
    typing: message.author === null ? state.typing : without(state.typing, message.author),
  };
  if (gap) return { ...next, atEnd: false };
  if (!state.atEnd) return next;
  return trimmed({ ...next, messages: [...state.messages, message] }, "start");
}

function lastHeld(state: TalkState): number | undefined {
  return state.messages[state.messages.length - 1]?.number;
}

/** What any message says beside itself: how far the room is, that an own one has arrived, how far its author has read. */
function withArrived(state: TalkState, message: Message): TalkState {
  const next: TalkState = {
    ...state,
    last: Math.max(state.last, message.number),
    change: Math.max(state.change, message.change),
    pending:
      message.key === null ? state.pending : state.pending.filter((pending) => pending.key !== message.key),
  };
  if (message.author !== state.me || message.number <= state.read) return next;
  return withRead(next, message.number);
}

function withSummary(state: TalkState, summary: MessagesSummary): TalkState {
  const marks = { ...state.marks };
  for (const [member, number] of Object.entries(summary.marks)) {
    marks[Number(member)] = Math.max(marks[Number(member)] ?? 0, number);
  }
  const last = Math.max(state.last, summary.last);
  const end = lastHeld(state);
  // What I have read here and the server does not know yet stays read.
  const behind = summary.read < state.read || summary.last < state.last;
  return {
    ...state,
    last,
    change: Math.max(state.change, summary.change),
    read: Math.max(state.read, summary.read),
    unread: behind ? state.unread : summary.unread,
    marks,
    // Before any page is held, an empty room is held whole.
    atStart: end === undefined ? last === 0 : state.atStart,
    atEnd: end === undefined ? last === 0 : state.atEnd && end >= last,
  };
}

function withMark(state: TalkState, member: number, number: number): TalkState {
  if (member === state.me) return withRead(state, number);
  if (number <= (state.marks[member] ?? 0)) return state;
  return { ...state, marks: { ...state.marks, [member]: number } };
}

function withRead(state: TalkState, number: number): TalkState {
  if (number <= state.read) return state;
  const read = number >= state.last;
  const passed = state.messages.filter(
    (message) => message.number > state.read && message.number <= number && counts(message, state.me),
  ).length;
  return {
    ...state,
    read: number,
    unread: read ? 0 : Math.max(0, state.unread - passed),
    marks: { ...state.marks, [state.me]: number },
  };
}

function withTyping(state: TalkState, member: number, now: number): TalkState {
  if (member === state.me) return state;
  const known = member in state.typing;
  if (!known && Object.keys(state.typing).length >= MAX_TYPING) return state;
  return { ...state, typing: { ...state.typing, [member]: now + TYPING_FOR } };
}

function withoutSilent(state: TalkState, now: number): TalkState {
  const typing = Object.entries(state.typing).filter(([, until]) => until > now);
  if (typing.length === Object.keys(state.typing).length) return state;
  return { ...state, typing: Object.fromEntries(typing) };
}

function without(typing: Readonly<Record<number, number>>, member: number): Readonly<Record<number, number>> {
  if (!(member in typing)) return typing;
  return Object.fromEntries(Object.entries(typing).filter(([id]) => Number(id) !== member));
}

function withPending(state: TalkState, message: NewMessage, now: number): TalkState {
  const pending = {
    key: message.key,
    text: message.text,
    kind: message.kind,
    replyTo: message.replyTo ?? null,
    at: now,
    failed: null,
  };
  return { ...state, pending: [...state.pending, pending].slice(-MAX_PENDING) };
}

function changePending(state: TalkState, key: string, change: (one: Pending) => Pending): TalkState {
  return { ...state, pending: state.pending.map((one) => (one.key === key ? change(one) : one)) };
}

/** A later wish for the same message stays. */
function withoutWish(state: TalkState, number: number, over: Wish): TalkState {
  const wish = state.wishes[number];
  if (wish === undefined) return state;
  const rest = Object.entries(wish).filter(([what, value]) => over[what as keyof Wish] !== value);
  const others = Object.entries(state.wishes).filter(([key]) => Number(key) !== number);
  const wishes =
    rest.length === 0 ? others : [...others, [String(number), Object.fromEntries(rest) as Wish] as const];
  return { ...state, wishes: Object.fromEntries(wishes) };
}
