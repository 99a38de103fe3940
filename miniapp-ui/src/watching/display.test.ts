// @vitest-environment jsdom
/** What the phone does for a film, on phones that can, that refuse, and that say nothing. */
import { createRoot } from "solid-js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ANSWER } from "../telegram/fullscreen";
import type { Client } from "../telegram/posts";
import { createAwake, createWholeScreen, smallWindow } from "./display";

/** Lets what was promised be kept. */
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, "wakeLock");
  Reflect.deleteProperty(document, "visibilityState");
  Reflect.deleteProperty(document, "fullscreenElement");
  Reflect.deleteProperty(document, "exitFullscreen");
  Reflect.deleteProperty(document, "pictureInPictureEnabled");
});

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { configurable: true, value });
}

/** Calls what owns its cleanup, and gives the end of it. */
function inView<T>(make: () => T): { made: T; leave: () => void } {
  return createRoot((leave) => ({ made: make(), leave }));
}

describe("the screen that stays on", () => {
  const release = vi.fn(() => Promise.resolve());
  const request = vi.fn();
  let needed = true;

  beforeEach(() => {
    release.mockClear();
    request.mockReset().mockResolvedValue({ release });
    needed = true;
    define(navigator, "wakeLock", { request });
  });
  const view = () => inView(() => createAwake(() => needed));
  const seen = (visibilityState: "visible" | "hidden") => {
    define(document, "visibilityState", visibilityState);
    document.dispatchEvent(new Event("visibilitychange"));
  };

  it("is asked for once while the film needs it, and let go when it does not", async () => {
    const { made: awake, leave } = view();
    awake.check();
    awake.check();
    await settle();
    awake.check();
    expect(request).toHaveBeenCalledTimes(1);
    needed = false;
    awake.check();
    expect(release).toHaveBeenCalledTimes(1);
    leave();
    expect(release).toHaveBeenCalledTimes(1);
  });

  it("ends with a page that is hidden, and is asked for again when it is seen", async () => {
    const { made: awake, leave } = view();
    awake.check();
    await settle();
    seen("hidden");
    awake.check();
    expect(request).toHaveBeenCalledTimes(1);
    seen("visible");
    await settle();
    expect(request).toHaveBeenCalledTimes(2);
    leave();
    expect(release, "the browser has ended the first").toHaveBeenCalledTimes(1);
    seen("visible");
    expect(request, "nobody looks any more").toHaveBeenCalledTimes(2);
  });

  it("is let go at once where it comes after the view has gone", async () => {
    let grant: (held: unknown) => void = () => undefined;
    request.mockReturnValue(new Promise((resolve) => (grant = resolve)));
    const { made: awake, leave } = view();
    awake.check();
    leave();
    grant({ release });
    await settle();
    expect(release).toHaveBeenCalledTimes(1);
  });

  it("is asked for again where it was refused, and missed by nobody where there is none", async () => {
    request.mockRejectedValueOnce(new Error("battery"));
    const { made: awake, leave } = view();
    awake.check();
    await settle();
    awake.check();
    await settle();
    expect(request).toHaveBeenCalledTimes(2);
    leave();
    Reflect.deleteProperty(navigator, "wakeLock");
    expect(() => view().made.check()).not.toThrow();
  });
});

describe("the whole screen", () => {
  const requestFullscreen = vi.fn(() => Promise.resolve());
  const exitFullscreen = vi.fn(() => Promise.resolve());
  let posted: string[];
  let turned: (() => void)[];
  let landscape: boolean;
  const element = document.createElement("div");

  beforeEach(() => {
    posted = [];
    turned = [];
    landscape = false;
    for (const one of [requestFullscreen, exitFullscreen]) one.mockClear();
    define(element, "requestFullscreen", requestFullscreen);
    define(document, "exitFullscreen", exitFullscreen);
    vi.stubGlobal("TelegramWebviewProxy", {
      postEvent: (name: string, data?: string) => {
        posted.push(name.includes("orientation") ? `${name} ${data ?? ""}` : name);
      },
    });
    vi.stubGlobal("matchMedia", () => ({
      get matches() {
        return landscape;
      },
      addEventListener: (_: string, act: () => void) => turned.push(act),
      removeEventListener: () => undefined,
    }));
  });

  function view(version = "8.0") {
    const became: boolean[] = [];
    const tg = { present: version !== "", launch: { version } } as Client;
    const { made, leave } = inView(() => createWholeScreen(tg, (whole) => became.push(whole)));
    return { whole: made, leave, became };
  }
  const says = (eventType: string, eventData: unknown) =>
    window.dispatchEvent(
      new MessageEvent("message", {
        data: JSON.stringify({ eventType, eventData }),
        source: window.parent,
      }),
    );
  const fullscreen = (is_fullscreen: unknown) => says("fullscreen_changed", { is_fullscreen });
  const turns = (sideways: boolean) => {
    landscape = sideways;
    for (const act of turned) act();
  };
  const browserFills = (filled: boolean) => {
    define(document, "fullscreenElement", filled ? element : null);
    document.dispatchEvent(new Event("fullscreenchange"));
  };
  const [ASK, LEAVE] = ["web_app_request_fullscreen", "web_app_exit_fullscreen"];
  const LOCK = 'web_app_toggle_orientation_lock {"locked":true}';
  const UNLOCK = 'web_app_toggle_orientation_lock {"locked":false}';

  it("is Telegram's own, and left with the view", async () => {
    const { whole, leave, became } = view();
    void whole.fill(element);
    fullscreen(true);
    await settle();
    expect(became).toEqual([true]);
    expect(requestFullscreen).not.toHaveBeenCalled();
    leave();
    expect(posted).toEqual([ASK, UNLOCK, LEAVE]);
  });

  it("keeps a phone on its side there, once it lies on it, until the end", async () => {
    const { whole, leave } = view();
    turns(true);
    turns(false);
    expect(posted, "nothing is full").toEqual([]);
    void whole.fill(element);
    fullscreen(true);
    await settle();
    expect(posted, "upright it may still be turned").toEqual([ASK]);
    turns(true);
    whole.leave();
    turns(true);
    leave();
    expect(posted).toEqual([ASK, LOCK, UNLOCK, LEAVE]);
  });

  it("ends by Telegram's own button too", async () => {
    const { whole, leave, became } = view();
    void whole.fill(element);
    fullscreen(true);
    await settle();
    fullscreen("perhaps");
    fullscreen(false);
    expect(became).toEqual([true, false]);
    leave();
    expect(posted, "there is nothing left to end").toEqual([ASK, UNLOCK]);
  });

  it("stays where the app was full from the beginning", async () => {
    const { whole, leave } = view();
    void whole.fill(element);
    says("fullscreen_failed", { error: "ALREADY_FULLSCREEN" });
    await settle();
    expect(requestFullscreen).not.toHaveBeenCalled();
    leave();
    expect(posted).not.toContain(LEAVE);
  });

  it.each([
    ["refuses", () => says("fullscreen_failed", { error: "UNSUPPORTED" })],
    ["never answers", () => undefined],
  ])("is the browser's where Telegram %s", async (_, answers) => {
    const { whole, leave, became } = view();
    void whole.fill(element);
    answers();
    await vi.advanceTimersByTimeAsync(ANSWER);
    expect(requestFullscreen).toHaveBeenCalledTimes(1);
    browserFills(true);
    expect(became).toEqual([true]);
    leave();
    expect(exitFullscreen).toHaveBeenCalledTimes(1);
  });

  it.each(["7.10", ""])("is the browser's where Telegram is version '%s' and knows none", async (version) => {
    const { whole, became } = view(version);
    void whole.fill(element);
    await settle();
    expect(requestFullscreen).toHaveBeenCalledTimes(1);
    browserFills(true);
    browserFills(false);
    expect(became, "by its own key").toEqual([true, false]);
    expect(posted).toEqual([]);
  });

  it("is nobody's who has left before the answer", async () => {
    const { whole } = view();
    void whole.fill(element);
    whole.leave();
    await vi.advanceTimersByTimeAsync(ANSWER);
    expect(requestFullscreen).not.toHaveBeenCalled();
    expect(posted).toEqual([ASK, UNLOCK, LEAVE]);
  });

  it("costs nothing where there is none at all", async () => {
    requestFullscreen.mockRejectedValueOnce(new Error("not here"));
    const { whole, leave } = view("");
    await whole.fill(element);
    expect(() => leave()).not.toThrow();
  });
});

describe("the small window", () => {
  const video = document.createElement("video");

  it("is missing where the browser has none, or forbids it", () => {
    expect(smallWindow(null)).toBeNull();
    expect(smallWindow(video)).toBeNull();
    define(video, "requestPictureInPicture", () => Promise.resolve());
    expect(smallWindow(video), "not allowed here").toBeNull();
    define(document, "pictureInPictureEnabled", true);
    expect(smallWindow(video)).not.toBeNull();
  });

  it("that is refused changes nothing", async () => {
    const ask = vi.fn(() => Promise.reject(new Error("no")));
    define(video, "requestPictureInPicture", ask);
    define(document, "pictureInPictureEnabled", true);
    smallWindow(video)?.();
    await settle();
    expect(ask).toHaveBeenCalledTimes(1);
  });
});
