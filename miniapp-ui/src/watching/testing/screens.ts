/** Screens for tests to begin with. */
import type { Media, Screen } from "../types";

export const FILM: Media = { kind: "file", url: "https://films.test/a.mp4", title: "A", duration_s: 5_400 };
export const OTHER_FILM: Media = { ...FILM, url: "https://films.test/b.mp4", title: "B" };

export function screenWith(change: Partial<Screen> = {}): Screen {
  return {
    rev: 5,
    media: FILM,
    item: null,
    playing: false,
    position_s: 60,
    rate: 1,
    at: 1_000_000,
    by: 1,
    playlist: [],
    ...change,
  };
}
