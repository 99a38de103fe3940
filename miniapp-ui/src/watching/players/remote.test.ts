// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { PlayerEvent, PlayerState } from "./adapter";
import { MESSAGES_BURST, type Order, type Report, hear, isOrder, isReport } from "./messages";
import { type RemotePlayer, openPlayer } from "./remote";

const words = { tap: "Tap", frame: "By itself", open: "Open" };
const FILM = { kind: "file", url: "https://films.ru/a.mp4" } as const;
const STATE: PlayerState = {
  position_s: 12,
  measured_at: 1_000,
  paused: false,
  buffering: false,
  ad: false,
  ended: false,
  rate: 1,
  duration_s: 90,
  error: null,
};
const CAN = { rate: true, seek: true, live: false, ads: false, exact: true };

let player: RemotePlayer;
let asked: Order[];
let events: PlayerEvent[];

/** The document says something; of another origin or window, if that is said. */
function says(report: unknown, from: { origin?: string; source?: Window | null } = {}): void {
  const { origin = location.origin, source = player.frame.contentWindow } = from;
  window.dispatchEvent(new MessageEvent("message", { data: report, origin, source }));
}

function state(film: number, event: PlayerEvent | null, more: Partial<PlayerState> = {}): Report {
  return { type: "state", film, event, state: { ...STATE, ...more }, capabilities: CAN };
}

const of = (type: Order["type"]) => asked.filter((order) => order.type === type);

beforeEach(() => {
  // Only what the clock of the document uses; the rest is told by hand.
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"], now: 50_000 });
  asked = [];
  events = [];
  player = openPlayer(document.body, { media: FILM }, { words, language: "en", title: "A film" });
  const there = player.frame.contentWindow;
  if (there === null) throw new Error("the frame has no window");
  vi.spyOn(there, "postMessage").mockImplementation((order: unknown) => {
    if (!isOrder(order)) throw new Error(`the document would not believe ${JSON.stringify(order)}`);
    asked.push(order);
  });
  player.on((event) => events.push(event));
});

afterEach(() => {
  player.destroy();
  vi.useRealTimers();
});

describe("a player in a document of its own", () => {
  it("is asked nothing before the document is there, and then everything, in order", () => {
    player.seek(30);
    player.rate(1.05);
    expect(asked).toEqual([]);
    says({ type: "hello" });
    expect(asked.map(({ type }) => type)).toEqual(["clock", "open", "seek", "rate"]);
  });

  it("never forgets the film, however much waits for the document", () => {
    for (let n = 0; n < 1_000; n += 1) player.seek(n);
    says({ type: "hello" });
    expect(of("open")).toHaveLength(1);
    expect(of("seek").pop()).toEqual({ type: "seek", position_s: 999 });
    expect(asked.length).toBeLessThan(100);
  });

  it("asks for nothing out of bounds", () => {
    says({ type: "hello" });
    player.seek(Number.NaN);
    player.seek(-5);
    player.seek(1e12);
    player.rate(100);
    player.volume(7);
    player.shiftSubtitles(1e9, true);
    expect(asked.slice(2)).toEqual([
      { type: "seek", position_s: 0 },
      { type: "seek", position_s: 0 },
      { type: "seek", position_s: 172_800 },
      { type: "rate", rate: 4 },
      { type: "volume", volume: 1 },
      { type: "subtitles_shift", offset_ms: 60_000, shown: true },
    ]);
  });

  it("has its positions by the time of this page", () => {
    says({ type: "hello" });
    const sent = performance.now();
    vi.advanceTimersByTime(4);
    // The document began 40 seconds later than this page: between asking and answering it was 10,002 there.
    says({ type: "clock", sent, now: sent + 2 - 40_000 });
    says(state(1, "playing", { measured_at: sent + 3 - 40_000 }));
    expect(player.state().measured_at).toBeCloseTo(sent + 3, 5);
  });

  it("keeps the exchange that took the least time", () => {
    says({ type: "hello" });
    const first = performance.now();
    vi.advanceTimersByTime(1);
    says({ type: "clock", sent: first, now: first + 0.5 - 7_000 });
    const second = performance.now();
    vi.advanceTimersByTime(90);
    says({ type: "clock", sent: second, now: second + 89 - 7_000 });
    says(state(1, null, { measured_at: first - 7_000 }));
    expect(player.state().measured_at).toBeCloseTo(first, 5);
  });

  it("says what happened once its state has it", () => {
    says({ type: "hello" });
    let seen: number | undefined;
    player.on(() => (seen = player.state().position_s));
    says(state(1, "playing"));
    says(state(1, null, { position_s: 13 }));
    expect(events).toEqual(["playing"]);
    expect(seen).toBe(12);
    expect(player.state().position_s).toBe(13);
    expect(player.capabilities).toEqual(CAN);
  });

  it("hears nothing of an earlier film", () => {
    says({ type: "hello" });
    player.show({ media: { kind: "hls", url: "https://films.ru/b.m3u8", start_s: 5 } });
    says(state(1, "ended", { ended: true }));
    expect(events).toEqual([]);
    expect(player.state()).toMatchObject({ position_s: 5, ended: false });
    says(state(2, "ready"));
    expect(events).toEqual(["ready"]);
  });

  it("answers everybody who asked it to play, and whoever it cannot answer any more", async () => {
    says({ type: "hello" });
    const [first, second] = [player.play(), player.play()];
    says({ type: "played", play: 2, outcome: "playing" });
    expect(await Promise.all([first, second])).toEqual(["playing", "playing"]);
    const third = player.play();
    player.destroy();
    expect(await third).toBe("blocked");
  });

  it("keeps its volume for the next film", () => {
    says({ type: "hello" });
    player.volume(0.3);
    player.show({ media: FILM });
    expect(asked.slice(-2)).toMatchObject([{ type: "open" }, { type: "volume", volume: 0.3 }]);
  });

  it("has a bound on those who wait for it to play", async () => {
    const first = player.play();
    for (let n = 0; n < 100; n += 1) void player.play();
    expect(await first).toBe("blocked");
  });

  it("opens the film again where it was when the document was loaded again", () => {
    says({ type: "hello" });
    says(state(1, "playing", { position_s: 77 }));
    says({ type: "hello" });
    expect(of("open").pop()).toMatchObject({ film: 1, url: FILM.url, start_s: 77 });
  });

  it("believes its own frame alone, and only from this origin", () => {
    says({ type: "hello" }, { origin: "https://films.ru" });
    says({ type: "hello" }, { source: window });
    says({ type: "hello" }, { source: null });
    expect(asked).toEqual([]);
  });

  it("hears nothing any more once it is gone", () => {
    says({ type: "hello" });
    const { frame } = player;
    player.destroy();
    says(state(1, "playing"));
    expect(events).toEqual([]);
    expect(frame.isConnected).toBe(false);
  });
});

describe("what arrives", () => {
  it.each([
    null,
    7,
    "play",
    [],
    {},
    { type: "fly" },
    { type: "toString" },
    { type: "seek" },
    { type: "seek", position_s: "1" },
    { type: "seek", position_s: Number.NaN },
    { type: "seek", position_s: -1 },
    { type: "rate", rate: 99 },
    { type: "volume", volume: 2 },
    { type: "mute", muted: 1 },
    { type: "play", play: 1.5 },
    { type: "subtitles", source: { url: "http://films.ru/a.vtt" } },
    { type: "subtitles", source: { text: 1 } },
    { type: "subtitles_shift", offset_ms: 1e9, shown: true },
    {
      type: "open",
      film: 1,
      kind: "file",
      url: "https://films.ru/a.mp4",
      start_s: 0,
      muted: false,
      language: "en",
    },
    { type: "open", film: 1, kind: "vhs", url: FILM.url, start_s: 0, muted: false, language: "en", words },
    {
      type: "open",
      film: 1,
      kind: "file",
      url: "javascript:alert(1)",
      start_s: 0,
      muted: false,
      language: "en",
      words,
    },
  ])("is no order: %j", (value) => {
    expect(isOrder(value)).toBe(false);
  });

  it.each([
    null,
    { type: "state", film: 1, event: "flying", state: STATE, capabilities: CAN },
    { type: "state", film: 1, event: null, state: { ...STATE, position_s: null }, capabilities: CAN },
    { type: "state", film: 1, event: null, state: { ...STATE, rate: Infinity }, capabilities: CAN },
    { type: "state", film: 1, event: null, state: STATE, capabilities: { ...CAN, ads: undefined } },
    { type: "state", film: 1, event: null, state: STATE },
    { type: "state", film: 1, event: null, state: { ...STATE, error: "bad luck" }, capabilities: CAN },
    { type: "played", play: 1, outcome: "maybe" },
    { type: "subtitles", outcome: 3 },
  ])("is no report: %j", (value) => {
    expect(isReport(value)).toBe(false);
  });

  it("is ignored where it floods, and heard again when it has ebbed", () => {
    const heard: Report[] = [];
    const end = hear(
      () => window,
      location.origin,
      isReport,
      (report) => heard.push(report),
    );
    for (let n = 0; n < MESSAGES_BURST * 10; n += 1) says({ type: "hello" }, { source: window });
    expect(heard).toHaveLength(MESSAGES_BURST);
    vi.advanceTimersByTime(1_000);
    says({ type: "hello" }, { source: window });
    expect(heard).toHaveLength(MESSAGES_BURST + 1);
    end();
  });
});
