import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeRoom } from "../testing/fakeRoom";
import { phoneIn } from "../testing/phone";
import { ME, OTHER } from "../testing/rooms";
import type { Deed } from "./fold";
import { FilmPlayer } from "./testing/filmPlayer";
import { FILM, screenWith } from "./testing/screens";
import { watchRoom } from "./watchRoom";

/** A phone in a room that shows a film, and somebody else in it. */
function watching(server: FakeRoom) {
  const phone = phoneIn(server);
  const deeds: Deed[] = [];
  const held = watchRoom({
    me: ME,
    phone: phone.phone,
    attach: (make) => phone.live.attach(make),
    inControl: (room) => room.members.map(({ id }) => id),
    changed: () => undefined,
    done: (deed) => deeds.push(deed),
    refused: () => undefined,
  });
  return { ...phone, deeds, watching: held };
}

const run = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("watching in a room", () => {
  it("follows the screen of the room's log, and says by whom it changed", async () => {
    const server = new FakeRoom([]);
    const { watching: held, view, deeds, stop } = watching(server);
    await run(10);
    expect(held.playback.screen).toBeNull();
    const screen = screenWith({ by: OTHER });
    server.happens({ type: "screen_changed", screen });
    await run(10);
    expect(view().room.screen, "one room for every part of the page").toEqual(screen);
    expect(held.playback.screen).toEqual(screen);
    expect(deeds).toEqual([{ who: OTHER, what: "changed", media: FILM }]);
    held.stop();
    stop();
  });

  it("tells the others how its player is, and shows how theirs are", async () => {
    const server = new FakeRoom([]);
    server.room.screen = screenWith();
    const { watching: held, stop } = watching(server);
    held.playback.use(new FilmPlayer(), FILM);
    await run(3_000);
    const told = { type: "playback", rev: 5, state: "ready", position_s: 60, duration_s: 5_400 };
    expect(server.signals.at(-1)).toEqual(told);
    const signal = { type: "playback", rev: 5, state: "buffering", position_s: 9 } as const;
    server.say({ type: "signal", room: server.room.code, from: OTHER, signal });
    await run(10);
    expect(held.playback.watchers).toContainEqual({ id: OTHER, doing: "buffering", behind_s: 0 });
    held.stop();
    stop();
  });

  it("asks again after a connection that broke, and shows what it asked for until then", async () => {
    const server = new FakeRoom([]);
    server.room.screen = screenWith({ playing: true });
    const { watching: held, stop } = watching(server);
    await run(100);
    let lost = 0;
    server.loss = () => (lost++ === 0 ? "before" : "none");
    held.playback.pause();
    await run(5);
    expect(held.playback.screen?.playing).toBe(false);
    await run(5_000);
    expect(lost).toBe(2);
    // This server judges nothing of films: it answers that nothing has changed.
    expect(held.commands.asked).toEqual([]);
    expect(held.playback.screen?.playing).toBe(true);
    held.stop();
    stop();
  });

  it("costs nothing once it is over", async () => {
    const server = new FakeRoom([]);
    server.room.screen = screenWith();
    const { watching: held, stop } = watching(server);
    held.playback.use(new FilmPlayer(), FILM);
    await run(3_000);
    const before = server.signals.length;
    held.stop();
    await run(60_000);
    const after = server.signals.slice(before);
    expect(after, "it says that it is over, and nothing more").toMatchObject([{ state: "blocked" }]);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
