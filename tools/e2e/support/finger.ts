/** A finger on a phone's glass: real touches, as Chromium takes them from a screen, at the pace of a hand. */
import { setTimeout as pass } from "node:timers/promises";
import type { CDPSession, Locator, Page } from "@playwright/test";

/** A place on the page, in CSS pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Between two reports of a screen, in ms. */
const REPORT = 16;

export class Finger {
  #at: Place = { x: 0, y: 0 };
  /** When it did last what it did, in ms: as fast as it was meant, however busy the machine is. */
  #when = 0;

  private constructor(private readonly session: CDPSession) {}

  static async on(page: Page): Promise<Finger> {
    return new Finger(await page.context().newCDPSession(page));
  }

  /** Puts it down. */
  async puts(at: Place): Promise<void> {
    this.#when = Math.max(this.#when, Date.now());
    await this.#touch("touchStart", at);
  }

  /** Draws it to this place, in so many ms. */
  async draws(to: Place, ms: number): Promise<void> {
    const from = this.#at;
    const steps = Math.max(1, Math.round(ms / REPORT));
    for (let step = 1; step <= steps; step += 1) {
      const share = step / steps;
      await pass(REPORT);
      this.#when += REPORT;
      await this.#touch("touchMove", {
        x: from.x + (to.x - from.x) * share,
        y: from.y + (to.y - from.y) * share,
      });
    }
  }

  /** Puts it down, draws it so far within a sixth of a second, and lifts it. */
  async pulls(from: Place, by: Place): Promise<void> {
    await this.puts(from);
    await this.draws({ x: from.x + by.x, y: from.y + by.y }, 160);
    await this.lifts();
  }

  async lifts(): Promise<void> {
    await this.#says("touchEnd", []);
  }

  async #touch(type: "touchStart" | "touchMove", { x, y }: Place): Promise<void> {
    this.#at = { x, y };
    await this.#says(type, [{ x, y }]);
  }

  async #says(type: "touchStart" | "touchMove" | "touchEnd", touchPoints: Place[]): Promise<void> {
    const timestamp = this.#when / 1_000;
    await this.session.send("Input.dispatchTouchEvent", { type, touchPoints, timestamp });
  }
}

/** The middle of something that has come to rest and lies under nothing else: a place that a finger can be put on. */
export async function restOf(what: Locator): ReturnType<typeof middleOf> {
  await what.tap({ trial: true });
  return middleOf(what);
}

/** The middle of something on the screen, and how wide and high it is. */
export async function middleOf(what: Locator): Promise<Place & { width: number; height: number }> {
  const box = await what.boundingBox();
  if (box === null) throw new Error("it is not on the screen");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width, height: box.height };
}
