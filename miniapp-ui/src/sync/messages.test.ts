import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeRoom } from "../testing/fakeRoom";
import { ME, OTHER, film } from "../testing/rooms";
import { phoneIn } from "../testing/phone";
import { MAX_WAITING, TYPING_PAUSE } from "./messages";
import type { TimelineListener } from "./timeline";

const soon = () => vi.advanceTimersByTimeAsync(0);
const text = (key: string, words = key) => ({ key, text: words, kind: "text" as const });

/** What a screen is told, in order. */
function listening(timeline: { subscribe: (listener: TimelineListener) => () => void }) {
  const heard: string[] = [];
  const stop = timeline.subscribe({
    message: (message) => heard.push(`${message.change}: ${message.text}`),
    gap: (from) => heard.push(`gap after ${from}`),
    read: (member, number) => heard.push(`${member} has read ${number}`),
    typing: (member) => heard.push(`${member} types`),
    summary: ({ last }) => heard.push(`${last} so far`),
  });
  return { heard, stop };
}

async function talking(server = new FakeRoom([])) {
  const one = phoneIn(server);
  await soon();
  return { server, ...one, timeline: one.live.timeline, ...listening(one.live.timeline) };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("what somebody says", () => {
  it("is done once the server has it, and comes to its own phone as well", async () => {
    const { timeline, heard, server } = await talking();
    const outcome = timeline.say(text("hello"));
    await soon();
    await expect(outcome).resolves.toBe("done");
    expect(heard).toEqual(["0 so far", "1: hello"]);
    expect(server.messages).toMatchObject([{ author: ME, text: "hello", key: "hello" }]);
  });

  it("without a network is said when there is one, in its order", async () => {
    const { server, timeline, keep, stop, phone } = await talking();
    server.reachable = false;
    server.close(1006);
    const outcomes = Promise.all([timeline.say(text("a")), timeline.say(text("b")), timeline.edit(1, "A")]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(keep.keys("sovpalo.say."), "it would survive a reload").toHaveLength(3);
    server.reachable = true;
    phone.wake();
    await vi.advanceTimersByTimeAsync(3_000);
    await expect(outcomes).resolves.toEqual(["done", "done", "done"]);
    expect(server.messages.map((message) => message.text)).toEqual(["A", "b"]);
    stop();
  });

  it("survives a reload that comes before the answer", async () => {
    const { server, live, keep, phone } = await talking();
    server.reachable = false;
    server.close(1006);
    void live.timeline.say(text("still here"));
    live.stop();
    phone.stop();
    server.reachable = true;
    const after = phoneIn(server, keep);
    const { heard } = listening(after.live.timeline);
    await soon();
    expect(server.messages.map((message) => message.text)).toEqual(["still here"]);
    expect(heard).toEqual(["0 so far", "1: still here"]);
    expect(keep.keys("sovpalo.say.")).toEqual([]);
  });

  it("whose answer was lost is said again and there once", async () => {
    const { server, timeline } = await talking();
    server.loss = () => "after";
    const outcome = timeline.say(text("once"));
    await soon();
    server.loss = () => "none";
    await vi.advanceTimersByTimeAsync(3_000);
    await expect(outcome).resolves.toBe("done");
    expect(server.messages).toHaveLength(1);
  });

  it("that is refused says why, and is not said again", async () => {
    const { timeline, keep } = await talking();
    const outcome = timeline.say(text("empty", " "));
    await soon();
    await expect(outcome).resolves.toBe("refused:invalid");
    await expect(timeline.react(7, "🔥").then(async (end) => (await soon(), end))).resolves.toBe(
      "refused:message_not_found",
    );
    expect(keep.keys("sovpalo.say.")).toEqual([]);
  });

  it("waits while the database is away, and holds up nobody's swipes", async () => {
    const server = new FakeRoom(["a", "b", "c"]);
    const { timeline, live, view } = await talking(server);
    server.speechless = true;
    const outcome = timeline.say(text("later"));
    await soon();
    live.swipe(film("a"), "like");
    await soon();
    expect(server.verdicts.get("a")).toBe("like");
    expect(view().pending).toBe(0);
    expect(server.opens, "a line that waits is no reason to open the room again").toHaveLength(1);
    server.speechless = false;
    await vi.advanceTimersByTimeAsync(2_000);
    await expect(outcome).resolves.toBe("done");
  });

  it("beyond what a phone may keep is refused at once", async () => {
    const { server, timeline } = await talking();
    server.reachable = false;
    server.close(1006);
    for (let n = 0; n < MAX_WAITING; n += 1) void timeline.say(text(`m${n}`));
    await expect(timeline.say(text("one more"))).resolves.toBe("refused:too_many");
  });

  it("is forgotten with the room", async () => {
    const { server, timeline, keep } = await talking();
    server.reachable = false;
    server.close(1006);
    const outcome = timeline.say(text("too late"));
    server.reachable = true;
    server.refuseOpen("not_a_member");
    await vi.advanceTimersByTimeAsync(3_000);
    await expect(outcome).resolves.toBe("refused:not_a_member");
    expect(keep.keys("sovpalo.say.")).toEqual([]);
  });
});

describe("what others say", () => {
  it("comes once and in order, whatever was missed", async () => {
    const { server, heard } = await talking();
    server.says("one");
    server.close(1006);
    server.says("two", false);
    server.says("three", false);
    await vi.advanceTimersByTimeAsync(2_000);
    server.says("four");
    await soon();
    const messages = heard.filter((line) => /^\d+: /.test(line));
    expect(messages).toEqual(["1: one", "2: two", "3: three", "4: four"]);
  });

  it("comes as it is now where it changed more than once meanwhile", async () => {
    const { server, heard } = await talking();
    server.says("one");
    server.close(1006);
    server.changes(1, "won", false);
    server.changes(1, "One.", false);
    server.says("two", false);
    server.changes(2, "Two.", false);
    await vi.advanceTimersByTimeAsync(2_000);
    server.says("three");
    await soon();
    const messages = heard.filter((line) => /^\d+: /.test(line));
    expect(messages).toEqual(["1: one", "3: One.", "5: Two.", "6: three"]);
    expect(server.opens, "nothing was lost that it had to ask for again").toHaveLength(2);
  });

  it("goes on where a change was overtaken by the next one and never sent", async () => {
    const { server, heard } = await talking();
    server.says("one");
    server.changes(1, "won", false);
    server.changes(1, "One.");
    server.says("two");
    await vi.advanceTimersByTimeAsync(2_000);
    const messages = heard.filter((line) => /^\d+: /.test(line));
    expect(messages).toEqual(["1: one", "3: One.", "4: two"]);
    expect(server.opens, "once it makes sure that nothing was lost").toHaveLength(2);
  });

  it("is asked for again when one was lost on a connection that lives", async () => {
    const { server, heard } = await talking();
    server.says("one");
    server.says("lost", false);
    server.says("three");
    await soon();
    expect(heard.slice(1)).toEqual(["1: one", "3 so far", "2: lost", "3: three"]);
    expect(server.opens.at(-1)).toMatchObject({ change: 1 });
  });

  it("is asked for again when the time says that the last one was lost", async () => {
    const { server, heard } = await talking();
    server.says("lost", false);
    const stand = { seq: server.room.seq, change: 1 };
    server.say({ type: "time", now: 0, rooms: { [server.room.code]: stand } });
    await soon();
    expect(heard.at(-1)).toBe("1: lost");
  });

  it("is left to pages when too much was missed, and goes on after it", async () => {
    const { server, heard } = await talking();
    server.mostMissed = 2;
    server.says("one");
    server.close(1006);
    for (const word of ["two", "three", "four"]) server.says(word, false);
    await vi.advanceTimersByTimeAsync(2_000);
    server.says("five");
    await soon();
    expect(heard.slice(1)).toEqual(["1: one", "4 so far", "gap after 1", "5: five"]);
  });

  it("is counted for whoever begins to listen later", async () => {
    const { server, timeline } = await talking();
    const told = () => {
      let now = "";
      const nothing = () => undefined;
      const only = { message: nothing, gap: nothing, read: nothing, typing: nothing };
      timeline.subscribe({ ...only, summary: ({ last, unread }) => (now = `${last}, ${unread} unread`) })();
      return now;
    };
    server.says("one");
    server.says("two");
    expect(told()).toBe("2, 2 unread");
    void timeline.say(text("mine"));
    await soon();
    expect(told()).toBe("3, 0 unread");
    server.says("four");
    server.say({ type: "read", room: server.room.code, member: ME, number: 4 });
    expect(told()).toBe("4, 0 unread");
  });

  it("is told to whoever listens, for as long as they do", async () => {
    const { server, heard, timeline } = await talking();
    const other = listening(timeline);
    other.stop();
    server.says("one");
    expect(heard.at(-1)).toBe("1: one");
    expect(other.heard).toEqual(["0 so far"]);
  });
});

describe("what is never kept", () => {
  it("tells that somebody types, and how far they have read", async () => {
    const { server, heard } = await talking();
    const room = server.room.code;
    server.say({ type: "signal", room, from: OTHER, signal: { type: "typing" } });
    server.saysInWords(
      JSON.stringify({ type: "signal", room, from: OTHER, signal: { type: "of the year 2030" } }),
    );
    server.say({ type: "read", room, member: OTHER, number: 4 });
    expect(heard.slice(1)).toEqual([`${OTHER} types`, `${OTHER} has read 4`]);
  });

  it("says that I type now and then only, and not at all without a connection", async () => {
    const { server, timeline } = await talking();
    for (let key = 0; key < 10; key += 1) timeline.typing();
    await soon();
    expect(server.signals).toEqual([{ type: "typing" }]);
    await vi.advanceTimersByTimeAsync(TYPING_PAUSE);
    timeline.typing();
    await soon();
    expect(server.signals).toHaveLength(2);
    server.reachable = false;
    server.close(1006);
    await vi.advanceTimersByTimeAsync(TYPING_PAUSE);
    timeline.typing();
    expect(server.signals).toHaveLength(2);
  });
});
