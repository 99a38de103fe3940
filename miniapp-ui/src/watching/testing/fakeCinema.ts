/** A cinema that remembers what it was asked, for tests and for looking at its views. */
import { createSignal } from "solid-js";

import type { Words } from "../../text/words";
import type { Adjusting, Cinema, PlayerView, Subtitles, Waiting, Waits, Watcher } from "../cinema";
import type { Media, Screen } from "../types";

export const [ME, ANNA, BEN] = [1, 2, 3] as const;

export const SOLARIS: Media = {
  kind: "file",
  url: "https://example.com/solaris.mp4",
  title: "Solaris",
  duration_s: 9_960,
};

export function showing(change: Partial<Screen> = {}): Screen {
  return {
    ...{
      rev: 3,
      media: SOLARIS,
      playing: true,
      position_s: 3_725,
      rate: 1,
      at: 0,
      by: ANNA,
      item: null,
      playlist: [],
    },
    ...change,
  };
}

export interface FakeCinema extends Cinema {
  /** What was asked, in order. */
  asked: string[];
  set: (change: Partial<Shown>) => void;
  /** Somebody else cheers. */
  hears: (emoji: string) => void;
}

export interface Shown {
  screen: Screen | null;
  mayControl: boolean;
  player: PlayerView;
  waiting: Waiting | null;
  inStep: boolean;
  watchers: readonly Watcher[];
}

export function watcher(id: number, name: string, change: Partial<Watcher> = {}): Watcher {
  return { id, name, photo_url: null, doing: "ready", behind_s: 0, isMe: id === ME, ...change };
}

export function fakeCinema(word: Words, begin: Partial<Shown> = {}): FakeCinema {
  const [shown, setShown] = createSignal<Shown>({
    ...{ screen: showing(), mayControl: true, player: { is: "playing" }, waiting: null, inStep: true },
    watchers: [watcher(ME, "Me"), watcher(ANNA, "Anna"), watcher(BEN, "Ben")],
    ...begin,
  });
  const [muted, mute] = createSignal(false);
  const [adjusting, setAdjusting] = createSignal<Adjusting>({ offset_ms: 0, correcting: true });
  const [waits, setWaits] = createSignal<Waits>({ start: true, stalls: true });
  const [subtitles, setSubtitles] = createSignal<Subtitles>({
    ...{ name: null, source: null, shown: true, offset_ms: 0 },
  });
  const cheering = new Set<(emoji: string, by: number) => void>();
  const asked: string[] = [];
  const ask =
    (what: string) =>
    (...args: unknown[]): void => {
      asked.push([what, ...args.map((arg) => (isMedia(arg) ? arg.url : String(arg)))].join(" "));
    };
  const hears = (emoji: string, by: number) => cheering.forEach((listener) => listener(emoji, by));
  return {
    ...{ word, me: ME, asked, muted, mute, adjusting, waits, subtitles },
    set: (change) => setShown({ ...shown(), ...change }),
    hears: (emoji) => hears(emoji, ANNA),
    screen: () => shown().screen,
    mayControl: () => shown().mayControl,
    whoMay: () => word(`cinema-control-${shown().mayControl ? "everyone" : "host"}`),
    watchers: () => shown().watchers,
    waiting: () => shown().waiting,
    player: () => shown().player,
    inStep: () => shown().inStep,
    position: () => shown().screen?.position_s ?? 0,
    duration: () => shown().screen?.media.duration_s ?? null,
    adjust: (change) => setAdjusting({ ...adjusting(), ...change }),
    waitFor: (change) => setWaits({ ...waits(), ...change }),
    subtitle: (change) => setSubtitles({ ...subtitles(), ...change }),
    ...{ play: ask("play"), pause: ask("pause"), seek: ask("seek"), rate: ask("rate"), show: ask("show") },
    ...{ enqueue: ask("enqueue"), dequeue: ask("dequeue"), next: ask("next"), clear: ask("clear") },
    ...{ join: ask("join"), withoutThem: ask("without them"), pictureInPicture: ask("window") },
    mount: (place) => {
      place.innerHTML = PICTURE;
    },
    cheer(emoji) {
      asked.push(`cheer ${emoji}`);
      hears(emoji, ME);
    },
    cheers(listener) {
      cheering.add(listener);
      return () => cheering.delete(listener);
    },
    recognise: (address) =>
      address.startsWith("https://")
        ? { media: { ...SOLARIS, url: address, title: null } }
        : { refused: "not_https" },
  };
}

function isMedia(arg: unknown): arg is Media {
  return typeof arg === "object" && arg !== null && "url" in arg;
}

/** Something to look at instead of a film. */
const PICTURE = `<svg viewBox="0 0 320 180" preserveAspectRatio="xMidYMid slice"><defs><linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="#1d2b53"/><stop offset=".55" stop-color="#b0536d"/><stop offset="1" stop-color="#f0a35e"/></linearGradient></defs><rect width="320" height="180" fill="url(#sky)"/><circle cx="228" cy="104" r="22" fill="#ffe0a8"/><path d="M0 124q40-12 80 0t80 0 80 0 80 0v56H0z" fill="#24324f"/></svg>`;
