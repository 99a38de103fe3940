/**
 * A card under a finger: how far it is pulled which way, and whether it was thrown when it is let go.
 *
 * The geometry is pure. {@link holdable} is the hand: everything per frame is one transform on the card, one on the card below and the
 * opacity of a tint; no layout, no style recalculation beyond them.
 */

/** Where a card can be thrown. Which of these are offered says whoever holds the card. */
export type Direction = "left" | "right" | "up";

export interface Point {
  x: number;
  y: number;
}

/** Which way a card is pulled, and how far: 1 is the point of no return. */
export interface Pull {
  towards: Direction | null;
  progress: number;
}

/** The size of a card. */
export interface Size {
  width: number;
  height: number;
}

export interface Grip {
  /** A finger is on the card, which stops where it is: how far that is from where it lies. `null`: it has left the hand. */
  hold: () => Point | null;
  /** The card follows. */
  move: (at: Point, pull: Pull) => void;
  /** Let go beyond the point of no return, or fast. The speed is in pixels per millisecond. */
  fling: (towards: Direction, at: Point, speed: Point) => void;
  /** Let go before it. */
  back: (at: Point, speed: Point) => void;
  /** Neither: a tap. */
  tap: () => void;
  /** The finger crosses the point of no return, either way. */
  cross: () => void;
}

/** How far, in parts of the card's width, a slow drag must go to a side. */
const FAR = 0.32;
/** The same upwards, in parts of its height. */
const FAR_UP = 0.24;
/** A flick this fast (px/ms) needs only a little distance. */
const FAST = 0.55;
/** Less is a hand that changed its mind and came back past where it began, in px. */
const FLICK = 24;
/** Less is no movement but a finger that is put down, in px. */
const TAP = 8;
/** A finger that has rested for so long throws nothing, in ms. */
const REST = 80;

/** Which way a card is pulled that is so far from where it lies. Up is where it goes rather up than aside. */
export function pullOf({ x, y }: Point, { width, height }: Size, offered: readonly Direction[]): Pull {
  const way = (towards: Direction, part: number): Pull | null =>
    part > 0 && offered.includes(towards) ? { towards, progress: Math.min(1, part) } : null;
  const up = y < -Math.abs(x) ? way("up", -y / (height * FAR_UP)) : null;
  return up ?? way(x > 0 ? "right" : "left", Math.abs(x) / (width * FAR)) ?? { towards: null, progress: 0 };
}

/** Where a card goes that is let go here at this speed; null: back to where it lay. */
export function thrownTo(
  at: Point,
  speed: Point,
  size: Size,
  offered: readonly Direction[],
): Direction | null {
  const { towards, progress } = pullOf(at, size, offered);
  if (towards === null) return null;
  const along = towards === "up" ? -at.y : Math.abs(at.x);
  const fast = towards === "up" ? -speed.y : speed.x * Math.sign(at.x);
  // Flung back, a card stays, however far it had been.
  if (fast < -FAST) return null;
  return progress >= 1 || (fast > FAST && along > FLICK) ? towards : null;
}

/** Where a finger was when. */
export interface Sample extends Point {
  time: number;
}

/** So much of the way a finger went tells how fast it was, in ms. */
const WINDOW = 90;

/** How fast a finger is that has come this way, in px/ms; 0 if it rested before it was lifted. */
export function speedOf(samples: readonly Sample[], now: number): Point {
  const last = samples[samples.length - 1];
  if (last === undefined || now - last.time > REST) return { x: 0, y: 0 };
  const first = samples.find(({ time }) => last.time - time <= WINDOW) ?? last;
  const elapsed = last.time - first.time;
  if (elapsed <= 0) return { x: 0, y: 0 };
  return { x: (last.x - first.x) / elapsed, y: (last.y - first.y) / elapsed };
}

/** Lets a finger or a mouse hold this element, and throw it to what is offered at that moment, until the returned function is called. */
export function holdable(card: HTMLElement, offered: () => readonly Direction[], grip: Grip): () => void {
  let pointer: number | null = null;
  /** Where the finger would be if the card lay where it belongs. */
  let from: Point = { x: 0, y: 0 };
  let down: Point = from;
  let samples: Sample[] = [];
  let beyond = false;
  /** Whether the finger that was here last went further than a tap does. */
  let dragged = false;
  let frame = 0;
  // Measured once for each hold: asking in a frame would have the page laid out again in it.
  let size: Size = { width: 1, height: 1 };

  const at = (): Point => {
    const finger = samples[samples.length - 1] ?? from;
    return { x: finger.x - from.x, y: finger.y - from.y };
  };
  const draw = () => {
    frame = 0;
    const pull = pullOf(at(), size, offered());
    const nowBeyond = pull.progress >= 1;
    if (nowBeyond !== beyond) {
      beyond = nowBeyond;
      grip.cross();
    }
    grip.move(at(), pull);
  };
  const put = (event: PointerEvent) => {
    if (pointer !== null || event.button !== 0) return;
    const held = grip.hold();
    if (held === null) return;
    pointer = event.pointerId;
    size = { width: card.offsetWidth || 1, height: card.offsetHeight || 1 };
    down = { x: event.clientX, y: event.clientY };
    from = { x: down.x - held.x, y: down.y - held.y };
    samples = [{ ...down, time: event.timeStamp }];
    beyond = false;
    card.setPointerCapture(event.pointerId);
  };
  const moved = (event: PointerEvent) => {
    if (event.pointerId !== pointer) return;
    samples = samples.filter(({ time }) => event.timeStamp - time <= WINDOW);
    samples.push({ x: event.clientX, y: event.clientY, time: event.timeStamp });
    frame ||= requestAnimationFrame(draw);
  };
  const lifted = (event: PointerEvent) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    cancelAnimationFrame(frame);
    frame = 0;
    const here = at();
    const speed = speedOf(samples, event.timeStamp);
    const isTap = Math.hypot(event.clientX - down.x, event.clientY - down.y) < TAP;
    const towards = event.type === "pointercancel" || isTap ? null : thrownTo(here, speed, size, offered());
    if (towards !== null) grip.fling(towards, here, speed);
    else grip.back(here, speed);
    dragged = !isTap || event.type === "pointercancel";
  };
  // What a tap opens must not be there before the click that ends the tap: it would take that for a tap beside it. A finger's click is
  // prevented, since browsers leave it out on a card that was still moving; a mouse's ends the tap. A click without either is a screen
  // reader's.
  const ended = (event: TouchEvent) => {
    if (dragged || !event.cancelable || event.touches.length > 0) return;
    event.preventDefault();
    grip.tap();
  };
  const clicked = (event: MouseEvent) => {
    if (!dragged || event.detail === 0) grip.tap();
  };

  card.addEventListener("pointerdown", put);
  card.addEventListener("pointermove", moved);
  card.addEventListener("pointerup", lifted);
  card.addEventListener("pointercancel", lifted);
  card.addEventListener("touchend", ended);
  card.addEventListener("click", clicked);
  return () => {
    cancelAnimationFrame(frame);
    card.removeEventListener("pointerdown", put);
    card.removeEventListener("pointermove", moved);
    card.removeEventListener("pointerup", lifted);
    card.removeEventListener("pointercancel", lifted);
    card.removeEventListener("touchend", ended);
    card.removeEventListener("click", clicked);
  };
}
