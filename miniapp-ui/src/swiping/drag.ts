/**
 * A card under a finger. Everything per frame is one transform on the card, one on the card below and two
 * opacities: no layout, no style recalculation beyond them.
 */

export type Side = "like" | "skip";

export interface Grip {
  /** The card follows; `progress` runs from -1 (skip) to 1 (like). */
  move: (x: number, y: number, progress: number) => void;
  /** Let go beyond the point of no return. `speed` is in pixels per millisecond. */
  fling: (side: Side, x: number, y: number, speed: number) => void;
  /** Let go before it. */
  back: (x: number, y: number) => void;
  /** Neither: a tap. */
  tap: () => void;
  /** The finger crosses the point of no return, either way. */
  cross: () => void;
}

/** How far, in parts of the card's width, a slow drag must go. */
const FAR = 0.32;
/** A flick this fast (px/ms) needs only a little distance. */
const FAST = 0.55;
/** Less is a hand that changed its mind and came back past where it began. */
const FLICK = 24;
const TAP = 8;

/** Lets a finger or a mouse hold this element until the returned function is called. */
export function holdable(card: HTMLElement, grip: Grip): () => void {
  let pointer: number | null = null;
  let from = { x: 0, y: 0 };
  let at = { x: 0, y: 0, time: 0 };
  let speed = 0;
  let beyond = false;
  let frame = 0;

  // Measured once for each hold: asking in a frame would have the page laid out again in it.
  let width = 1;
  const draw = () => {
    frame = 0;
    const dx = at.x - from.x;
    const dy = at.y - from.y;
    const progress = Math.max(-1, Math.min(1, dx / (width * FAR)));
    const nowBeyond = Math.abs(progress) >= 1;
    if (nowBeyond !== beyond) {
      beyond = nowBeyond;
      grip.cross();
    }
    grip.move(dx, dy, progress);
  };
  const down = (event: PointerEvent) => {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    width = card.offsetWidth || 1;
    from = { x: event.clientX, y: event.clientY };
    at = { ...from, time: event.timeStamp };
    speed = 0;
    beyond = false;
    card.setPointerCapture(event.pointerId);
  };
  const moved = (event: PointerEvent) => {
    if (event.pointerId !== pointer) return;
    const elapsed = event.timeStamp - at.time;
    if (elapsed > 0) {
      const instant = (event.clientX - at.x) / elapsed;
      // Smoothed, so that one odd sample at the end does not throw a card away.
      speed = speed * 0.4 + instant * 0.6;
    }
    at = { x: event.clientX, y: event.clientY, time: event.timeStamp };
    frame ||= requestAnimationFrame(draw);
  };
  const up = (event: PointerEvent) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    cancelAnimationFrame(frame);
    frame = 0;
    const dx = at.x - from.x;
    const dy = at.y - from.y;
    if (event.type === "pointercancel") {
      grip.back(dx, dy);
      return;
    }
    if (Math.hypot(dx, dy) < TAP) {
      grip.back(dx, dy);
      grip.tap();
      return;
    }
    const rested = event.timeStamp - at.time > 80 ? 0 : speed;
    const flung = Math.abs(rested) > FAST && Math.abs(dx) > FLICK && Math.sign(rested) === Math.sign(dx);
    if (flung || Math.abs(dx) > width * FAR) {
      grip.fling(dx > 0 ? "like" : "skip", dx, dy, Math.abs(rested));
    } else {
      grip.back(dx, dy);
    }
  };

  card.addEventListener("pointerdown", down);
  card.addEventListener("pointermove", moved);
  card.addEventListener("pointerup", up);
  card.addEventListener("pointercancel", up);
  return () => {
    cancelAnimationFrame(frame);
    card.removeEventListener("pointerdown", down);
    card.removeEventListener("pointermove", moved);
    card.removeEventListener("pointerup", up);
    card.removeEventListener("pointercancel", up);
  };
}
