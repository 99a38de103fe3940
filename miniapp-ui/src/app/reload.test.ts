/** A page that the server finds too old: it loads again, and never for ever. */
import { beforeEach, describe, expect, it } from "vitest";

import { type Loaded, reloadIfRebuilt, reloading } from "./reload";

const TOO_OLD = { code: "reload", status: 410, title: "Gone", type: "about:blank", detail: "load it again" };

/** A tab, whose storage outlives its pages. */
class Tab {
  readonly storage = new Map<string, string>();
  reloads = 0;

  page(build: string, blocked = false): Loaded {
    return {
      storage: () => {
        if (blocked) throw new DOMException("blocked", "SecurityError");
        return {
          getItem: (key) => this.storage.get(key) ?? null,
          setItem: (key, value) => void this.storage.set(key, value),
        };
      },
      build: () => build,
      reload: () => (this.reloads += 1),
    };
  }

  /** A page of this build asks, and this is the answer. */
  async asks(build: string, status: number, body: unknown, blocked = false): Promise<Response> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const answer = () => Promise.resolve(new Response(text, { status }));
    const response = await reloading(answer, this.page(build, blocked))("/api/rooms", {});
    await settled();
    return response;
  }
}

/** What was begun beside the answer is done. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}

describe("a page that is told to reload", () => {
  let tab: Tab;

  beforeEach(() => {
    tab = new Tab();
  });

  it("loads again, and whoever asked still has the answer", async () => {
    const response = await tab.asks("one", 410, TOO_OLD);
    expect(tab.reloads).toBe(1);
    expect(await response.json(), "the answer was read away").toEqual(TOO_OLD);
  });

  it("does so once, however often it is told, also after the reload", async () => {
    for (let times = 0; times < 3; times += 1) await tab.asks("one", 410, TOO_OLD);
    expect(tab.reloads, "it would load for ever").toBe(1);
  });

  it("does so again as another build, which may help", async () => {
    await tab.asks("one", 410, TOO_OLD);
    await tab.asks("two", 410, TOO_OLD);
    expect(tab.reloads).toBe(2);
  });

  it("stays where nothing can be remembered", async () => {
    await tab.asks("one", 410, TOO_OLD, true);
    expect(tab.reloads, "it would load for ever").toBe(0);
  });

  it("stays for any other answer", async () => {
    for (const status of [200, 404, 409, 426, 503]) await tab.asks("one", status, TOO_OLD);
    for (const body of ["<h1>Gone</h1>", { ...TOO_OLD, code: "gone" }, {}]) await tab.asks("one", 410, body);
    expect(tab.reloads).toBe(0);
  });
});

describe("a page whose files do not come", () => {
  const MINE = "https://sovpalo.test/assets/index-aaaa.js";
  const names = (entry: string) =>
    `<script type="module" crossorigin src="/assets/index-${entry}.js"></script>`;

  /** How often the page loads again, if the server answers like this. */
  async function reloads(tab: Tab, answer: () => Promise<Response>): Promise<number> {
    await reloadIfRebuilt(answer, tab.page(MINE));
    return tab.reloads;
  }

  it("loads again where the server has another build, and once", async () => {
    const tab = new Tab();
    const answer = () => Promise.resolve(new Response(names("bbbb")));
    expect(await reloads(tab, answer)).toBe(1);
    expect(await reloads(tab, answer), "it would load for ever").toBe(1);
  });

  it.each([
    ["the server has the same build", () => Promise.resolve(new Response(names("aaaa")))],
    ["a proxy answers for it", () => Promise.resolve(new Response("<h1>Sign in to this network</h1>"))],
    ["the server is in trouble", () => Promise.resolve(new Response(names("bbbb"), { status: 503 }))],
    ["nobody answers", () => Promise.reject(new TypeError("Failed to fetch"))],
  ])("stays where %s", async (_, answer) => {
    expect(await reloads(new Tab(), answer)).toBe(0);
  });
});
