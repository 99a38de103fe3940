/** A film is watched by several phones for some minutes: what they do in which order, and what is to be looked at when. */
import { setTimeout as pass } from "node:timers/promises";
import type { Random } from "./random.ts";
import { type Disturbance } from "./statistics.ts";
import type { Watcher } from "./watcher.ts";

/** So long after whatever happened phones may be apart, in ms. */
export const SETTLING = 5_000;
/** So long they are looked at after that, in ms. */
export const WATCHED = 12_000;
/** No seek is waited for longer, in ms. */
const SEEK_WITHIN = SETTLING + WATCHED;
const PAUSED = 2_000;
const STALLED = 4_000;
const AWAY = 2_000;

/** A seek that somebody asked for. */
export interface Sought {
  readonly at: number;
  readonly until: number;
  readonly to_s: number;
}

const DEEDS = ["pause", "seek", "stall", "seek", "rejoin"] as const;

export class Watching {
  readonly disturbances: Disturbance[] = [];
  readonly sought: Sought[] = [];
  /** What happened, and when it was over. */
  readonly events: { readonly at: number; readonly what: string }[] = [];
  readonly #began = performance.now();

  constructor(
    private readonly watchers: readonly Watcher[],
    private readonly card: { url: string },
    private readonly address: string,
    private readonly duration_s: number,
    private readonly random: Random,
    private readonly say: (line: string) => void,
  ) {}

  /** The span that was watched so far. */
  get span(): [number, number] {
    return [this.#began, performance.now()];
  }

  /** Everybody comes, one puts the film on, and it runs for all. */
  async begins(): Promise<void> {
    const [host, ...others] = this.watchers;
    if (host === undefined) throw new Error("nobody watches");
    const begun = performance.now();
    for (const one of this.watchers) await one.opens(this.card);
    this.say("everybody has opened the app");
    for (const { phone } of this.watchers) await phone.seesInLobby(this.watchers.length);
    const { phone } = host;
    await phone.part("menu").click();
    await phone.part("watch-together").click();
    await phone.part("address").fill(this.address);
    await phone.part("address-take").click();
    for (const other of others) await other.enters();
    for (const one of this.watchers) await one.finds();
    this.say("everybody has the film");
    await this.#all("runs");
    this.#disturbed(null, begun);
    await this.#calm();
  }

  /** Everything that happens to a film, once each, in an order of chance. */
  async round(): Promise<void> {
    for (const deed of this.random.shuffled(DEEDS)) {
      const who = this.#anybody();
      const begun = performance.now();
      const whom = await this.#does(deed, who);
      this.#disturbed(whom, begun);
      const what = `${deed} by ${who.name}`;
      this.events.push({ at: performance.now(), what });
      this.say(what);
      await this.#calm();
    }
  }

  /** Whom it concerned; null: all. */
  async #does(deed: (typeof DEEDS)[number], who: Watcher): Promise<number | null> {
    switch (deed) {
      case "pause":
        await who.toggles();
        await this.#all("stands");
        await pass(PAUSED);
        await who.toggles();
        await this.#all("runs");
        return null;
      case "seek": {
        const to_s = Math.round(this.random.between(0.05, 0.75) * this.duration_s);
        const at = performance.now();
        await who.seeks(to_s);
        this.sought.push({ at, until: at + SEEK_WITHIN, to_s });
        return null;
      }
      case "stall":
        await who.stalls(STALLED);
        return null;
      case "rejoin":
        await who.leaves();
        await pass(AWAY);
        await who.opens(this.card);
        await who.finds();
        await who.until("runs");
        return who.index;
    }
  }

  /** Time passes, and what is noted is brought home. */
  async #calm(): Promise<void> {
    const end = performance.now() + SETTLING + WATCHED;
    while (performance.now() < end) {
      await pass(1_000);
      await this.#look();
    }
  }

  async #look(): Promise<void> {
    await Promise.all(this.watchers.map((one) => one.looks()));
  }

  async #all(what: "runs" | "stands"): Promise<void> {
    await Promise.all(this.watchers.map((one) => one.until(what)));
  }

  #disturbed(phone: number | null, from: number): void {
    this.disturbances.push({ phone, from, to: performance.now() + SETTLING });
  }

  #anybody(): Watcher {
    const who = this.watchers[this.random.below(this.watchers.length)];
    if (who === undefined) throw new Error("nobody watches");
    return who;
  }
}
