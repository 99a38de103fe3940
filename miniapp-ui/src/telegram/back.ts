/** Telegram's back button as a stack: whatever opened last closes first; with nothing open it hides. */
import { onCleanup } from "solid-js";

import type { Telegram } from "./client";

type Close = () => void;

const open: Close[] = [];
let button: (visible: boolean) => void = () => undefined;

export function connectBackButton(tg: Telegram): void {
  button = tg.backButton;
  const closeLast = () => open[open.length - 1]?.();
  tg.onBack(closeLast);
  // For a keyboard without Telegram's header.
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeLast();
  });
}

/** For as long as the calling view lives, back means this. */
export function useBack(close: Close): void {
  open.push(close);
  button(true);
  onCleanup(() => {
    const at = open.lastIndexOf(close);
    if (at >= 0) open.splice(at, 1);
    button(open.length > 0);
  });
}
