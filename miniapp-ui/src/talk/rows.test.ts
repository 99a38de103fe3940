import { describe, expect, it } from "vitest";

import { GROUP_WITHIN, type MessageRow, type Row, rows } from "./rows.ts";
import { type Action, type TalkState, emptyTalk, reduce } from "./store.ts";
import type { Message, MessagesSummary } from "./timeline.ts";

const ME = 1;
const BEN = 2;
const CHLOE = 3;
const NOON = Date.parse("2026-05-12T12:00:00Z");
const MINUTE = 60_000;

const utcDay = (at: number) => new Date(at).toISOString().slice(0, 10);

const message = (number: number, over: Partial<Message> = {}): Message => ({
  number,
  change: number,
  author: BEN,
  kind: "text",
  text: `number ${number}`,
  system: null,
  reply_to: null,
  reactions: {},
  at: new Date(NOON + number * 1_000).toISOString(),
  edited_at: null,
  deleted: false,
  key: null,
  ...over,
});

const talk = (items: Message[], over: Partial<MessagesSummary> = {}, ...actions: Action[]): TalkState => {
  const last = items[items.length - 1]?.number ?? 0;
  const state = emptyTalk(ME, { last, change: last, read: last, unread: 0, marks: {}, ...over });
  return [{ type: "page", items, place: "newest", more: false } as const, ...actions].reduce(reduce, state);
};

const made = (state: TalkState) => rows(state, undefined, utcDay);
const kinds = (all: Row[]) => all.map(({ kind }) => kind);
const bubbles = (state: TalkState) => made(state).filter((row): row is MessageRow => row.kind === "message");

describe("the rows of a talk", () => {
  it("begin each day with its date", () => {
    const tomorrow = message(2, { at: new Date(NOON + 24 * 60 * MINUTE).toISOString() });
    expect(kinds(made(talk([message(1), tomorrow])))).toEqual(["day", "message", "day", "message"]);
  });

  it("group what one person says within five minutes", () => {
    const at = (after: number) => new Date(NOON + after).toISOString();
    const state = talk([
      message(1, { at: at(0) }),
      message(2, { at: at(GROUP_WITHIN) }),
      message(3, { at: at(2 * GROUP_WITHIN + 1) }),
      message(4, { author: CHLOE, at: at(2 * GROUP_WITHIN + 2) }),
    ]);
    expect(bubbles(state).map(({ first, last }) => [first, last])).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ]);
  });

  it("do not group across what happened in the room, nor people who erased themselves", () => {
    const joined = message(2, { kind: "system", author: null, system: { what: "joined", member: CHLOE } });
    const state = talk([
      message(1),
      joined,
      message(3),
      message(4, { author: null }),
      message(5, { author: null }),
    ]);
    expect(kinds(made(state))).toEqual(["day", "message", "system", "message", "message", "message"]);
    expect(bubbles(state).every(({ first, last }) => first && last)).toBe(true);
  });

  it("draw the line before the first message that is unread, and not before my own", () => {
    const state = talk(
      [message(1), message(2, { author: ME }), message(3)],
      { read: 1, unread: 1 },
      { type: "opened" },
    );
    // My own message moves my mark: what I answered I have seen.
    expect(
      kinds(made(talk([message(1), message(2), message(3)], { read: 1, unread: 2 }, { type: "opened" }))),
    ).toEqual(["day", "message", "divider", "message", "message"]);
    expect(kinds(made(state))).toEqual(["day", "message", "message", "divider", "message"]);
  });

  it("end with what is on its way, under a row that stays the same when it arrives", () => {
    const waiting = talk(
      [message(1)],
      {},
      {
        type: "said",
        message: { key: "a", text: "hi", kind: "text" },
        now: NOON + MINUTE,
      },
    );
    const before = bubbles(waiting)[1];
    expect(before).toMatchObject({ delivery: "waiting", mine: true, number: null, text: "hi" });
    const arrived = reduce(waiting, {
      type: "message",
      message: message(2, { author: ME, key: "a", text: "hi" }),
    });
    const after = bubbles(arrived)[1];
    expect(after).toMatchObject({ delivery: "sent", number: 2 });
    expect(after?.id).toBe(before?.id);
  });

  it("tell a failed message from a waiting one, and a read one from one that was only sent", () => {
    const state = talk(
      [message(1, { author: ME }), message(2, { author: ME })],
      { marks: { [BEN]: 1 } },
      { type: "said", message: { key: "a", text: "hi", kind: "text" }, now: NOON },
      { type: "say failed", key: "a", code: "too_many" },
    );
    expect(bubbles(state).map(({ delivery }) => delivery)).toEqual(["read", "sent", "failed"]);
  });

  it("show each reader at the last message they have read, never under their own", () => {
    const state = talk([message(1, { author: ME }), message(2, { author: CHLOE })], {
      marks: { [BEN]: 1, [CHLOE]: 2, [ME]: 2 },
    });
    expect(bubbles(state).map(({ readers }) => readers)).toEqual([[BEN], []]);
  });

  it("quote what is answered, as it is now", () => {
    const state = talk(
      [message(1), message(2, { author: ME, reply_to: 1 }), message(3, { author: ME, reply_to: 99 })],
      {},
      { type: "changes", items: [message(1, { change: 9, text: "edited" })] },
    );
    expect(bubbles(state).map(({ quote }) => quote)).toEqual([
      null,
      { number: 1, author: BEN, text: "edited", deleted: false },
      null,
    ]);
    const fetched = new Map([[99, message(99, { text: "far away" })]]);
    expect(rows(state, fetched, utcDay).at(-1)).toMatchObject({ quote: { number: 99, text: "far away" } });
  });

  it("show no row for something in the room that has no data", () => {
    expect(kinds(made(talk([message(1, { kind: "system", author: null })])))).toEqual(["day"]);
  });
});
