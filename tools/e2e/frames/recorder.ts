/** Notes in the app's own page when each of its frames began, while a card moves. What it costs is one number for each frame. */
import type { Frame } from "@playwright/test";

/** Times in ms, while cards moved and while nothing did. */
export interface Times {
  /** Between the beginnings of two frames, as they came: what the machine took to draw them is in it. */
  readonly moving: number[];
  readonly still: number[];
  /** From when a frame was due to begin until the page had done all that it does for it. */
  readonly workMoving: number[];
  readonly workStill: number[];
}

export const noTimes = (): Times => ({ moving: [], still: [], workMoving: [], workStill: [] });

/** So long after a finger was lifted its card is still on its way, in ms. */
const FLIGHT = 500;

/** From now on frames are noted. */
export async function record(app: Frame): Promise<void> {
  await app.evaluate((flight) => {
    const times: Times = { moving: [], still: [], workMoving: [], workStill: [] };
    Object.assign(window, { frameTimes: times });
    // A message that is sent while a frame is made comes once it is.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<{ begun: number; moves: boolean }>) => {
      (data.moves ? times.workMoving : times.workStill).push(performance.now() - data.begun);
    };
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
      port2.postMessage({ begun: now, moves });
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  }, FLIGHT);
}

/** All that was noted. */
export async function recorded(app: Frame): Promise<Times> {
  return app.evaluate(() => (window as unknown as { frameTimes: Times }).frameTimes);
}
