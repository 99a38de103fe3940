import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Signal } from "../sync/frames";
import { FakeRoom } from "../testing/fakeRoom";
import { phoneIn } from "../testing/phone";
import { OTHER } from "../testing/rooms";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A phone in a room, what its signals tell, and who it shows in the voice chat. */
async function opened() {
  const server = new FakeRoom([]);
  const { live, stop, view } = phoneIn(server);
  const told: unknown[] = [];
  live.signals.subscribe({
    signal: (from, signal) => told.push([from, signal]),
    refused: (code) => told.push(code),
    opened: () => told.push("opened"),
  });
  await vi.advanceTimersByTimeAsync(100);
  const hear = (signal: Signal) => {
    server.say({ type: "signal", room: server.room.code, from: OTHER, signal });
  };
  const voices = () =>
    view()
      .room.members.filter((member) => member.voice)
      .map(({ id }) => id);
  return { server, live, stop, told, hear, voices };
}

describe("a room's signals", () => {
  it("are told to whoever listens, and show who is in the voice chat", async () => {
    const { told, hear, voices, stop } = await opened();
    hear({ type: "voice", on: true });
    expect(voices()).toEqual([OTHER]);
    hear({ type: "rtc", data: { session: "s" } });
    hear({ type: "typing" });
    hear({ type: "voice", on: false });
    expect(voices()).toEqual([]);
    expect(told).toEqual([
      "opened",
      [OTHER, { type: "voice", on: true }],
      [OTHER, { type: "rtc", data: { session: "s" } }],
      [OTHER, { type: "voice", on: false }],
    ]);
    stop();
  });

  it("begin anew with each opening: who is in the voice chat is told again", async () => {
    const { server, told, hear, voices, stop } = await opened();
    hear({ type: "voice", on: true });
    server.close(1006);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told.at(-1)).toBe("opened");
    expect(voices(), "it may have left meanwhile").toEqual([]);
    stop();
  });

  it("are sent to one or to all, and a refusal of one is told", async () => {
    const { server, live, told, stop } = await opened();
    live.signals.send({ type: "voice", on: true });
    live.signals.send({ type: "rtc", data: 1 }, OTHER);
    await vi.advanceTimersByTimeAsync(10);
    expect(server.signals).toEqual([
      { type: "voice", on: true },
      { type: "rtc", data: 1 },
    ]);
    server.say({ type: "refused", id: null, room: server.room.code, code: "room_full", message: "" });
    expect(told.at(-1)).toBe("room_full");
    stop();
  });
});
