/** Fingers on a message (held, or pulled to the left to answer) and on the panel's edge (pulled up and down). */

/** So long a finger rests, in ms, before it counts as held; phones open their own menus a little later. */
const HELD_AFTER = 420;
/** A finger that moves further than this, in pixels, does not rest. */
const STILL = 9;
/** So far a message has to be pulled. */
const PULLED = 56;
/** Beyond it a message follows no further. */
const FARTHEST = 76;

export interface Touch {
  held: () => void;
  /** 0 to -76 pixels, and whether letting go would answer. */
  pull: (x: number, far: boolean) => void;
  /** Whether it was far enough. */
  letGo: (far: boolean) => void;
}

/** Lets fingers touch this message until the returned function is called. A mouse has its own ways. */
export function touchable(element: HTMLElement, touch: Touch): () => void {
  let pointer: number | null = null;
  let from = { x: 0, y: 0 };
  let pulling = false;
  let far = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let heldJustNow = false;

  const end = () => {
    clearTimeout(timer);
    if (pulling) touch.letGo(far);
    pointer = null;
    pulling = false;
    far = false;
  };
  const down = (event: PointerEvent) => {
    if (pointer !== null || event.pointerType === "mouse" || !event.isPrimary) return;
    pointer = event.pointerId;
    from = { x: event.clientX, y: event.clientY };
    heldJustNow = false;
    timer = setTimeout(() => {
      heldJustNow = true;
      pointer = null;
      touch.held();
    }, HELD_AFTER);
  };
  const moved = (event: PointerEvent) => {
    if (event.pointerId !== pointer) return;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!pulling) {
      if (Math.hypot(dx, dy) < STILL) return;
      clearTimeout(timer);
      if (dx > 0 || Math.abs(dx) < Math.abs(dy) * 1.3) {
        pointer = null;
        return;
      }
      pulling = true;
      element.setPointerCapture(event.pointerId);
    }
    far = dx < -PULLED;
    // It resists more and more.
    touch.pull(-FARTHEST * (1 - Math.exp(Math.min(0, dx + STILL) / FARTHEST)), far);
  };
  const up = (event: PointerEvent) => {
    if (event.pointerId === pointer) end();
  };
  const cancelled = (event: PointerEvent) => {
    if (event.pointerId !== pointer) return;
    far = false;
    end();
  };
  // The finger that opened the menu is no tap, neither here nor on what lies over the message by now.
  const lifted = (event: TouchEvent) => {
    if (heldJustNow && event.cancelable) event.preventDefault();
  };
  const click = (event: MouseEvent) => {
    if (!heldJustNow) return;
    heldJustNow = false;
    event.preventDefault();
    event.stopPropagation();
  };

  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", moved);
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", cancelled);
  element.addEventListener("touchend", lifted, { passive: false });
  element.addEventListener("click", click, true);
  return () => {
    clearTimeout(timer);
    element.removeEventListener("touchend", lifted);
    element.removeEventListener("pointerdown", down);
    element.removeEventListener("pointermove", moved);
    element.removeEventListener("pointerup", up);
    element.removeEventListener("pointercancel", cancelled);
    element.removeEventListener("click", click, true);
  };
}

export interface Pull {
  /** How far down from where it began, in pixels; negative is up. */
  move: (y: number) => void;
  /** `speed` in pixels per ms, down is positive. */
  end: (y: number, speed: number) => void;
}

/** Lets a finger or a mouse pull this element up and down. A tap stays a tap. */
export function pullable(element: HTMLElement, pull: Pull): () => void {
  let pointer: number | null = null;
  let from = 0;
  let at = { y: 0, time: 0 };
  let speed = 0;
  let moving = false;
  let pulledJustNow = false;

  const down = (event: PointerEvent) => {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    from = event.clientY;
    at = { y: from, time: event.timeStamp };
    [speed, moving, pulledJustNow] = [0, false, false];
  };
  const moved = (event: PointerEvent) => {
    if (event.pointerId !== pointer) return;
    const y = event.clientY - from;
    if (!moving) {
      if (Math.abs(y) < STILL) return;
      moving = true;
      element.setPointerCapture(event.pointerId);
    }
    const elapsed = event.timeStamp - at.time;
    if (elapsed > 0) speed = speed * 0.4 + ((event.clientY - at.y) / elapsed) * 0.6;
    at = { y: event.clientY, time: event.timeStamp };
    pull.move(y);
  };
  const up = (event: PointerEvent) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    if (!moving) return;
    pulledJustNow = true;
    const rested = event.timeStamp - at.time > 80 || event.type === "pointercancel";
    pull.end(event.clientY - from, rested ? 0 : speed);
  };
  const click = (event: MouseEvent) => {
    if (!pulledJustNow) return;
    pulledJustNow = false;
    event.preventDefault();
    event.stopPropagation();
  };

  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", moved);
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", up);
  element.addEventListener("click", click, true);
  return () => {
    element.removeEventListener("pointerdown", down);
    element.removeEventListener("pointermove", moved);
    element.removeEventListener("pointerup", up);
    element.removeEventListener("pointercancel", up);
    element.removeEventListener("click", click, true);
  };
}
