import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Event } from "../generated/wire";
import { emptyRoom } from "../testing/rooms";
import { LATE, MAX_ASKED, ScreenCommands, foreseen, named } from "./commands";
import { FILM, OTHER_FILM, screenWith } from "./testing/screens";
import type { Screen, ScreenCommand } from "./types";

const ME = 7;

/** The room's line, and what has gone out on it. */
class Line {
  isOpen = true;
  screen: Screen | null = screenWith();
  readonly sent: { id: number; command: unknown }[] = [];
  readonly refused: string[] = [];
  readonly commands = new ScreenCommands({
    isOpen: () => this.isOpen,
    room: () => emptyRoom({ screen: this.screen }),
    send: (command) => this.sent.push({ id: this.sent.length + 1, command }),
    stalled: () => undefined,
    now: Date.now,
    changed: () => undefined,
    refused: (code) => this.refused.push(code),
  });

  answers(id: number, screen = this.screen): void {
    const event: Event = { type: "screen_changed", screen };
    this.screen = screen;
    this.commands.take({ type: "ack", id, room: "7H3M00NS", seq: 4, event, queue: null, message: null });
  }

  breaks(): void {
    this.isOpen = false;
    this.commands.lost();
  }

  opens(): void {
    this.isOpen = true;
    this.sent.length = 0;
    this.commands.opened();
  }

  get shown(): Screen | null {
    return foreseen(this.screen, this.commands.asked, ME, Date.now());
  }
}

const pause: ScreenCommand = { type: "pause", position_s: 61, rev: 5 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("what is asked of the screen", () => {
  it("is shown at once, and is the server's once it is answered", () => {
    const line = new Line();
    line.screen = screenWith({ playing: true });
    line.commands.ask(pause);
    expect(line.shown).toMatchObject({ playing: false, position_s: 61, by: ME, rev: 6 });
    line.answers(1, screenWith({ rev: 6, position_s: 61 }));
    expect(line.commands.asked).toEqual([]);
    expect(line.shown).toEqual(screenWith({ rev: 6, position_s: 61 }));
  });

  it("is what it was once it is refused, with a word", () => {
    const line = new Line();
    line.screen = screenWith({ playing: true });
    line.commands.ask(pause);
    line.commands.take({ type: "refused", id: 1, room: "7H3M00NS", code: "forbidden", message: "" });
    expect(line.shown?.playing).toBe(true);
    expect(line.refused).toEqual(["forbidden"]);
  });

  it("is asked again after a silence, once, with the same names", () => {
    const line = new Line();
    line.commands.ask({ type: "enqueue", media: named(FILM), item: "mine" });
    line.commands.ask({ type: "next", after: null });
    line.commands.ask(pause);
    const first = line.sent.map(({ command }) => command);
    line.breaks();
    line.opens();
    expect(line.sent.map(({ command }) => command)).toEqual(first);
    line.sent.forEach(({ id }) => {
      line.answers(id);
    });
    line.breaks();
    line.opens();
    expect(line.sent, "what is answered is not asked again").toEqual([]);
  });

  it("means the screen as it is after a silence, also where only a part of it arrived", () => {
    for (const arrived of [5, 6]) {
      const line = new Line();
      line.screen = screenWith({ playing: true });
      line.commands.ask(pause);
      line.commands.ask({ type: "seek", position_s: 900, rev: line.shown?.rev ?? 0 });
      line.breaks();
      line.screen = screenWith({ playing: arrived === 5, rev: arrived });
      line.opens();
      expect(line.sent.map(({ command }) => command)).toEqual([
        { type: "seek", position_s: 900, rev: arrived },
      ]);
    }
  });

  it("is not asked again where others did something meanwhile, or watched on for long", () => {
    const line = new Line();
    line.commands.ask(pause);
    line.breaks();
    line.screen = screenWith({ rev: 9 });
    line.opens();
    expect(line.sent).toEqual([]);
    const late = new Line();
    late.commands.ask(pause);
    late.breaks();
    vi.advanceTimersByTime(LATE);
    late.opens();
    expect(late.sent).toEqual([]);
    expect(late.commands.asked).toEqual([]);
  });

  it("is refused beyond what anybody taps", () => {
    const line = new Line();
    line.isOpen = false;
    for (let n = 0; n <= MAX_ASKED; n += 1) line.commands.ask({ type: "dequeue", item: `i${n}` });
    expect(line.commands.asked).toHaveLength(MAX_ASKED);
    expect(line.refused).toEqual(["too_many"]);
  });
});

describe("the screen as it will be", () => {
  const after = (screen: Screen | null, ...commands: ScreenCommand[]) =>
    foreseen(screen, commands, ME, 2_000_000);

  it("begins a little later, where the film is then", () => {
    expect(after(screenWith(), { type: "play", position_s: 60, rev: 5 })).toMatchObject({
      ...{ playing: true, position_s: 60, at: 2_000_300, rev: 6 },
    });
    const running = screenWith({ playing: true, at: 1_990_000 });
    expect(after(running, { type: "rate", rate: 2 })).toMatchObject({ rate: 2, position_s: 70.3 });
  });

  it("is the same where it is so already, or another was meant", () => {
    const running = screenWith({ playing: true });
    expect(after(running, { type: "play", position_s: 9 })).toBe(running);
    expect(after(running, { type: "rate", rate: 1 })).toBe(running);
    expect(after(running, { type: "pause", position_s: 9, rev: 4 })).toBe(running);
    expect(after(null, { type: "play", position_s: 9 })).toBeNull();
  });

  it("shows a film paused at its beginning, or none", () => {
    expect(after(null, { type: "show", media: { kind: "hls", url: "https://a.test/x.m3u8" } })).toMatchObject(
      { media: { kind: "hls", title: null }, playing: false, position_s: 0 },
    );
    expect(after(screenWith(), { type: "show", media: null })).toBeNull();
    const same = screenWith({ playing: true });
    expect(after(same, { type: "show", media: named(FILM) }), "it is there already").toBe(same);
    const first: ScreenCommand = { type: "enqueue", media: named(OTHER_FILM), item: "b" };
    expect(after(null, first)).toMatchObject({ item: "b", media: { url: OTHER_FILM.url }, playlist: [] });
  });

  it("skips once, however often it is tapped", () => {
    const playlist = ["b", "c"].map((item) => ({ item, media: OTHER_FILM, by: 1 }));
    const next: ScreenCommand = { type: "next", after: null };
    expect(after(screenWith({ playlist, playing: true }), next, next)).toMatchObject({
      ...{ item: "b", playing: true, position_s: 0, playlist: [{ item: "c" }] },
    });
  });

  it("has a film on the list once, and none that was taken off", () => {
    const add: ScreenCommand = { type: "enqueue", media: named(OTHER_FILM), item: "b" };
    expect(after(screenWith(), add, add)?.playlist).toHaveLength(1);
    expect(after(screenWith(), add, { type: "dequeue", item: "b" })?.playlist).toEqual([]);
  });
});
