/** The whole screen beside clients that grant it, refuse it, and never answer. */
import { createRoot } from "solid-js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ANSWER, createFullscreen } from "./fullscreen";
import { readLaunch } from "./launch";

let hears: (event: object) => void;
const asked: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
  const window: Record<string, unknown> = {
    addEventListener: (_: string, act: typeof hears) => (hears = act),
    TelegramWebviewProxy: { postEvent: (name: string) => asked.push(name) },
  };
  vi.stubGlobal("window", Object.assign(window, { self: window, top: window, parent: window }));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function says(eventType: string, eventData: unknown): void {
  hears({ data: JSON.stringify({ eventType, eventData }), source: window.parent });
}

function opened(version: string, more = "") {
  const launch = readLaunch(`tgWebAppData=a&tgWebAppVersion=${version}${more}`, null);
  return createRoot(() => createFullscreen({ present: true, launch }));
}

describe("the whole screen", () => {
  it("is offered by clients that know of it", () => {
    expect(opened("7.10").can).toBe(false);
    expect(opened("8.0").can).toBe(true);
    expect(opened("8.0", "&tgWebAppFullscreen=1").is()).toBe(true);
  });

  it("is asked for and left", async () => {
    const screen = opened("8.0");
    const answer = screen.ask(true);
    says("fullscreen_changed", { is_fullscreen: true });
    expect(await answer).toBe("done");
    expect(screen.is()).toBe(true);
    const left = screen.ask(false);
    says("fullscreen_changed", { is_fullscreen: false });
    expect(await left).toBe("done");
    expect(asked).toEqual(["web_app_request_fullscreen", "web_app_exit_fullscreen"]);
  });

  it.each([
    [{ error: "UNSUPPORTED" }, "refused", false],
    [{ error: "ALREADY_FULLSCREEN" }, "done", true],
    [null, "refused", false],
  ])("that fails with %j is %s", async (payload, told, full) => {
    const screen = opened("8.0");
    const answer = screen.ask(true);
    says("fullscreen_failed", payload);
    expect(await answer).toBe(told);
    expect(screen.is()).toBe(full);
  });

  it("is waited for no longer than a moment, and shown when it comes after all", async () => {
    const screen = opened("8.0");
    const answer = screen.ask(true);
    await vi.advanceTimersByTimeAsync(ANSWER);
    expect(await answer).toBe("refused");
    says("fullscreen_changed", { is_fullscreen: true });
    expect(screen.is()).toBe(true);
  });
});
