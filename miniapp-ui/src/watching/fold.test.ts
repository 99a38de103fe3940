import { describe, expect, it } from "vitest";

import { deed } from "./fold";
import { positionAt, startsIn } from "./position";
import { FILM, OTHER_FILM, screenWith } from "./testing/screens";

const before = screenWith({ playing: true });
const later = (change: Parameters<typeof screenWith>[0]) =>
  screenWith({ playing: true, rev: 6, by: 2, position_s: 70, at: before.at + 10_000, ...change });

describe("where the film is", () => {
  it("is its place until it begins, and then as far on as it is fast", () => {
    const screen = screenWith({ playing: true, rate: 1.5 });
    expect(positionAt(screen, screen.at - 2_000)).toBe(60);
    expect(positionAt(screen, screen.at)).toBe(60);
    expect(positionAt(screen, screen.at + 2_000)).toBe(63);
    expect(startsIn(screen, screen.at - 2_000)).toBe(2_000);
  });

  it("is its place while it is paused", () => {
    expect(positionAt(screenWith(), 9_000_000)).toBe(60);
    expect(startsIn(screenWith(), 0)).toBe(0);
  });
});

describe("what somebody did", () => {
  it("is a pause, a start, another place, another speed or another film, by whom", () => {
    expect(deed(before, later({ playing: false }))).toEqual({ who: 2, what: "paused", position_s: 70 });
    expect(deed(screenWith(), later({}))).toEqual({ who: 2, what: "played", position_s: 70 });
    expect(deed(before, later({ position_s: 750 }))).toEqual({ who: 2, what: "sought", position_s: 750 });
    expect(deed(before, later({ rate: 2 }))).toEqual({ who: 2, what: "rate", rate: 2 });
    expect(deed(before, later({ media: OTHER_FILM }))).toEqual({
      ...{ who: 2, what: "changed", media: OTHER_FILM },
    });
    expect(deed(null, later({}))).toEqual({ who: 2, what: "changed", media: FILM });
  });

  it("is nothing where only the playlist is another, or the film is where it would be anyway", () => {
    expect(deed(before, { ...before, playlist: [{ item: "b", media: OTHER_FILM, by: 2 }] })).toBeNull();
    expect(deed(before, later({ position_s: 70.4 }))).toBeNull();
    expect(deed(before, null)).toBeNull();
  });
});
