import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { inMemory } from "../net/keep";
import { Conversation } from "./conversation.ts";
import { KeptTalk } from "./kept.ts";
import { type FakeTimeline, fakeTimeline } from "./testing/fakeTimeline.ts";

const ME = 1;
const BEN = 2;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function talks(timeline: FakeTimeline, keep = inMemory()) {
  const refused: string[] = [];
  const arrived: number[] = [];
  let keys = 0;
  const conversation = new Conversation(
    {
      timeline,
      kept: new KeptTalk(keep, ME, "R00M0001"),
      now: () => Date.now(),
      key: () => {
        keys += 1;
        return `key-${keys}`;
      },
      random: () => 0.5,
      changed: () => undefined,
      arrived: ({ number }) => arrived.push(number),
      refused: (what, code) => refused.push(`${what}: ${code}`),
    },
    timeline.summary(),
  );
  conversation.start();
  return { conversation, refused, arrived, keep };
}

const settled = () => vi.advanceTimersByTimeAsync(0);
const texts = (conversation: Conversation) => conversation.state.messages.map(({ text }) => text);

describe("a conversation", () => {
  it("fetches what it missed when it is told that something is missing", async () => {
    const timeline = fakeTimeline(ME);
    timeline.hears(BEN, "one");
    const { conversation } = talks(timeline);
    await settled();
    const known = timeline.summary().change;
    timeline.misses(BEN, "two");
    timeline.misses(BEN, "three");
    timeline.tell((listener) => listener.gap(known));
    await settled();
    expect(texts(conversation)).toEqual(["one", "two", "three"]);
  });

  it("fetches the messages between what it has and one that is ahead of them", async () => {
    const timeline = fakeTimeline(ME);
    timeline.hears(BEN, "one");
    const { conversation, arrived } = talks(timeline);
    await settled();
    timeline.misses(BEN, "two");
    timeline.hears(BEN, "three");
    await settled();
    expect(texts(conversation)).toEqual(["one", "two", "three"]);
    expect(arrived, "what was fetched is no news").toEqual([3]);
  });

  it("asks again in a while for what did not come", async () => {
    const timeline = fakeTimeline(ME);
    timeline.hears(BEN, "one");
    timeline.offline = true;
    const { conversation } = talks(timeline);
    await settled();
    expect(conversation.failed).toBe(true);
    timeline.offline = false;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(texts(conversation)).toEqual(["one"]);
    expect(conversation.failed).toBe(false);
  });

  it("says what a reload cut off once more under the same key, which is the same message", async () => {
    const timeline = fakeTimeline(ME);
    timeline.answers = "never";
    const { conversation, keep } = talks(timeline);
    await settled();
    void conversation.say("hello", null);
    await settled();
    conversation.stop();
    // It had arrived; only its answer had not.
    timeline.misses(ME, "hello", { key: "key-1" });
    timeline.answers = "done";
    const after = talks(timeline, keep);
    await settled();
    expect(timeline.sent.filter((sent) => sent === "say hello")).toHaveLength(2);
    expect(texts(after.conversation)).toEqual(["hello"]);
    expect(after.conversation.state.pending).toEqual([]);
  });

  it("shows what it was before where an edit is refused, and says why", async () => {
    const timeline = fakeTimeline(ME);
    const { conversation, refused } = talks(timeline);
    await conversation.say("right", null);
    await settled();
    timeline.answers = "refused:not_allowed";
    await conversation.edit(1, "wrong");
    await settled();
    expect(refused).toEqual(["edit: not_allowed"]);
    expect(texts(conversation)).toEqual(["right"]);
    expect(conversation.state.wishes).toEqual({});
  });

  it("opens at the first unread message, however long ago that is", async () => {
    const timeline = fakeTimeline(ME);
    for (let n = 1; n <= 300; n += 1) timeline.misses(BEN, `number ${n}`);
    timeline.marks[ME] = 100;
    const { conversation } = talks(timeline);
    await settled();
    conversation.open();
    await settled();
    const numbers = conversation.state.messages.map(({ number }) => number);
    expect(numbers[0]).toBeLessThanOrEqual(100);
    expect(numbers).toContain(101);
    expect(conversation.state.divider).toBe(100);
  });

  it("keeps a draft over a reload", async () => {
    const timeline = fakeTimeline(ME);
    const { conversation, keep } = talks(timeline);
    conversation.keepDraft({ text: "half a sent", replyTo: null });
    conversation.stop();
    const after = talks(timeline, keep);
    await settled();
    expect(after.conversation.draft).toEqual({ text: "half a sent", replyTo: null });
  });
});
