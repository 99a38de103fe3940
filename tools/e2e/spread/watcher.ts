/** One phone that watches: its person and browser, its network and clock, its line to the film, and what has been noted of its film so far. */
import { setTimeout as pass } from "node:timers/promises";
import { type Browser, type Page } from "@playwright/test";
import { expect } from "../support/evening.ts";
import type { Film } from "../support/film.ts";
import { Phone } from "../support/phone.ts";
import type { Link, Person, Telegram } from "../support/telegram.ts";
import { standInForYoutube, type YoutubeManners } from "../support/youtube.ts";
import { type Delays, Network } from "./network.ts";
import type { Random } from "./random.ts";
import { Document, type Noted, setsClock } from "./sampling.ts";

/** How a phone differs from others. */
export interface Traits {
  readonly delays: Delays;
  /** Its time of day is off by this. */
  readonly skew_ms: number;
  /** Its processor is so many times slower. */
  readonly slowed: number;
}

/** What plays: the film itself, or the stand-in of YouTube. */
export type Shown =
  { readonly film: Film; readonly duration_s: number } | { readonly youtube: Partial<YoutubeManners> };

/** So often an app that did not load is loaded again. */
const MOST_LOADED_AGAIN = 3;
/** What a phone has loaded ahead may last for long before its film stalls, in ms. */
const UNTIL_WITHIN = 120_000;
/** The line carries a film so many times faster than it plays, after so many seconds of it at once. */
const LINE = { faster: 2, burst_s: 6 } as const;

export class Watcher {
  readonly noted: Noted[] = [];
  /** By how much the moments of this phone may be wrong, in ms. */
  within = 0;
  #document: Document | null = null;
  #open: Promise<void> = Promise.resolve();
  #reopen: () => void = () => undefined;
  #free = 0;

  private constructor(
    readonly index: number,
    readonly phone: Phone,
    readonly traits: Traits,
    private readonly network: Network,
    private readonly isYoutube: boolean,
  ) {}

  static async on(
    browser: Browser,
    telegram: Telegram,
    person: Person,
    index: number,
    traits: Traits,
    shown: Shown,
    random: Random,
  ): Promise<Watcher> {
    const network = await Network.start(traits.delays, random);
    const context = await browser.newContext({ proxy: { server: network.url } });
    await setsClock(context, traits.skew_ms);
    const page = await context.newPage();
    const phone = new Phone(person, page, telegram);
    page.on("pageerror", (error) => {
      process.stdout.write(`  ${phone.name}'s page: ${error.stack ?? error.message}\n`);
    });
    const watcher = new Watcher(index, phone, traits, network, "youtube" in shown);
    if ("youtube" in shown) await standInForYoutube(context, shown.youtube);
    else await shown.film.serve(context, (share) => watcher.#line(share * shown.duration_s));
    await watcher.#slow(page);
    return watcher;
  }

  get name(): string {
    return this.phone.name;
  }

  /** Taps the card of a room. Where the network was too slow for the page, it is loaded again, as it offers. */
  async opens(card: Link): Promise<void> {
    await this.phone.open(card);
    const room = this.phone.part("lobby").or(this.phone.part("cinema"));
    const again = this.phone.app.getByRole("button", { name: /^(Load again|Загрузить ещё раз)$/u });
    for (let times = 0; times <= MOST_LOADED_AGAIN; times += 1) {
      await expect(room.or(again).first(), `${this.name} is in the room`).toBeVisible();
      if (!(await again.isVisible())) return;
      await again.click();
    }
    throw new Error(`${this.name}'s app does not load`);
  }

  /** Is in the cinema, or follows the bar that leads into it. */
  async enters(): Promise<void> {
    const bar = this.phone.part("now-playing");
    const cinema = this.phone.part("cinema");
    await expect(bar.or(cinema).first(), `${this.name} sees that something is on`).toBeVisible();
    if (!(await cinema.isVisible())) await bar.click();
  }

  /** Its film is there: from now on it is noted. */
  async finds(): Promise<void> {
    await expect.poll(() => this.#frame() !== undefined, `${this.name}'s film is there`).toBe(true);
    const frame = this.#frame();
    if (frame === undefined) throw new Error(`${this.name} has no film`);
    this.#document = await Document.of(frame);
    this.within = Math.max(this.within, this.#document.within);
  }

  /** Brings home what was noted since, and says how the film is now. */
  async looks(): Promise<Noted["samples"][number] | undefined> {
    const noted = await this.#document?.noted();
    if (noted === undefined) return undefined;
    this.noted.push(noted);
    return noted.samples.at(-1) ?? this.noted.findLast(({ samples }) => samples.length > 0)?.samples.at(-1);
  }

  /** Waits until its film is as wanted. */
  async until(what: "runs" | "stands" | "ad"): Promise<void> {
    await expect
      .poll(
        async () => {
          const last = await this.looks();
          return last !== undefined && (what === "ad" ? last.ad : last.runs === (what === "runs"));
        },
        { message: `${this.name}'s film ${what}`, intervals: [100], timeout: UNTIL_WITHIN },
      )
      .toBe(true);
  }

  /** Plays or pauses by the button over the film, which may have gone: a tap beside it brings it. */
  async toggles(): Promise<void> {
    await this.#controls();
    await this.phone.part("film-toggle").click();
  }

  async seeks(to_s: number): Promise<void> {
    await this.#controls();
    await this.phone.part("film-seek").fill(String(to_s));
  }

  /** Nothing more of the film comes until it stalls, and then not for so long. */
  async stalls(lasts_ms: number): Promise<void> {
    if (this.isYoutube) {
      const frame = this.#frame();
      await frame?.evaluate((ms) => {
        (window as unknown as { stalls: (lasts_ms: number) => void }).stalls(ms);
      }, lasts_ms);
      await pass(lasts_ms);
      return;
    }
    this.#open = new Promise((done) => (this.#reopen = done));
    await this.until("stands");
    await pass(lasts_ms);
    this.#reopen();
  }

  /** Closes the app. */
  async leaves(): Promise<void> {
    await this.looks();
    this.#document = null;
    await this.phone.page.goto("about:blank");
  }

  async end(): Promise<void> {
    this.#reopen();
    const context = this.phone.page.context();
    await context.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
    await this.network.stop();
  }

  async #controls(): Promise<void> {
    const controls = this.phone.part("film-controls");
    if (await controls.evaluate((element) => element.classList.contains("away")))
      await controls.tap({ position: { x: 20, y: 110 } });
  }

  async #slow(page: Page): Promise<void> {
    if (this.traits.slowed === 1) return;
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: this.traits.slowed });
  }

  /** So many seconds of the film come by the phone's line. */
  async #line(film_s: number): Promise<void> {
    const now = performance.now();
    const burst = (LINE.burst_s * 1_000) / LINE.faster;
    this.#free = Math.max(this.#free, now - burst) + (film_s * 1_000) / LINE.faster;
    const { up, down } = this.traits.delays;
    await pass(Math.max(up + down, this.#free - now));
    await this.#open;
  }

  #frame() {
    const isFilm = this.isYoutube
      ? (url: URL) => url.host === "www.youtube-nocookie.com"
      : (url: URL) => url.pathname === "/player";
    return this.phone.page
      .frames()
      .find((frame) => URL.canParse(frame.url()) && isFilm(new URL(frame.url())));
  }
}
