import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Deed } from "./fold";
import { Playback } from "./playback";
import { positionAt } from "./position";
import { FilmPlayer } from "./testing/filmPlayer";
import { FILM, OTHER_FILM, screenWith } from "./testing/screens";
import { TELL_SAME } from "./waiting";
import type { PlaybackSignal, Screen, ScreenCommand } from "./types";

const [ANNA, BORIS, VERA] = [1, 2, 3] as const;
const LEAD = 300;
const WAY = 60;

/** A server's clock that no phone has. */
const truth = () => 1_000_000 + performance.now();

/** A room, the phones in it, and a network on which everything takes its time. */
class Cinema {
  screen: Screen | null;
  online: number[] = [];
  readonly commands: { by: number; command: ScreenCommand }[] = [];
  readonly signals: { from: number; signal: PlaybackSignal }[] = [];
  readonly phones = new Map<number, Phone>();

  constructor(screen: Screen | null = screenWith({ position_s: 0 })) {
    this.screen = screen;
  }

  comes(id: number, player = new FilmPlayer()): Phone {
    this.online = [...this.online, id];
    const phone = new Phone(id, this, player);
    this.phones.set(id, phone);
    for (const one of this.phones.values()) one.playback.changed();
    return phone;
  }

  goes(id: number): void {
    this.online = this.online.filter((one) => one !== id);
    this.phones.get(id)?.playback.stop();
    this.phones.delete(id);
    for (const one of this.phones.values()) one.playback.changed();
  }

  says(from: number, signal: PlaybackSignal): void {
    this.signals.push({ from, signal });
    setTimeout(() => {
      for (const phone of this.phones.values()) phone.playback.heard(from, signal);
    }, 2 * WAY);
  }

  judges(by: number, command: ScreenCommand): void {
    this.commands.push({ by, command });
    this.screen = judged(this.screen, command, by);
    const { screen } = this;
    for (const phone of this.phones.values())
      setTimeout(() => {
        phone.takes(screen, phone.id === by ? command : null);
      }, WAY);
  }
}

class Phone {
  readonly playback: Playback;
  readonly deeds: Deed[] = [];
  readonly asked: ScreenCommand[] = [];
  readonly id: number;
  readonly player: FilmPlayer;
  screen: Screen | null;

  constructor(id: number, cinema: Cinema, player: FilmPlayer) {
    this.id = id;
    this.player = player;
    this.screen = cinema.screen;
    this.playback = new Playback({
      me: id,
      clock: { now: truth, at: (moment) => 1_000_000 + moment },
      commands: {
        asked: this.asked,
        ask: (command) => {
          this.asked.push(command);
          setTimeout(() => {
            cinema.judges(id, command);
          }, WAY);
        },
      },
      screen: () => this.screen,
      online: () => cinema.online,
      inControl: () => cinema.online,
      signal: (signal) => {
        cinema.says(id, signal);
      },
      changed: () => undefined,
      done: (deed) => this.deeds.push(deed),
      later(act, pause) {
        const timer = setTimeout(act, pause);
        return () => {
          clearTimeout(timer);
        };
      },
    });
    this.playback.use(player, FILM);
  }

  takes(screen: Screen | null, answered: ScreenCommand | null): void {
    if (answered !== null) this.asked.splice(this.asked.indexOf(answered), 1);
    this.screen = screen;
    this.playback.changed();
  }

  get behind_s(): number {
    return this.screen === null ? NaN : positionAt(this.screen, truth()) - this.player.state().position_s;
  }
}

/** As the server judges it. */
function judged(screen: Screen | null, command: ScreenCommand, by: number): Screen | null {
  if (screen === null || ("rev" in command && command.rev !== screen.rev)) return screen;
  const next = { ...screen, rev: screen.rev + 1, by, at: truth() + LEAD };
  switch (command.type) {
    case "play":
      return screen.playing ? screen : { ...next, playing: true, position_s: command.position_s };
    case "pause":
      return screen.playing ? { ...next, playing: false, position_s: command.position_s } : screen;
    case "seek":
      return { ...next, position_s: command.position_s };
    case "rate":
      return { ...next, rate: command.rate, position_s: positionAt(screen, next.at) };
    case "next": {
      const [first, ...playlist] = screen.playlist;
      if (first === undefined || screen.item !== command.after) return screen;
      return { ...next, media: first.media, item: first.item, position_s: 0, playlist };
    }
    default:
      return screen;
  }
}

const run = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("two phones", () => {
  it("begin, pause and go elsewhere together, and say who did it", async () => {
    const cinema = new Cinema();
    const anna = cinema.comes(ANNA);
    const boris = cinema.comes(BORIS);
    await run(1_000);
    anna.playback.play();
    await run(5_000);
    expect(Math.abs(anna.behind_s)).toBeLessThanOrEqual(0.05);
    expect(Math.abs(boris.behind_s)).toBeLessThanOrEqual(0.05);
    expect(anna.player.state().paused).toBe(false);
    boris.playback.seek(1_000);
    await run(5_000);
    expect(anna.player.state().position_s).toBeGreaterThan(1_004);
    expect(Math.abs(anna.behind_s - boris.behind_s)).toBeLessThanOrEqual(0.1);
    boris.playback.pause();
    await run(0);
    expect(boris.player.state().paused, "before the server has answered").toBe(true);
    await run(2_000);
    expect(anna.player.state()).toMatchObject({ paused: true, position_s: boris.player.state().position_s });
    expect(anna.deeds.map(({ who, what }) => [who, what])).toEqual([
      [ANNA, "played"],
      [BORIS, "sought"],
      [BORIS, "paused"],
    ]);
  });

  it("wait at the start for the one that loads, and begin together", async () => {
    const cinema = new Cinema();
    const anna = cinema.comes(ANNA);
    const boris = cinema.comes(BORIS);
    boris.player.loads(true);
    await run(1_000);
    anna.playback.play();
    await run(2_000);
    expect(anna.playback.waiting?.ids).toEqual([BORIS]);
    expect(cinema.screen?.playing).toBe(false);
    boris.player.loads(false);
    await run(3_000);
    expect(cinema.screen?.playing).toBe(true);
    expect(Math.abs(anna.behind_s - boris.behind_s)).toBeLessThanOrEqual(0.05);
  });

  it("stop for a film that stalls, go on by themselves, and call it nobody's doing", async () => {
    const cinema = new Cinema();
    const anna = cinema.comes(ANNA);
    const boris = cinema.comes(BORIS);
    await run(1_000);
    boris.playback.play();
    await run(20_000);
    boris.player.loads(true);
    await run(2_000);
    expect(cinema.screen?.playing).toBe(false);
    expect(anna.playback.waiting?.ids).toEqual([BORIS]);
    expect(boris.playback.waiting?.ids).toEqual([BORIS]);
    expect(anna.playback.watchers).toMatchObject([{ doing: "ready" }, { id: BORIS, doing: "buffering" }]);
    boris.player.loads(false);
    await run(5_000);
    expect(cinema.screen?.playing).toBe(true);
    expect(Math.abs(anna.behind_s - boris.behind_s)).toBeLessThanOrEqual(0.1);
    expect(cinema.commands.map(({ by, command }) => [by, command.type])).toEqual([
      [BORIS, "play"],
      [ANNA, "pause"],
      [ANNA, "play"],
    ]);
    for (const { deeds } of [anna, boris]) expect(deeds.map(({ what }) => what)).toEqual(["played"]);
  });

  it("go on when the one that comes late finds its place", async () => {
    const cinema = new Cinema();
    const anna = cinema.comes(ANNA);
    await run(1_000);
    anna.playback.play();
    await run(60_000);
    const late = new FilmPlayer();
    late.loads(true);
    const vera = cinema.comes(VERA, late);
    await run(7_000);
    vera.player.loads(false);
    await run(6_000);
    expect(Math.abs(vera.behind_s)).toBeLessThanOrEqual(0.1);
    expect(cinema.commands.map(({ command }) => command.type)).toEqual(["play"]);
  });
});

describe("one phone", () => {
  it("that may not begin without a touch says so, holds nobody up, and joins with it", async () => {
    const cinema = new Cinema();
    const anna = cinema.comes(ANNA);
    const boris = cinema.comes(BORIS);
    boris.player.wantsTouch = true;
    await run(1_000);
    anna.playback.play();
    await run(3_000);
    expect(boris.playback.blocked).toBe(true);
    expect(anna.playback.watchers[1]).toMatchObject({ id: BORIS, doing: "blocked" });
    await run(10_000);
    expect(cinema.screen?.playing).toBe(true);
    expect(
      boris.player.calls.filter((call) => call === "play"),
      "once is enough",
    ).toHaveLength(1);
    boris.player.wantsTouch = false;
    boris.playback.join();
    expect(boris.player.state().paused, "while the touch is handled").toBe(false);
    await run(5_000);
    expect(Math.abs(boris.behind_s)).toBeLessThanOrEqual(0.1);
    expect(boris.playback.blocked).toBe(false);
  });

  it("tells the others now and then how it goes, and at once what is new, not more", async () => {
    const cinema = new Cinema();
    const anna = cinema.comes(ANNA);
    await run(1_000);
    anna.playback.play();
    await run(5_000);
    cinema.signals.length = 0;
    await run(4 * TELL_SAME);
    expect(cinema.signals.length).toBeLessThanOrEqual(5);
    expect(cinema.signals.length).toBeGreaterThanOrEqual(4);
    cinema.signals.length = 0;
    for (let flap = 0; flap < 50; flap += 1) {
      anna.player.loads(flap % 2 === 0);
      await run(20);
    }
    expect(cinema.signals.length, "in a second").toBeLessThanOrEqual(3);
  });

  it("begins the next film after the end, once, whoever is in control", async () => {
    const playlist = ["b", "c"].map((item) => ({ item, media: OTHER_FILM, by: ANNA }));
    const cinema = new Cinema(screenWith({ position_s: 0, playlist }));
    const anna = cinema.comes(ANNA, new FilmPlayer(10));
    cinema.comes(BORIS, new FilmPlayer(10));
    await run(1_000);
    anna.playback.play();
    await run(20_000);
    expect(cinema.screen).toMatchObject({ item: "b", playing: true, playlist: [{ item: "c" }] });
    expect(cinema.commands.filter(({ command }) => command.type === "next")).toMatchObject([{ by: ANNA }]);
  });

  it("calls nothing of a player that it was told to let go, nor one of another film", async () => {
    const cinema = new Cinema(screenWith({ playing: true }));
    const anna = cinema.comes(ANNA);
    await run(2_000);
    anna.playback.unuse();
    anna.player.calls.length = 0;
    cinema.judges(ANNA, { type: "pause", position_s: 3 });
    await run(5_000);
    expect(anna.player.calls).toEqual([]);
    const other = new FilmPlayer();
    anna.playback.use(other, OTHER_FILM);
    cinema.judges(ANNA, { type: "play", position_s: 3 });
    await run(5_000);
    expect(other.calls).toEqual([]);
    anna.playback.stop();
    // Its last word is on its way.
    await run(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is as far ahead as the person wants, and no further than half a second", async () => {
    const cinema = new Cinema();
    const anna = cinema.comes(ANNA);
    anna.playback.tune({ offset_ms: 9_000 });
    expect(anna.playback.tuning.offset_ms).toBe(500);
    anna.playback.tune({ offset_ms: NaN });
    expect(anna.playback.tuning.offset_ms).toBe(0);
    anna.playback.tune({ offset_ms: 300 });
    await run(1_000);
    anna.playback.play();
    await run(20_000);
    expect(anna.behind_s).toBeGreaterThan(-0.4);
    expect(anna.behind_s).toBeLessThan(-0.2);
  });
});
