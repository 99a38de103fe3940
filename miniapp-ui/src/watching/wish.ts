/**
 * What somebody wants to watch who comes from a match: it opens the cinema once nothing is celebrated any more, and is offered there. Must
 * never: outlive the room's screen, or be told to anybody.
 */
import type { Wanted } from "./offers";

/** By the room, as the app holds it while it is shown. */
const wishes = new WeakMap<object, Wanted>();

/** This is to be watched; of several the last counts. */
export function wish(room: object, title: Wanted): void {
  wishes.set(room, title);
}

/** Whether somebody is on their way into the cinema. */
export function isWished(room: object): boolean {
  return wishes.has(room);
}

/** What is to be watched, once. */
export function takeWish(room: object): Wanted | null {
  const wanted = wishes.get(room) ?? null;
  wishes.delete(room);
  return wanted;
}
