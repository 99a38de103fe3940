/**
 * What Telegram tells the page: events, each with whatever its client puts there. Clients send wrong shapes,
 * absurd numbers and events that nobody knows.
 *
 * Promises: a listener that cannot take what came harms nobody else, and nothing that is read here is out of
 * bounds. Must never: hand on a value as it came.
 */
import type { EventName } from "@tma.js/bridge";

import { on } from "./bridge";

/** Listens until the returned function is called. The payload is the client's word: read it with care. */
export function hear(name: EventName, act: (payload: unknown) => void): () => void {
  return on(name, (payload) => {
    try {
      act(payload);
    } catch (error) {
      console.warn(`Telegram's ${name} could not be taken`, error);
    }
  });
}

/** What the page knows of its window by itself, in CSS pixels. */
export interface Bounds {
  width: number;
  height: number;
  /** The screen's height: with its keyboard open, a window is smaller than what it is told of. */
  screen: number;
}

/** Less than this part of the window is no viewport but a client's mistake; half of it is what a sheet begins with. */
const LEAST_PART = 0.25;
/** No screen of Telegram's is lower, whatever the window. */
const LEAST = 160;

/** The height of a viewport that has come to rest; null when it has not, or when it cannot be so. */
export function stableHeight(payload: unknown, bounds: Bounds): number | null {
  const { height, is_state_stable } = fields(payload);
  if (is_state_stable !== true || typeof height !== "number") return null;
  return isSaneHeight(height, bounds) ? height : null;
}

/** Whether a page can be this high in this window. */
export function isSaneHeight(height: number, bounds: Bounds): boolean {
  const most = Math.max(bounds.height, bounds.screen);
  return height >= Math.max(LEAST, bounds.height * LEAST_PART) && height <= most;
}

const SIDES = ["top", "right", "bottom", "left"] as const;
/** A notch or a bar takes a tenth of a screen; more than this part would leave nothing between two of them. */
const MOST_INSET = 0.25;

/** The insets that can be so; a side that cannot is left as it was. */
export function insets(payload: unknown, bounds: Bounds): Partial<Record<(typeof SIDES)[number], number>> {
  const area = fields(payload);
  const sane = SIDES.flatMap((side) => {
    const size = area[side];
    const whole = side === "top" || side === "bottom" ? bounds.height : bounds.width;
    const fits = typeof size === "number" && size >= 0 && size <= whole * MOST_INSET;
    return fits ? [[side, size] as const] : [];
  });
  return Object.fromEntries(sane);
}

/** An object's fields, or none. */
export function fields(payload: unknown): Record<string, unknown> {
  return typeof payload === "object" && payload !== null ? (payload as Record<string, unknown>) : {};
}
