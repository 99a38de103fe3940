/**
 * Telegram's back button as a stack: whatever opened last closes first. With nothing open it leads to the screen before, and
 * where there is none it hides.
 */
import { onCleanup } from "solid-js";

import type { Telegram } from "./client";

type Close = () => void;

const open: Close[] = [];
let screenBefore: Close | null = null;
let button: (visible: boolean) => void = () => undefined;

export function connectBackButton(tg: Telegram): void {
  button = tg.backButton;
  const closeLast = () => {
    (open[open.length - 1] ?? screenBefore)?.();
  };
  tg.onBack(closeLast);
  // For a keyboard without Telegram's header.
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeLast();
  });
}

/** For as long as the calling view lives, back means this. */
export function useBack(close: Close): void {
  open.push(close);
  show();
  onCleanup(() => {
    const at = open.lastIndexOf(close);
    if (at >= 0) open.splice(at, 1);
    show();
  });
}

/** Below everything that opens, back means this; null where there is no screen before. */
export function leadBack(back: Close | null): void {
  screenBefore = back;
  show();
}

function show(): void {
  button(open.length > 0 || screenBefore !== null);
}
