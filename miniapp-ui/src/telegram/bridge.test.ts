/** The wire to Telegram, held against the library that knows all of it. */
import { type MethodName, supports as librarySupports } from "@tma.js/bridge";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { type Method, SINCE, on, postEvent, supports, takesHeaderColour } from "./bridge";

const VERSIONS = [
  "6.0",
  "6.1",
  "6.2",
  "6.8",
  "6.9",
  "6.10",
  "7.6",
  "7.7",
  "7.9",
  "7.10",
  "8.0",
  "9.1",
  "10.0",
];

describe("which version has what", () => {
  it("is as the library has it", () => {
    for (const method of Object.keys(SINCE) as (Method & MethodName)[]) {
      for (const version of VERSIONS) {
        const known = librarySupports(method, version as `${number}.${number}`);
        expect(supports(method, version), `${method} in ${version}`).toBe(known);
      }
    }
    for (const version of VERSIONS) {
      const known = librarySupports("web_app_set_header_color", "color", version as `${number}.${number}`);
      expect(takesHeaderColour(version), version).toBe(known);
    }
  });
});

/** The few parts of a window that the wire touches. */
class Page {
  message: (event: object) => void = () => undefined;
  readonly window: Record<string, unknown> = {
    addEventListener: (_: string, act: (event: object) => void) => (this.message = act),
  };

  constructor() {
    Object.assign(this.window, { self: this.window, top: this.window, parent: this.window });
    vi.stubGlobal("window", this.window);
  }
}

let page: Page;
beforeEach(() => (page = new Page()));
afterEach(() => vi.unstubAllGlobals());

describe("what is told", () => {
  it("goes to the frame around the page, whatever else is there", () => {
    const [posted, proxy] = [vi.fn(), vi.fn()];
    page.window.top = {};
    page.window.parent = { postMessage: posted };
    page.window.TelegramWebviewProxy = { postEvent: proxy };
    postEvent("web_app_setup_back_button", { is_visible: true });
    const message = { eventType: "web_app_setup_back_button", eventData: { is_visible: true } };
    expect(posted).toHaveBeenCalledWith(JSON.stringify(message), "*");
    expect(proxy).not.toHaveBeenCalled();
  });

  it("goes through the phone's object, else through the old one", () => {
    const [proxy, notify] = [vi.fn(), vi.fn()];
    page.window.external = { notify };
    postEvent("web_app_ready");
    expect(notify).toHaveBeenCalledWith('{"eventType":"web_app_ready"}');
    page.window.TelegramWebviewProxy = { postEvent: proxy };
    postEvent("web_app_setup_back_button", { is_visible: false });
    expect(proxy).toHaveBeenCalledWith("web_app_setup_back_button", '{"is_visible":false}');
  });

  it("throws where there is nobody", () => {
    expect(() => postEvent("web_app_ready")).toThrow("no Telegram");
  });
});

describe("what is heard", () => {
  it.each([
    ["TelegramGameProxy", "receiveEvent"],
    ["TelegramGameProxy_receiveEvent"],
    ["Telegram", "WebView", "receiveEvent"],
  ])("comes through %s %s, and who was called there before still is", (...path) => {
    const [before, heard] = [vi.fn(), vi.fn()];
    const name = path[path.length - 1] ?? "";
    let place = page.window;
    for (const step of path.slice(0, -1)) place = place[step] = {};
    place[name] = before;
    on("theme_changed", heard);
    (place[name] as (...event: unknown[]) => void)("theme_changed", { a: 1 });
    expect(heard).toHaveBeenCalledWith({ a: 1 });
    expect(before).toHaveBeenCalledWith("theme_changed", { a: 1 });
  });

  it("comes from the page around only, and until nobody listens", () => {
    const heard = vi.fn();
    const stop = on("back_button_pressed", heard);
    const data = '{"eventType":"back_button_pressed"}';
    page.message({ data, source: {} });
    expect(heard).not.toHaveBeenCalled();
    page.message({ data, source: page.window });
    stop();
    page.message({ data, source: page.window });
    expect(heard).toHaveBeenCalledOnce();
  });

  it("is heard by messages where a client guards its objects", () => {
    const heard = vi.fn();
    for (const name of ["Telegram", "TelegramGameProxy"]) page.window[name] = Object.freeze({});
    on("back_button_pressed", heard);
    page.message({ data: '{"eventType":"back_button_pressed"}', source: page.window });
    expect(heard).toHaveBeenCalledOnce();
  });
});
