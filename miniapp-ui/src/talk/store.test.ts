import { describe, expect, it } from "vitest";

import {
  type Action,
  MAX_HELD,
  MAX_PENDING,
  TYPING_FOR,
  type TalkState,
  emptyTalk,
  held,
  myReaction,
  reduce,
  shown,
} from "./store.ts";
import type { Message, MessagesSummary } from "./timeline.ts";

const ME = 1;
const BEN = 2;

const summary = (over: Partial<MessagesSummary> = {}): MessagesSummary => ({
  last: 0,
  change: 0,
  read: 0,
  unread: 0,
  marks: {},
  ...over,
});

const message = (number: number, over: Partial<Message> = {}): Message => ({
  number,
  change: number,
  author: BEN,
  kind: "text",
  text: `number ${number}`,
  system: null,
  reply_to: null,
  reactions: {},
  at: "2026-05-12T18:00:00Z",
  edited_at: null,
  deleted: false,
  key: null,
  ...over,
});

const messages = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => message(from + index));

const after = (state: TalkState, ...actions: Action[]) => actions.reduce(reduce, state);
const numbers = (state: TalkState) => state.messages.map(({ number }) => number);

/** A talk whose messages `from` to `to` are held, `to` being the room's newest. */
const holding = (from: number, to: number, over: Partial<MessagesSummary> = {}) =>
  after(emptyTalk(ME, summary({ last: to, change: to, read: to, ...over })), {
    type: "page",
    items: messages(from, to),
    place: "newest",
    more: from > 1,
  });

describe("the window of messages", () => {
  it("holds an empty room whole", () => {
    const state = emptyTalk(ME, summary());
    expect([state.atStart, state.atEnd]).toEqual([true, true]);
  });

  it("takes the newest page, and knows whether there is more before it", () => {
    const state = holding(51, 60);
    expect(numbers(state)[0]).toBe(51);
    expect([state.atStart, state.atEnd]).toEqual([false, true]);
    expect(holding(1, 10).atStart).toBe(true);
  });

  it("puts an older page before what it has", () => {
    const state = after(holding(51, 60), {
      type: "page",
      items: messages(41, 50),
      place: "older",
      more: true,
    });
    expect(numbers(state)).toEqual(messages(41, 60).map(({ number }) => number));
    expect([state.atStart, state.atEnd]).toEqual([false, true]);
    expect(after(state, { type: "page", items: [], place: "older", more: false }).atStart).toBe(true);
  });

  it("appends the next message", () => {
    const state = after(holding(1, 3), { type: "message", message: message(4) });
    expect(numbers(state)).toEqual([1, 2, 3, 4]);
  });

  it("takes a message that comes twice once", () => {
    const once = after(holding(1, 3), { type: "message", message: message(4) });
    const twice = after(once, { type: "message", message: message(4) });
    expect(twice).toEqual(once);
  });

  it("lets the newer change of a message win, whichever comes last", () => {
    const edited = message(2, { change: 9, text: "edited" });
    const inOrder = after(holding(1, 3), { type: "message", message: edited });
    const late = after(inOrder, { type: "message", message: message(2) });
    expect(held(late, 2)?.text).toBe("edited");
    const page = after(late, { type: "page", items: messages(1, 3), place: "newest", more: false });
    expect(held(page, 2)?.text, "an older page must not bring an old text back").toBe("edited");
  });

  it("waits for what is between when a message is ahead of it", () => {
    const ahead = after(holding(1, 3), { type: "message", message: message(6) });
    expect(numbers(ahead)).toEqual([1, 2, 3]);
    expect([ahead.atEnd, ahead.last]).toEqual([false, 6]);
    const filled = after(ahead, { type: "page", items: messages(4, 6), place: "newer", more: false });
    expect(numbers(filled)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(filled.atEnd).toBe(true);
  });

  it("is not at the end after a page that a newer message has overtaken", () => {
    const ahead = after(holding(1, 3), { type: "message", message: message(6) });
    const overtaken = after(ahead, { type: "page", items: messages(4, 5), place: "newer", more: false });
    expect(overtaken.atEnd).toBe(false);
  });

  it("never holds a gap, even where a page leaves one", () => {
    const state = after(holding(51, 60), {
      type: "page",
      items: messages(40, 45),
      place: "older",
      more: true,
    });
    expect(numbers(state)).toEqual(messages(51, 60).map(({ number }) => number));
  });

  it("drops the far end beyond its bound", () => {
    let state = holding(901, 1_000);
    for (let from = 801; from > 1; from -= 100) {
      state = after(state, { type: "page", items: messages(from, from + 99), place: "older", more: true });
    }
    expect(state.messages).toHaveLength(MAX_HELD);
    expect(state.atEnd).toBe(false);
    expect(held(state, 101)?.number).toBe(101);
    const live = after(state, { type: "message", message: message(1_001) });
    expect(live.messages, "a live message has no place in a window that ends before it").toEqual(
      state.messages,
    );
    expect(live.last).toBe(1_001);
  });

  it("drops the oldest when a long evening goes on", () => {
    let state = holding(1, 100);
    for (let number = 101; number <= MAX_HELD + 20; number += 1) {
      state = after(state, { type: "message", message: message(number) });
    }
    expect(state.messages).toHaveLength(MAX_HELD);
    expect([state.atStart, state.atEnd, held(state, 21)?.number]).toEqual([false, true, 21]);
  });

  it("is replaced by a page from the middle", () => {
    const state = after(holding(901, 1_000), {
      type: "page",
      items: messages(101, 160),
      place: "around",
      more: true,
    });
    expect([state.atStart, state.atEnd]).toEqual([false, false]);
    expect(held(state, 101)?.number).toBe(101);
  });
});

describe("an own message", () => {
  const say: Action = { type: "said", message: { key: "a", text: "hello", kind: "text" }, now: 5 };

  it("is pending at once, and no longer when it has arrived", () => {
    const pending = after(holding(1, 3), say);
    expect(pending.pending).toEqual([
      { key: "a", text: "hello", kind: "text", replyTo: null, at: 5, failed: null },
    ]);
    const arrived = after(pending, {
      type: "message",
      message: message(4, { author: ME, key: "a", text: "hello" }),
    });
    expect(arrived.pending).toEqual([]);
    expect(numbers(arrived)).toEqual([1, 2, 3, 4]);
  });

  it("is not pending any more when it comes with a page, or where the window ends before it", () => {
    const own = message(4, { author: ME, key: "a" });
    expect(
      after(holding(1, 3), say, { type: "page", items: [own], place: "newer", more: false }).pending,
    ).toEqual([]);
    const elsewhere = after(holding(1, 3), { type: "message", message: message(9) }, say);
    expect(after(elsewhere, { type: "message", message: { ...own, number: 10 } }).pending).toEqual([]);
  });

  it("says why it failed, and can be sent again or dropped", () => {
    const failed = after(holding(1, 3), say, { type: "say failed", key: "a", code: "too_many" });
    expect(failed.pending[0]?.failed).toBe("too_many");
    const again = after(failed, { type: "say again", key: "a", now: 9 });
    expect(again.pending[0]).toMatchObject({ failed: null, at: 9 });
    expect(after(failed, { type: "dropped", key: "a" }).pending).toEqual([]);
  });

  it("moves my mark, as the server does", () => {
    const state = after(holding(1, 3, { read: 1, unread: 2 }), {
      type: "message",
      message: message(4, { author: ME, key: "a" }),
    });
    expect([state.read, state.unread]).toEqual([4, 0]);
  });

  it("waits with a bounded number of others", () => {
    let state = holding(1, 3);
    for (let count = 0; count < MAX_PENDING + 5; count += 1) {
      state = after(state, { type: "said", message: { key: `k${count}`, text: "x", kind: "text" }, now: 1 });
    }
    expect(state.pending).toHaveLength(MAX_PENDING);
  });
});

describe("a wish", () => {
  it("shows an edit before the server answers, and takes a refused one back", () => {
    const wished = after(holding(1, 3), { type: "wish", number: 2, wish: { text: "better" } });
    expect(shown(wished, message(2))).toMatchObject({ text: "better" });
    expect(shown(wished, message(2)).edited_at).not.toBeNull();
    const refused = after(wished, { type: "wish over", number: 2, wish: { text: "better" } });
    expect(shown(refused, message(2)).text).toBe("number 2");
    expect(refused.wishes).toEqual({});
  });

  it("shows a deletion at once", () => {
    const wished = after(holding(1, 3), { type: "wish", number: 2, wish: { deleted: true } });
    expect(shown(wished, message(2, { reactions: { "🔥": [BEN] } }))).toMatchObject({
      deleted: true,
      text: "",
      reactions: {},
    });
  });

  it("shows one reaction for each person", () => {
    const said = message(2, { reactions: { "🔥": [BEN, ME], "👍": [3] } });
    const changed = shown(after(holding(1, 3), { type: "wish", number: 2, wish: { reaction: "👍" } }), said);
    expect(changed.reactions).toEqual({ "🔥": [BEN], "👍": [3, ME] });
    expect(myReaction(changed, ME)).toBe("👍");
    const none = shown(after(holding(1, 3), { type: "wish", number: 2, wish: { reaction: null } }), said);
    expect(none.reactions).toEqual({ "🔥": [BEN], "👍": [3] });
  });

  it("stays when only an earlier one for the same message is over", () => {
    const both = after(
      holding(1, 3),
      { type: "wish", number: 2, wish: { reaction: "🔥" } },
      { type: "wish", number: 2, wish: { reaction: "👍" } },
      { type: "wish over", number: 2, wish: { reaction: "🔥" } },
    );
    expect(both.wishes[2]).toEqual({ reaction: "👍" });
  });
});

describe("what is unread", () => {
  it("grows with others' messages, and not with own, deleted and system ones", () => {
    const state = after(
      holding(1, 3),
      { type: "message", message: message(4) },
      { type: "message", message: message(5, { kind: "system", author: null, system: { what: "joined" } }) },
      { type: "message", message: message(6, { deleted: true }) },
      { type: "message", message: message(7) },
    );
    expect(state.unread).toBe(2);
    expect(after(state, { type: "have read", number: 4 }).unread).toBe(1);
    expect(after(state, { type: "have read", number: 7 }).unread).toBe(0);
  });

  it("is divided where the talk was opened, and the line stays there while it is read", () => {
    const opened = after(holding(1, 9, { read: 6, unread: 3 }), { type: "opened" });
    expect(opened.divider).toBe(6);
    expect(after(opened, { type: "have read", number: 9 }).divider).toBe(6);
    expect(
      after(opened, { type: "have read", number: 9 }, { type: "closed" }, { type: "opened" }).divider,
    ).toBeNull();
  });

  it("does not go back when the server's count is older than what was read here", () => {
    const state = after(holding(1, 9, { read: 6, unread: 3 }), { type: "have read", number: 9 });
    const late = after(state, { type: "summary", summary: summary({ last: 9, read: 6, unread: 3 }) });
    expect([late.read, late.unread]).toEqual([9, 0]);
  });

  it("follows what I read on another phone", () => {
    const state = after(holding(1, 9, { read: 6, unread: 3 }), { type: "mark", member: ME, number: 9 });
    expect([state.read, state.unread]).toEqual([9, 0]);
  });
});

describe("other people", () => {
  it("have read marks that never go back", () => {
    const state = after(
      holding(1, 9),
      { type: "mark", member: BEN, number: 7 },
      { type: "mark", member: BEN, number: 4 },
    );
    expect(state.marks[BEN]).toBe(7);
  });

  it("stop typing after a while, and when they have said it", () => {
    const typing = after(holding(1, 3), { type: "typing", member: BEN, now: 1_000 });
    expect(Object.keys(typing.typing)).toEqual([String(BEN)]);
    expect(after(typing, { type: "tick", now: 1_000 + TYPING_FOR - 1 }).typing).toEqual(typing.typing);
    expect(after(typing, { type: "tick", now: 1_000 + TYPING_FOR }).typing).toEqual({});
    expect(after(typing, { type: "message", message: message(4) }).typing).toEqual({});
  });

  it("do not include me, typing on another phone", () => {
    expect(after(holding(1, 3), { type: "typing", member: ME, now: 1 }).typing).toEqual({});
  });
});
