import { parse } from "acorn";
import { runInNewContext } from "node:vm";
import { beforeEach, describe, expect, it } from "vitest";

import { startupScript } from "./plugin";

/** As much of a browser as the page's first words touch. */
class Page {
  readonly attributes = new Map<string, string>();
  readonly said: string[] = [];
  readonly timers: { act: () => void; after: number }[] = [];
  reloads = 0;
  #onError: (event: object) => void = () => undefined;

  /** `lacks` names what this browser has not. */
  run({ language = "en", agent = "", lacks = [] as readonly string[] } = {}): this {
    const element = (name: string) => ({
      name,
      style: {},
      noModule: true,
      setAttribute: () => undefined,
      appendChild: (child: object) => {
        if ("text" in child) this.said.push(`${name}: ${String(child.text)}`);
        if ("onclick" in child) this.click = child.onclick as () => void;
      },
    });
    const root = {
      getAttribute: (name: string) => this.attributes.get(name) ?? null,
      setAttribute: (name: string, value: string) => void this.attributes.set(name, value),
    };
    const globals: Record<string, unknown> = {
      CSS: { supports: (property: string) => !lacks.includes(property) },
      AbortController: {},
      ResizeObserver: {},
      crypto: { getRandomValues: {} },
      location: { hash: "#tgWebAppThemeParams=%7B", reload: () => (this.reloads += 1) },
      navigator: { language, userAgent: agent },
      document: {
        documentElement: root,
        body: element("body"),
        createElement: element,
        createTextNode: (text: string) => ({ text }),
      },
      addEventListener: (_: string, act: (event: object) => void) => (this.#onError = act),
      setTimeout: (act: () => void, after: number) => this.timers.push({ act, after }),
    };
    for (const name of lacks) Reflect.deleteProperty(globals, name);
    globals.window = globals;
    runInNewContext(startupScript(), globals);
    return this;
  }

  click: () => void = () => undefined;

  fails(event: object): void {
    this.#onError({ target: { nodeName: "SCRIPT" }, ...event });
  }
}

let page: Page;
beforeEach(() => {
  page = new Page();
});

describe("the page's first words", () => {
  it("can be read by a browser of ten years ago", () => {
    expect(() => parse(startupScript(), { ecmaVersion: 5 })).not.toThrow();
    expect(startupScript()).not.toContain("</");
  });

  it("are not said where the app can run and comes", () => {
    page.run();
    expect(page.said).toEqual([]);
    page.attributes.set("data-startup", "done");
    page.fails({});
    for (const { act } of page.timers) act();
    expect(page.said, "later trouble is the app's own to tell").toEqual([]);
  });

  it.each([["aspect-ratio"], ["inset"], ["CSS"], ["AbortController"], ["ResizeObserver"], ["crypto"]])(
    "are that the browser is too old when it lacks %s",
    (lack) => {
      page.run({ lacks: [lack], agent: "Mozilla/5.0 (Linux; Android 9)" });
      expect(page.attributes.get("data-startup")).toBe("too-old");
      expect(page.said.join()).toMatch(/too old.*WebView/s);
    },
  );

  it("say so in Russian, and what to do on an iPhone", () => {
    page.run({ lacks: ["inset"], language: "ru-RU", agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 14_4)" });
    expect(page.said.join()).toMatch(/слишком старый.*iOS 15/s);
  });

  it("are that the browser is too old when it cannot parse the app", () => {
    page.run().fails({ message: "Uncaught SyntaxError: Unexpected token '{'" });
    expect(page.attributes.get("data-startup")).toBe("too-old");
  });

  it.each([
    ["a script does not come", {}],
    ["the app fails at once", { message: "Uncaught TypeError: x is not a function" }],
  ])("are that it did not load, with a way to try again, when %s", (_, event) => {
    page.run().fails(event);
    expect(page.attributes.get("data-startup")).toBe("failed");
    page.click();
    expect(page.reloads).toBe(1);
  });

  it("are that it did not load when nothing comes for long", () => {
    page.run();
    expect(page.timers.map(({ after }) => after)).toEqual([25_000]);
    page.timers[0]?.act();
    expect(page.attributes.get("data-startup")).toBe("failed");
  });

  it("are nothing when a picture does not come", () => {
    page.run().fails({ target: { nodeName: "IMG" } });
    expect(page.said).toEqual([]);
  });
});
