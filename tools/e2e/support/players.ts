/**
 * A page of the app's origin that opens players as the app does, with the app's own code for it, and nothing else on it.
 *
 * The document with the players in its frame is the server's, with its policy.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { BrowserContext, FrameLocator, Page } from "@playwright/test";
import ts from "typescript";
import type {
  MediaKind,
  Player,
  PlayerEvent,
  PlayerState,
} from "../../../miniapp-ui/src/watching/players/adapter.ts";
import { expect, test as base } from "./evening.ts";
import { Film } from "./film.ts";

const SOURCE = fileURLToPath(new URL("../../../miniapp-ui/src/", import.meta.url));

/** What the app's side of the players adds to one: see `remote.ts` there. */
interface RemotePlayer extends Player {
  show(shown: { media: { kind: MediaKind; url: string } }): void;
  subtitles(source: { text: string } | { url: string } | null): void;
  shiftSubtitles(offset_ms: number, shown: boolean): void;
}

/** What the page has for a test. */
interface OnStage {
  player: RemotePlayer;
  events: PlayerEvent[];
  subtitles: string[];
}
declare global {
  interface Window {
    stage: OnStage;
  }
}

const PAGE = `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<style>html,body{margin:0;height:100%}#place{width:100%;height:56.25vw}</style>
<button>Tap</button><div id="place"></div>
<script type="module">
  import { openPlayer } from "/stage/watching/players/remote";
  const stage = { events: [], subtitles: [], words: ${JSON.stringify({
    tap: "Tap to join",
    frame: "This page plays by itself",
    open: "Open",
  })} };
  const asked = new URLSearchParams(location.search);
  stage.player = openPlayer(
    document.getElementById("place"),
    { media: { kind: asked.get("kind"), url: asked.get("url"), start_s: Number(asked.get("start") ?? 0) } },
    { words: stage.words, language: "en", title: "A film" },
  );
  stage.player.on((event) => stage.events.push(event));
  stage.player.onSubtitles((outcome) => stage.subtitles.push(outcome));
  // By itself: whatever a test does in a page counts as a tap there.
  if (asked.has("plays")) {
    const stop = stage.player.on((event) => {
      if (event !== "ready") return;
      stop();
      stage.player.play().then((outcome) => console.log("played: " + outcome));
    });
  }
  window.stage = stage;
</script>`;

/** Has the players' document say what its policy refused. */
const WATCH = `document.addEventListener("securitypolicyviolation", (event) => {
  (window.violations ??= []).push(event.violatedDirective + " " + event.blockedURI);
});`;

export class Stage {
  private constructor(
    readonly page: Page,
    readonly document: FrameLocator,
  ) {}

  static async open(
    context: BrowserContext,
    server: string,
    kind: MediaKind,
    url: string,
    start_s = 0,
  ): Promise<Stage> {
    const page = await Stage.#prepare(context, server);
    const asked = new URLSearchParams({ kind, url, start: String(start_s) });
    await page.goto(`${server}/stage/?${asked.toString()}`);
    await page.waitForFunction(() => "stage" in window);
    return new Stage(page, page.frameLocator("#place iframe"));
  }

  /** As `open`, where the page plays as soon as it can, touched by nobody; and what came of it. */
  static async playsByItself(
    context: BrowserContext,
    server: string,
    kind: MediaKind,
    url: string,
  ): Promise<{ stage: Stage; outcome: string }> {
    const page = await Stage.#prepare(context, server);
    const said = page.waitForEvent("console", (message) => message.text().startsWith("played: "));
    const asked = new URLSearchParams({ kind, url, plays: "" });
    await page.goto(`${server}/stage/?${asked.toString()}`);
    const outcome = (await said).text().slice("played: ".length);
    return { stage: new Stage(page, page.frameLocator("#place iframe")), outcome };
  }

  static async #prepare(context: BrowserContext, server: string): Promise<Page> {
    await context.addInitScript(WATCH);
    await context.route(`${server}/stage/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      const path = pathname.slice("/stage/".length);
      if (path === "") return route.fulfill({ contentType: "text/html", body: PAGE });
      const source = await readFile(`${SOURCE}${path}.ts`, "utf8");
      const options = { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 };
      const { outputText } = ts.transpileModule(source, { compilerOptions: options });
      return route.fulfill({ contentType: "text/javascript", body: outputText });
    });
    return context.newPage();
  }

  /** Does something with the player, as the app would. */
  async does<A extends "play" | "pause" | "seek" | "rate" | "mute" | "volume">(
    what: A,
    ...args: Parameters<Player[A]>
  ): Promise<Awaited<ReturnType<Player[A]>>> {
    return this.page.evaluate(
      ([name, values]) => (window.stage.player[name] as (...all: unknown[]) => never)(...values),
      [what, args] as const,
    );
  }

  /** A person taps the page, after which a browser lets it play. */
  async tap(): Promise<void> {
    await this.page.getByRole("button", { name: "Tap" }).click();
  }

  async state(): Promise<PlayerState> {
    return this.page.evaluate(() => window.stage.player.state());
  }

  /** Where the film is now, by what was reported last. */
  async position(): Promise<number> {
    return this.page.evaluate(() => {
      const { position_s, measured_at, paused, buffering, ad, rate } = window.stage.player.state();
      const moves = !paused && !buffering && !ad;
      return position_s + (moves ? ((performance.now() - measured_at) / 1_000) * rate : 0);
    });
  }

  async events(): Promise<PlayerEvent[]> {
    return this.page.evaluate(() => window.stage.events);
  }

  /** What was said so far counts no more. */
  async forgets(): Promise<void> {
    await this.page.evaluate(() => {
      window.stage.events.length = 0;
    });
  }

  /** Waits until this was said. */
  async hears(event: PlayerEvent): Promise<void> {
    await expect.poll(() => this.events(), { message: `the player says ${event}` }).toContain(event);
  }

  /** What the policies of the page and of the players' document refused. */
  async violations(): Promise<string[]> {
    const all = await Promise.all(
      this.page
        .frames()
        .map((frame) =>
          frame
            .evaluate(() => (window as unknown as { violations?: string[] }).violations ?? [])
            .catch(() => []),
        ),
    );
    return all.flat();
  }
}

/** With a browser that lies on its side, and a film on the net for it. */
export const test = base.extend<{ phone: BrowserContext; film: Film }, { made: Film }>({
  made: [
    async ({}, use) => {
      const film = await Film.make();
      await use(film);
      await film.dispose();
    },
    { scope: "worker" },
  ],
  film: async ({ made }, use) => {
    made.texts.clear();
    await use(made);
  },
  phone: async ({ browser }, use) => {
    const context = await browser.newContext({ viewport: { width: 844, height: 480 } });
    await use(context);
    await context.close();
  },
});

export { expect } from "./evening.ts";
