/**
 * One room's talk at work: joins the state to the network and to what the phone keeps.
 *
 * Promises: an own message is on the screen at once, goes out again after a reload under the same key, and is never lost silently; a
 * gap in the numbers or in the changes is fetched, and asked for again until it has come. Must never: know how anything looks.
 */
import { backoff } from "../net/backoff";
import type { Draft, KeptTalk } from "./kept.ts";
import {
  type Action,
  type Pending,
  TYPING_FOR,
  type TalkState,
  type Wish,
  emptyTalk,
  held,
  reduce,
} from "./store.ts";
import type { Message, MessagesSummary, NewMessage, Outcome, PageQuery, RoomTimeline } from "./timeline.ts";
import { onlyEmoji } from "./wording.ts";

/** So many messages are asked for at once. */
const PAGE = 50;
/** So many read ones stand above the first unread one when a page begins in the middle. */
const BEFORE = 20;
/** More pages of missed changes than this are not fetched one by one; the newest page replaces what is held. */
const MAX_CHANGE_PAGES = 5;
/** So many messages that are quoted and not held are remembered; the one asked for first is forgotten beyond it. */
export const MAX_QUOTED = 100;
/** Read marks leave the phone no more often than this, in ms. */
const READ_EVERY = 700;
/** A fetch that failed is repeated after at most so long, in ms. */
const LONGEST_WAIT = 30_000;

export type Loading = "newest" | "older" | "newer" | null;

export interface Surroundings {
  timeline: RoomTimeline;
  kept: KeptTalk;
  now: () => number;
  key: () => string;
  random: () => number;
  /** The state, what is loading, or what is quoted is different now. */
  changed: () => void;
  /** A new message of somebody else, once. */
  arrived: (message: Message) => void;
  /** The server did not take an edit, a deletion or a reaction. */
  refused: (what: "edit" | "delete" | "react", code: string) => void;
}

export class Conversation {
  state: TalkState;
  loading: Loading = null;
  /** Whether nothing could be loaded so far. */
  failed = false;
  quoted: ReadonlyMap<number, Message> = new Map<number, Message>();

  readonly #around: Surroundings;
  #stop: (() => void) | null = null;
  #missedFrom: number | null = null;
  /** The fetch that is under way. */
  #fetching: Promise<boolean> | null = null;
  /** The end of the window was the room's end, and something is missing after it. */
  #behind = false;
  /** The talk was opened, and its first unread message has to be on the screen. */
  #seeking = false;
  #attempt = 0;
  #timers = new Set<ReturnType<typeof setTimeout>>();
  #markTimer: ReturnType<typeof setTimeout> | null = null;
  #marked = 0;
  #wantedQuotes = new Set<number>();

  constructor(around: Surroundings, summary: MessagesSummary) {
    this.#around = around;
    this.state = emptyTalk(around.timeline.me, summary, around.kept.pending);
    this.#marked = this.state.read;
  }

  start(): void {
    this.#stop = this.#around.timeline.subscribe({
      message: (message) => this.#message(message),
      gap: (from) => this.#gap(from),
      read: (member, number) => this.#do({ type: "mark", member, number }),
      typing: (member) => {
        this.#do({ type: "typing", member, now: this.#around.now() });
        this.#later(TYPING_FOR, () => this.#do({ type: "tick", now: this.#around.now() }));
      },
      summary: (summary) => {
        this.#do({ type: "summary", summary });
        this.#fill();
      },
    });
    // What was said before a reload goes out again under its key: for the room it is the same message.
    for (const pending of this.state.pending) if (pending.failed === null) this.#send(pending);
    this.#fill();
  }

  stop(): void {
    this.#flushMark();
    this.#stop?.();
    this.#stop = null;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  get draft(): Draft {
    return this.#around.kept.draft;
  }

  keepDraft(draft: Draft): void {
    this.#around.kept.write({ draft }, this.#around.now());
  }

  /** The talk comes onto the screen: draws the line of what is unread, and fetches what stands there. */
  open(): void {
    this.#do({ type: "opened" });
    this.#seeking = true;
    this.#fill();
  }

  close(): void {
    this.#flushMark();
    this.#do({ type: "closed" });
    this.#seeking = false;
    // With the talk closed, the newest is what people see.
    this.#behind = !this.state.atEnd;
    this.#fill();
  }

  async loadOlder(): Promise<void> {
    const first = this.state.messages[0]?.number;
    if (first === undefined || this.state.atStart || this.#fetching) return;
    await this.#load({ before: first, limit: PAGE }, "older");
  }

  async loadNewer(): Promise<void> {
    const last = this.state.messages[this.state.messages.length - 1]?.number;
    if (last === undefined || this.state.atEnd || this.#fetching) return;
    await this.#load({ after: last, limit: PAGE }, "newer");
  }

  /** Whether the newest message is held now. */
  async toNewest(): Promise<boolean> {
    await this.#fetching;
    if (!this.state.atEnd) await this.#load({ limit: PAGE }, "newest");
    return this.state.atEnd;
  }

  /** Whether the message with this number is held now. */
  async toNumber(number: number): Promise<boolean> {
    await this.#fetching;
    if (held(this.state, number) === undefined) {
      await this.#load({ after: Math.max(0, number - BEFORE), limit: PAGE }, "around");
    }
    return held(this.state, number) !== undefined;
  }

  /** The first page again, after it has failed. */
  retry(): void {
    this.#attempt = 0;
    this.#fill();
  }

  async say(text: string, replyTo: number | null): Promise<void> {
    const message: NewMessage = {
      key: this.#around.key(),
      text,
      kind: onlyEmoji(text) > 0 ? "emoji" : "text",
      ...(replyTo === null ? {} : { replyTo }),
    };
    this.#do({ type: "said", message, now: this.#around.now() });
    const pending = this.state.pending.find(({ key }) => key === message.key);
    if (pending) this.#send(pending);
    await this.toNewest();
  }

  again(key: string): void {
    this.#do({ type: "say again", key, now: this.#around.now() });
    const pending = this.state.pending.find((one) => one.key === key);
    if (pending) this.#send(pending);
  }

  drop(key: string): void {
    this.#do({ type: "dropped", key });
  }

  async edit(number: number, text: string): Promise<void> {
    const wish = { text };
    await this.#wish(number, wish, "edit", () => this.#around.timeline.edit(number, text));
  }

  async unsay(number: number): Promise<void> {
    await this.#wish(number, { deleted: true }, "delete", () => this.#around.timeline.unsay(number));
  }

  async react(number: number, emoji: string | null): Promise<void> {
    const wish = { reaction: emoji };
    await this.#wish(number, wish, "react", () => this.#around.timeline.react(number, emoji));
  }

  /** Somebody has this on the screen. */
  haveRead(number: number): void {
    if (number <= this.state.read) return;
    this.#do({ type: "have read", number });
    this.#markTimer ??= this.#later(READ_EVERY, () => this.#flushMark());
  }

  typing(): void {
    this.#around.timeline.typing();
  }

  /** A message that is quoted and not held: it comes when it has come. */
  wantQuote(number: number): void {
    if (this.quoted.has(number) || this.#wantedQuotes.has(number)) return;
    this.#wantedQuotes.add(number);
    void this.#fetchQuote(number);
  }

  #do(action: Action): void {
    const before = this.state;
    this.state = reduce(before, action);
    if (this.state === before) return;
    if (before.atEnd && !this.state.atEnd && action.type !== "page") this.#behind = true;
    if (this.state.pending !== before.pending) {
      this.#around.kept.write({ pending: this.state.pending }, this.#around.now());
    }
    this.#around.changed();
  }

  #message(message: Message): void {
    const news = message.number > this.state.last;
    this.#do({ type: "message", message });
    if (news && message.author !== this.state.me && !message.deleted) this.#around.arrived(message);
    this.#fill();
  }

  #gap(from: number): void {
    this.#missedFrom = Math.min(from, this.#missedFrom ?? from);
    this.#fill();
  }

  /** Fetches whatever is known to be missing, one thing at a time. */
  #fill(): void {
    if (this.#fetching || this.#stop === null) return;
    const { messages, atEnd, divider } = this.state;
    const first = messages[0]?.number;
    if (first === undefined) {
      if (!atEnd) void this.#load({ limit: PAGE }, "newest");
      return;
    }
    const unseen = this.#seeking && divider !== null && divider + 1 < first;
    this.#seeking = false;
    if (unseen) void this.#load({ after: Math.max(0, divider - BEFORE), limit: PAGE * 2 }, "around");
    else if (this.#missedFrom !== null) void this.#fetchChanges(this.#missedFrom);
    else if (this.#behind && !atEnd) void this.#fetchEnd();
  }

  async #fetchEnd(): Promise<void> {
    const last = this.state.messages[this.state.messages.length - 1]?.number ?? 0;
    const near = this.state.last - last <= PAGE;
    await this.#load({ ...(near ? { after: last } : {}), limit: PAGE }, near ? "newer" : "newest");
  }

  async #load(query: PageQuery, place: "older" | "newer" | "newest" | "around"): Promise<void> {
    this.loading = place === "around" ? "newest" : place;
    const done = await this.#fetched(async () => {
      this.#around.changed();
      const { items, more } = await this.#around.timeline.fetchPage(query);
      this.loading = null;
      if (place === "around") this.#behind = false;
      this.#do({ type: "page", items, place, more });
    });
    this.loading = null;
    this.failed = !done && this.state.messages.length === 0;
    this.#around.changed();
    if (done) this.#fill();
  }

  async #fetchChanges(from: number): Promise<void> {
    const done = await this.#fetched(async () => {
      let since = from;
      for (let page = 0; page < MAX_CHANGE_PAGES; page += 1) {
        const { items, more } = await this.#around.timeline.fetchPage({ changedSince: since });
        this.#do({ type: "changes", items: [...items].sort((a, b) => a.number - b.number) });
        since = Math.max(since, ...items.map(({ change }) => change));
        if (!more || items.length === 0) return;
      }
      const { items, more } = await this.#around.timeline.fetchPage({ limit: PAGE });
      this.#do({ type: "page", items, place: "newest", more });
    });
    if (done && this.#missedFrom === from) this.#missedFrom = null;
    if (done) this.#fill();
  }

  /** Whether it came. If not, what is missing is asked for again in a while. */
  async #fetched(fetch: () => Promise<void>): Promise<boolean> {
    this.#fetching = fetch().then(
      () => true,
      () => false,
    );
    const done = await this.#fetching;
    this.#fetching = null;
    if (done) this.#attempt = 0;
    else {
      const wait = backoff(this.#attempt, this.#around.random(), LONGEST_WAIT);
      this.#attempt += 1;
      this.#later(wait, () => this.#fill());
    }
    return done;
  }

  async #fetchQuote(number: number): Promise<void> {
    try {
      const { items } = await this.#around.timeline.fetchPage({ after: number - 1, limit: 1 });
      const found = items.find((item) => item.number === number);
      if (!found) return;
      const all = [...this.quoted, [number, found] as const];
      this.quoted = new Map(all.slice(-MAX_QUOTED));
      this.#around.changed();
    } catch {
      // The quote stays without its text; whoever taps it goes there.
    } finally {
      this.#wantedQuotes.delete(number);
    }
  }

  #send(pending: Pending): void {
    const { key, text, kind, replyTo } = pending;
    const said = this.#around.timeline.say({ key, text, kind, ...(replyTo === null ? {} : { replyTo }) });
    void said
      .then(codeOf, () => "unknown")
      .then((code) => {
        // A done one goes when it arrives among the messages, which may be before or after.
        if (code !== null) this.#do({ type: "say failed", key, code });
      });
  }

  async #wish(
    number: number,
    wish: Wish,
    what: "edit" | "delete" | "react",
    act: () => Promise<Outcome>,
  ): Promise<void> {
    this.#do({ type: "wish", number, wish });
    const code = await act().then(codeOf, () => "unknown");
    this.#do({ type: "wish over", number, wish });
    if (code !== null) this.#around.refused(what, code);
  }

  #flushMark(): void {
    if (this.#markTimer !== null) clearTimeout(this.#markTimer);
    this.#markTimer = null;
    if (this.state.read <= this.#marked) return;
    this.#marked = this.state.read;
    this.#around.timeline.read(this.state.read);
  }

  #later(wait: number, act: () => void): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, wait);
    this.#timers.add(timer);
    return timer;
  }
}

/** The code of a refusal; null when it is done. */
function codeOf(outcome: Outcome): string | null {
  return outcome === "done" ? null : outcome.slice("refused:".length);
}
