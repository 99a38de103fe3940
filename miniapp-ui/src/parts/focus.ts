/**
 * Keeps the focus within what is open, by focus-trap: Tab goes around in it, what takes the focus elsewhere does not keep it, and of
 * several only the one that opened last holds it.
 *
 * Escape is no business of it: `telegram/back.ts` decides what closes.
 */
import { createFocusTrap } from "focus-trap";
import { onCleanup, onMount } from "solid-js";

export interface Held {
  /** What has the focus first; without it, the whole. */
  first?: () => HTMLElement | null;
  /** `false`: whoever closes it says where the focus goes. Else it goes back to where it was. */
  givesBack?: false;
}

/** For as long as the calling view lives, the focus stays within this part of the page, which can have it itself (`tabindex="-1"`). */
export function holdFocus(part: () => HTMLElement, held: Held = {}): void {
  onMount(() => {
    const whole = part();
    const trap = createFocusTrap(whole, {
      initialFocus: () => held.first?.() ?? whole,
      fallbackFocus: whole,
      returnFocusOnDeactivate: held.givesBack ?? true,
      delayInitialFocus: false,
      delayReturnFocus: false,
      preventScroll: true,
      escapeDeactivates: false,
      // Beside it are the veil, which closes it, and toasts.
      allowOutsideClick: true,
    });
    trap.activate();
    onCleanup(() => trap.deactivate());
  });
}
