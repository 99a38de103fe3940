/** Notes in the app's own page when each of its frames began, and what went on then. What it costs is one number for each frame. */
import type { Frame } from "@playwright/test";

/** What goes on: a finger holds a card; a card flies, or springs back, which the browser does by itself; nothing moves. */
export const MOMENTS = ["held", "flying", "still"] as const;
export type Moment = (typeof MOMENTS)[number];

/** Times in ms, by what went on. */
export interface Times {
  /** Between the beginnings of two frames, as they came: what the machine took to draw them is in it. */
  readonly between: Record<Moment, number[]>;
  /** From when a frame was due to begin until the page had done all that it does for it. */
  readonly work: Record<Moment, number[]>;
}

const none = (): Record<Moment, number[]> => ({ held: [], flying: [], still: [] });

export const noTimes = (): Times => ({ between: none(), work: none() });

/** So long after a finger was lifted its card is still on its way, in ms. */
const FLIGHT = 500;

/** From now on frames are noted. */
export async function record(app: Frame): Promise<void> {
  await app.evaluate(
    ({ flight, times }) => {
      Object.assign(window, { frameTimes: times });
      // A message that is sent while a frame is made comes once it is.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }: MessageEvent<{ begun: number; moment: Moment }>) => {
        times.work[data.moment].push(performance.now() - data.begun);
      };
      let isHeld = false;
      let landed = 0;
      addEventListener("pointerdown", () => (isHeld = true), true);
      const lift = (): void => {
        isHeld = false;
        landed = performance.now() + flight;
      };
      for (const end of ["pointerup", "pointercancel"]) addEventListener(end, lift, true);
      let before = 0;
      let last: Moment = "still";
      const note = (now: number): void => {
        const moment = isHeld ? "held" : now < landed ? "flying" : "still";
        // A frame in which one begins and another ends is half of each.
        if (before > 0 && moment === last) times.between[moment].push(now - before);
        before = now;
        last = moment;
        port2.postMessage({ begun: now, moment });
        requestAnimationFrame(note);
      };
      requestAnimationFrame(note);
    },
    { flight: FLIGHT, times: noTimes() },
  );
}

/** All that was noted. */
export async function recorded(app: Frame): Promise<Times> {
  return app.evaluate(() => (window as unknown as { frameTimes: Times }).frameTimes);
}
