/**
 * A stand-in for YouTube's frame: the page at its real address, which speaks as the real one does, with a film that is only a clock.
 *
 * What YouTube does to those who stay in step is in it and can be set: it reports its position four times a second, knows a few rates and rounds
 * to them, buffers, shows advertisements before and within a film, refuses to play without a tap, and has films that it does not let be framed.
 */
import type { BrowserContext, Frame } from "@playwright/test";

/** How the stand-in behaves. */
export interface YoutubeManners {
  duration_s: number;
  /** Milliseconds between reports of the position. */
  report_ms: number;
  /** Rates it knows; another is rounded down to the nearest. Empty: it takes every rate. */
  rates: readonly number[];
  /** Milliseconds it buffers before it plays, and after each seek. */
  buffer_ms: number;
  /** Seconds of advertisement before the film. */
  preroll_s: number;
  /** Advertisements within it: when the film is there, and for how many seconds. */
  midrolls: readonly { at_s: number; lasts_s: number }[];
  /** It wants a tap first. */
  blocked: boolean;
  live: boolean;
  /** The error it shows instead of a film: 100, 101, 150, 153. */
  error: number | null;
}

export const YOUTUBE: YoutubeManners = {
  duration_s: 600,
  report_ms: 250,
  rates: [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2],
  buffer_ms: 120,
  preroll_s: 0,
  midrolls: [],
  blocked: false,
  live: false,
  error: null,
};

/** Stands in for YouTube in everything that a browser opens. Nothing of the real one is reached. */
export async function standInForYoutube(
  context: BrowserContext,
  manners: Partial<YoutubeManners> = {},
): Promise<void> {
  const page = `<!doctype html><meta charset="utf-8"><title>YouTube</title>
    <style>body{margin:0;background:#222;color:#fff;font:24px sans-serif}</style><output></output>
    <script>(${String(standIn)})(${JSON.stringify({ ...YOUTUBE, ...manners })})</script>`;
  await context.route(/^https:\/\/www\.youtube(-nocookie)?\.com\//, (route) =>
    new URL(route.request().url()).pathname.startsWith("/embed/")
      ? route.fulfill({
          // What the real one makes of a page that sends no referrer.
          body: page.replace("REFERRER", route.request().headers()["referer"] ?? ""),
          contentType: "text/html",
        })
      : route.abort(),
  );
}

/** What the film in a frame really is at, which no report says so exactly. */
export async function youtubePosition(frame: Frame): Promise<number> {
  return frame.evaluate(() => (window as unknown as { position: () => number }).position());
}

/** Runs in the frame. It may use nothing from outside. */
function standIn(manners: YoutubeManners): void {
  const [UNSTARTED, ENDED, PLAYING, PAUSED, BUFFERING] = [-1, 0, 1, 2, 3];
  const origin = new URLSearchParams(location.search).get("origin") ?? "";
  const error = manners.error ?? (document.referrer === "" ? 153 : null);
  const midrolls = [...manners.midrolls];
  let state = UNSTARTED;
  /** What it does once it has buffered. */
  let then = PLAYING;
  let rate = 1;
  let position = Number(new URLSearchParams(location.search).get("start") ?? 0);
  let since = performance.now();
  /** Until when an advertisement plays; null: none does. */
  let ad: number | null = null;
  let watched = manners.preroll_s <= 0;
  let allowed = !manners.blocked;
  let talks = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = (event: string, info: unknown): void => {
    if (talks) window.parent.postMessage(JSON.stringify({ event, info, id: 1, channel: "widget" }), origin);
  };
  const now = (): number =>
    state === PLAYING && ad === null
      ? Math.min(manners.duration_s, position + ((performance.now() - since) / 1_000) * rate)
      : position;
  const settle = (): void => {
    position = now();
    since = performance.now();
  };
  const turn = (next: number): void => {
    settle();
    state = next;
    tell("onStateChange", state);
    deliver({ playerState: state });
  };
  const deliver = (more: object): void => {
    const duration = manners.live ? 0 : manners.duration_s;
    tell("infoDelivery", {
      currentTime: Math.round(now() * 1_000) / 1_000,
      currentTimeLastUpdated_: Date.now() / 1_000,
      duration,
      ...more,
    });
  };
  const advertise = (lasts_s: number, shown: number): void => {
    settle();
    ad = performance.now() + lasts_s * 1_000;
    state = shown;
    tell("onStateChange", state);
    deliver({ playerState: state });
  };
  const load = (next: number): void => {
    then = next;
    turn(BUFFERING);
    clearTimeout(timer);
    timer = setTimeout(() => {
      turn(then);
    }, manners.buffer_ms);
  };
  const play = (): void => {
    if (error !== null || state === PLAYING) return;
    if (state === BUFFERING) {
      then = PLAYING;
      return;
    }
    if (!allowed) {
      turn(BUFFERING);
      turn(UNSTARTED);
      tell("onAutoplayBlocked", null);
      return;
    }
    if (watched) {
      if (state === ENDED) position = 0;
      load(PLAYING);
      return;
    }
    watched = true;
    turn(BUFFERING);
    timer = setTimeout(() => {
      advertise(manners.preroll_s, UNSTARTED);
    }, manners.buffer_ms);
  };
  const commands: Record<string, (...args: never[]) => void> = {
    playVideo: play,
    pauseVideo: () => {
      clearTimeout(timer);
      if (state === PLAYING || state === BUFFERING) turn(PAUSED);
    },
    stopVideo: () => {
      turn(ENDED);
    },
    seekTo: (to: number) => {
      const before = state;
      settle();
      position = Math.min(manners.duration_s, Math.max(0, to));
      if (before === UNSTARTED && ad === null) play();
      else if (ad === null) load(before === BUFFERING ? then : before === ENDED ? PLAYING : before);
    },
    setPlaybackRate: (asked: number) => {
      settle();
      const slower = manners.rates.filter((one) => one <= asked);
      rate = manners.rates.length === 0 ? asked : Math.max(...slower, manners.rates[0] ?? 1);
      tell("onPlaybackRateChange", rate);
      deliver({ playbackRate: rate });
    },
  };
  const begin = (): void => {
    if (talks) return;
    talks = true;
    tell("initialDelivery", {
      playerState: state,
      currentTime: position,
      duration: manners.live ? 0 : manners.duration_s,
      playbackRate: rate,
      availablePlaybackRates: manners.rates.length === 0 ? [0.25, 1, 2] : manners.rates,
      videoData: { title: "A film", isLive: manners.live },
    });
    tell("onReady", null);
    if (error !== null) tell("onError", error);
  };
  window.addEventListener("message", ({ data, source }) => {
    if (source !== window.parent || typeof data !== "string") return;
    const message = JSON.parse(data) as { event: string; func?: string; args?: never[] };
    if (message.event === "listening") begin();
    if (message.event === "command") commands[message.func ?? ""]?.(...(message.args ?? []));
  });
  // A tap on it allows it, and plays.
  document.addEventListener("click", () => {
    allowed = true;
    play();
  });
  const output = document.querySelector("output");
  setInterval(() => {
    const next = midrolls[0];
    if (ad !== null && performance.now() >= ad) {
      ad = null;
      since = performance.now();
      state = BUFFERING;
      turn(PLAYING);
    } else if (ad === null && state === PLAYING && next !== undefined && now() >= next.at_s) {
      midrolls.shift();
      advertise(next.lasts_s, PLAYING);
    } else if (ad === null && state === PLAYING && !manners.live && now() >= manners.duration_s) {
      turn(ENDED);
    }
    if (output !== null) output.textContent = ad === null ? now().toFixed(1) : "Ad";
  }, 20);
  setInterval(() => {
    if (state === PLAYING || ad !== null) deliver({});
  }, manners.report_ms);
  const stalls = (lasts_ms: number): void => {
    if (state !== PLAYING || ad !== null) return;
    turn(BUFFERING);
    clearTimeout(timer);
    timer = setTimeout(() => {
      turn(PLAYING);
    }, lasts_ms);
  };
  const runs = (): boolean => state === PLAYING && ad === null;
  const advertises = (): boolean => ad !== null;
  Object.assign(window, { position: now, runs, advertises, stalls });
}
