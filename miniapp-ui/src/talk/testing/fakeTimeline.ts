/** A room's messages in memory, with the server's manners: for tests and for looking at the panel. */
import type {
  Message,
  MessagesSummary,
  NewMessage,
  Outcome,
  Page,
  PageQuery,
  RoomTimeline,
  SystemNote,
  TimelineListener,
} from "../timeline.ts";

export interface FakeTimeline extends RoomTimeline {
  /** What the room has. */
  all: Message[];
  /** What becomes of the next commands: done at once, left on their way, or refused. */
  answers: "done" | "never" | `refused:${string}`;
  /** No page comes, as without a network. */
  offline: boolean;
  marks: Record<number, number>;
  /** Commands, reads and typing as they left the phone. */
  sent: string[];
  fetched: PageQuery[];
  summary: () => MessagesSummary;
  /** Somebody says something, now. */
  hears: (author: number, text: string, over?: Partial<Message>) => Message;
  /** The same without the phone being told. */
  misses: (author: number, text: string, over?: Partial<Message>) => Message;
  notes: (note: SystemNote) => Message;
  changes: (number: number, over: Partial<Message>) => void;
  tell: (tell: (listener: TimelineListener) => void) => void;
}

export function fakeTimeline(me: number, begin = Date.parse("2026-05-12T18:00:00Z")): FakeTimeline {
  const listeners = new Set<TimelineListener>();
  let change = 0;
  let clock = begin;

  const add = (author: number | null, text: string, over: Partial<Message> = {}): Message => {
    change += 1;
    clock += 40_000;
    const message: Message = {
      number: fake.all.length + 1,
      change,
      author,
      kind: "text",
      text,
      system: null,
      reply_to: null,
      reactions: {},
      at: new Date(clock).toISOString(),
      edited_at: null,
      deleted: false,
      key: null,
      ...over,
    };
    clock = Math.max(clock, Date.parse(message.at));
    fake.all.push(message);
    return message;
  };
  const tell: FakeTimeline["tell"] = (act) => {
    for (const listener of [...listeners]) act(listener);
  };
  const answered = (act: () => Message | undefined): Promise<Outcome> => {
    if (fake.answers === "never") return new Promise(() => undefined);
    if (fake.answers !== "done") return Promise.resolve(fake.answers);
    const message = act();
    if (message) tell((listener) => listener.message(message));
    return Promise.resolve("done");
  };
  const change_ = (number: number, over: Partial<Message>): Message | undefined => {
    const at = fake.all.findIndex((message) => message.number === number);
    const before = fake.all[at];
    if (!before) return undefined;
    change += 1;
    const after = { ...before, ...over, change };
    fake.all[at] = after;
    return after;
  };
  const said = (message: NewMessage) =>
    fake.all.find((one) => one.key === message.key) ??
    add(me, message.text, { key: message.key, kind: message.kind, reply_to: message.replyTo ?? null });

  const fake: FakeTimeline = {
    me,
    all: [],
    answers: "done",
    offline: false,
    marks: {},
    sent: [],
    fetched: [],
    summary: () => {
      const read = fake.marks[me] ?? 0;
      const last = fake.all.length;
      const unread = fake.all.filter(
        (one) => one.number > read && one.author !== me && one.kind !== "system" && !one.deleted,
      ).length;
      return { last, change, read, unread, marks: { ...fake.marks } };
    },
    hears(author, text, over) {
      const message = add(author, text, over);
      tell((listener) => listener.message(message));
      return message;
    },
    misses: add,
    notes(note) {
      const message = add(null, "", { kind: "system", system: note });
      tell((listener) => listener.message(message));
      return message;
    },
    changes(number, over) {
      const message = change_(number, over);
      if (message) tell((listener) => listener.message(message));
    },
    tell,
    say(message) {
      fake.sent.push(`say ${message.text}`);
      return answered(() => said(message));
    },
    edit(number, text) {
      fake.sent.push(`edit ${number} ${text}`);
      return answered(() => change_(number, { text, edited_at: new Date(clock).toISOString() }));
    },
    unsay(number) {
      fake.sent.push(`unsay ${number}`);
      return answered(() => change_(number, { text: "", deleted: true, reactions: {} }));
    },
    react(number, emoji) {
      fake.sent.push(`react ${number} ${String(emoji)}`);
      return answered(() => {
        const message = fake.all.find((one) => one.number === number);
        const others = Object.entries(message?.reactions ?? {})
          .map(([key, people]) => [key, people.filter((one) => one !== me)] as const)
          .filter(([, people]) => people.length > 0);
        const reactions: Record<string, number[]> = Object.fromEntries(others);
        if (emoji !== null) reactions[emoji] = [...(reactions[emoji] ?? []), me];
        return change_(number, { reactions });
      });
    },
    read(number) {
      fake.sent.push(`read ${number}`);
    },
    typing() {
      fake.sent.push("typing");
    },
    fetchPage(query): Promise<Page> {
      fake.fetched.push(query);
      if (fake.offline) return Promise.reject(new Error("no network"));
      return Promise.resolve(page(fake.all, query));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return fake;
}

function page(all: readonly Message[], query: PageQuery): Page {
  const limit = Math.min(100, query.limit ?? 100);
  if (query.changedSince !== undefined) {
    const since = query.changedSince;
    const changed = all.filter(({ change }) => change > since).sort((a, b) => a.change - b.change);
    return { items: changed.slice(0, limit), more: changed.length > limit };
  }
  if (query.after !== undefined) {
    const from = query.after;
    const later = all.filter(({ number }) => number > from);
    return { items: later.slice(0, limit), more: later.length > limit };
  }
  const before = query.before ?? Infinity;
  const earlier = all.filter(({ number }) => number < before);
  return { items: earlier.slice(-limit), more: earlier.length > limit };
}
