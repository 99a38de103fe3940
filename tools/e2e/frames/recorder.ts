/** Notes in the app's own page when each of its frames began, while a card moves. What it costs is one number for each frame. */
import type { Frame } from "@playwright/test";

/** The times between frames, in ms: while cards moved, and while nothing did. */
export interface Times {
  readonly moving: number[];
  readonly still: number[];
}

/** So long after a finger was lifted its card is still on its way, in ms. */
const FLIGHT = 500;

/** From now on frames are noted. */
export async function record(app: Frame): Promise<void> {
  await app.evaluate((flight) => {
    const times: Times = { moving: [], still: [] };
    Object.assign(window, { frameTimes: times });
    let until = 0;
    addEventListener("pointerdown", () => (until = Infinity), true);
    addEventListener("pointerup", () => (until = performance.now() + flight), true);
    let before = 0;
    let moved = false;
    const note = (now: number): void => {
      const moves = now < until;
      // The frame in which a movement begins or ends is half of each.
      if (before > 0 && moves === moved) (moves ? times.moving : times.still).push(now - before);
      before = now;
      moved = moves;
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  }, FLIGHT);
}

/** All that was noted. */
export async function recorded(app: Frame): Promise<Times> {
  return app.evaluate(() => (window as unknown as { frameTimes: Times }).frameTimes);
}
