/** What a test's document lacks because it lays nothing out. */
import { vi } from "vitest";

/** Sees no size change, since none does. */
class Sizes implements ResizeObserver {
  observe(): void {
    // See above.
  }
  unobserve(): void {
    // See above.
  }
  disconnect(): void {
    // See above.
  }
}

/** Everything can be seen, and has the size that it has; without this, whatever asks finds that nothing can. */
export function layOut(): void {
  const somewhere = [{ width: 10, height: 10 }] as unknown as DOMRectList;
  Element.prototype.getClientRects = () => somewhere;
  vi.stubGlobal("ResizeObserver", Sizes);
  const still = { matches: false, addEventListener: () => undefined, removeEventListener: () => undefined };
  vi.stubGlobal("matchMedia", () => still);
}
