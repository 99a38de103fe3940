/** The page beside a Telegram that says anything: through the bridge, as its clients speak. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { type Telegram, settleIn, telegram } from "./client";
import { readLaunch } from "./launch";
import { followTelegram } from "./surroundings";

const WINDOW = { width: 390, height: 800 };

/** The few parts of a browser that this touches. */
class Page {
  readonly style = new Map<string, string>();
  readonly posted: { name: string; data: unknown }[] = [];
  readonly #listeners = new Map<string, ((event: object) => void)[]>();
  reloads = 0;

  constructor() {
    const root = {
      dataset: {},
      style: {
        setProperty: (name: string, value: string) => void this.style.set(name, value),
        removeProperty: (name: string) => void this.style.delete(name),
      },
    };
    const listen = (name: string, act: (event: object) => void) => {
      this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), act]);
    };
    const window = {
      addEventListener: listen,
      removeEventListener: () => undefined,
      TelegramWebviewProxy: {
        postEvent: (name: string, data: string | undefined) => {
          this.posted.push({ name, data: data === undefined ? undefined : (JSON.parse(data) as unknown) });
        },
      },
    };
    vi.stubGlobal("window", Object.assign(window, { self: window, top: window, parent: window }));
    vi.stubGlobal("document", { documentElement: root });
    vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined }));
    vi.stubGlobal("getComputedStyle", () => ({
      getPropertyValue: (name: string) => this.style.get(name) ?? "",
    }));
    vi.stubGlobal("addEventListener", listen);
    vi.stubGlobal("innerWidth", WINDOW.width);
    vi.stubGlobal("innerHeight", WINDOW.height);
    vi.stubGlobal("screen", { height: WINDOW.height });
    vi.stubGlobal("location", { reload: () => (this.reloads += 1) });
  }

  /** Telegram says something, whatever it is. */
  hears(data: unknown): void {
    this.fires("message", { data, source: window.parent });
  }

  event(eventType: string, eventData?: unknown): void {
    this.hears(JSON.stringify({ eventType, eventData }));
  }

  fires(name: string, event: object = {}): void {
    for (const act of this.#listeners.get(name) ?? []) act(event);
  }
}

let page: Page;
let tg: Telegram;

beforeEach(() => {
  vi.useFakeTimers();
  // What cannot be read is said on the console, and nowhere else.
  for (const way of ["warn", "error", "log"] as const) vi.spyOn(console, way).mockReturnValue();
  page = new Page();
  const fragment = new URLSearchParams({ tgWebAppData: "hash=ab", tgWebAppVersion: "9.1" });
  tg = telegram(readLaunch(fragment.toString(), null));
  followTelegram(tg);
  settleIn(tg);
  page.event("viewport_changed", { height: 700, width: 390, is_expanded: true, is_state_stable: true });
  page.event("content_safe_area_changed", { top: 46, right: 0, bottom: 20, left: 0 });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("the height of the viewport", () => {
  it("follows Telegram's", () => {
    expect(page.style.get("--stable-height")).toBe("700px");
  });

  it.each([1, 0, -300, 100, 150, 5_000, 1e308, "640", null, undefined, {}, [640], true])(
    "stays as it was when Telegram says %j",
    (height) => {
      page.event("viewport_changed", { height, width: 390, is_expanded: true, is_state_stable: true });
      expect(page.style.get("--stable-height")).toBe("700px");
    },
  );

  it("stays as it was while it moves", () => {
    page.event("viewport_changed", { height: 500, is_expanded: true, is_state_stable: false });
    expect(page.style.get("--stable-height")).toBe("700px");
  });

  it("may be half the window, as a sheet of Telegram's is at first", () => {
    page.event("viewport_changed", { height: 410, is_expanded: false, is_state_stable: true });
    expect(page.style.get("--stable-height")).toBe("410px");
  });

  it("is the window's own once the window has become another", () => {
    vi.stubGlobal("innerHeight", 360);
    vi.stubGlobal("screen", { height: 390 });
    page.fires("resize");
    expect(page.style.has("--stable-height")).toBe(false);
  });
});

describe("insets", () => {
  it.each([-20, 4_000, "30", null, 1e308, {}])("stay as they were when Telegram says %j", (top) => {
    page.event("content_safe_area_changed", { top, right: 0, bottom: 12, left: 0 });
    expect(page.style.get("--content-safe-top")).toBe("46px");
    expect(page.style.get("--content-safe-bottom"), "the side that can be so").toBe("12px");
  });
});

describe("asking whether the bot may write", () => {
  it("ends without an answer after some seconds, and hears one that comes later", async () => {
    const late = vi.fn();
    const answer = tg.askToWrite(late);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await answer).toBe("silent");
    page.event("write_access_requested", { status: "allowed" });
    await vi.advanceTimersByTimeAsync(0);
    expect(late).toHaveBeenCalledOnce();
  });

  it.each([
    [{ status: "allowed" }, "allowed"],
    [{ status: "cancelled" }, "declined"],
    [{ status: 1 }, "declined"],
    [null, "declined"],
    ["allowed", "declined"],
  ])("takes %j for what it is", async (payload, told) => {
    const answer = tg.askToWrite(() => undefined);
    page.event("write_access_requested", payload);
    expect(await answer).toBe(told);
  });

  it("is not done where the client cannot", async () => {
    vi.stubGlobal("window", Object.assign(window, { TelegramWebviewProxy: undefined }));
    expect(await tg.askToWrite(() => undefined)).toBe("cannot");
  });
});

describe("a wish to load the page again", () => {
  it("is answered and done", () => {
    page.event("reload_iframe");
    expect(page.posted.map(({ name }) => name)).toContain("iframe_will_reload");
    expect(page.reloads).toBe(1);
  });
});

describe("whatever Telegram says", () => {
  const shapes: unknown[] = [
    undefined,
    null,
    0,
    -1,
    true,
    "",
    "x".repeat(1_000_000),
    [],
    {},
    { height: NaN },
    { theme_params: null },
    { theme_params: { bg_color: -1, text_color: "#12345", "a b": "#fff", button_color: "url(x)" } },
    { status: {} },
    { __proto__: { height: 1 } },
    Array.from({ length: 10_000 }, () => ({})),
  ];
  const events = [
    "viewport_changed",
    "theme_changed",
    "safe_area_changed",
    "content_safe_area_changed",
    "back_button_pressed",
    "write_access_requested",
    "an_event_of_next_year",
    "constructor",
    "__proto__",
    "*",
    "",
  ];

  it("throws nothing and moves nothing", () => {
    const before = [...page.style.entries()];
    tg.onBack(() => undefined);
    for (const name of events) for (const shape of shapes) page.event(name, shape);
    for (const raw of ["", "{", "null", "[]", '"x"', "\0", 7, null, {}, '{"eventType":1}']) page.hears(raw);
    page.fires("message", { data: '{"eventType":"viewport_changed"}', source: {} });
    const now = new Map(page.style);
    for (const [name, value] of before) expect(now.get(name), name).toBe(value);
    for (const [name, value] of now) expect(value, name).not.toMatch(/NaN|undefined|null|url|-\d+px/);
  });

  it("does not keep the listeners after it from hearing", () => {
    const heard = vi.fn();
    tg.onBack(() => {
      throw new Error("a listener that cannot");
    });
    tg.onBack(heard);
    page.event("back_button_pressed");
    expect(heard).toHaveBeenCalledOnce();
  });
});
