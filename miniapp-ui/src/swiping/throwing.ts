/**
 * How a card moves once nobody holds it: away, as fast as it was thrown, or back on a spring. Pure: what comes of it is given to the
 * browser as keyframes, which it plays beside the page's own work, so that nothing the page does makes a card stutter.
 */
import type { Direction, Point } from "./drag";

/** A movement from the moment a card is let go. */
export interface Movement {
  /** Where the card is, at equal times. */
  path: Point[];
  /** In ms. */
  duration: number;
  easing: string;
}

/** What a card flies over: the page's width, and where in it the card lies. */
export interface Field {
  page: number;
  left: number;
  width: number;
  height: number;
}

/** The shortest and the longest flight, in ms; one that nobody threw, by button or key, has the time between. */
const QUICKEST = 170;
const SLOWEST = 420;
const UNTHROWN = 340;
/** A tilted card is wider: by so much of its height. */
const TILTED = 0.4;

/** Out of sight. It leaves at the speed that it was thrown with, and no sooner or later than the eye can follow. */
export function flight(towards: Direction, at: Point, speed: Point, field: Field): Movement {
  const { page, left, width, height } = field;
  const spare = height * TILTED;
  const end =
    towards === "up" ? -(height * 2) : towards === "right" ? page - left + spare : -(left + width + spare);
  const [begin, fast] = towards === "up" ? [at.y, speed.y] : [at.x, speed.x];
  const way = end - begin;
  // Only what goes the card's way carries it.
  const carried = Math.max(0, fast * Math.sign(way));
  const wanted = carried > 0 ? Math.abs(way) / carried : UNTHROWN;
  const duration = Math.min(SLOWEST, Math.max(QUICKEST, wanted));
  // The share of the way that it would go at the speed it has: the rest is gained, or lost, on the way.
  const share = Math.min(2, (carried * duration) / Math.abs(way));
  const aside = (along: number, its: number) => along + clamped(its, 1) * duration * 0.6;
  const target =
    towards === "up"
      ? { x: aside(at.x, speed.x), y: end }
      : { x: end, y: aside(at.y, carried > 0 ? speed.y : 0.1) };
  return { path: [at, target], duration, easing: beginningAt(share) };
}

/** Eases from a speed to the end without a jolt: the parabola share·u + (1 - share)·u², as a curve of CSS. */
function beginningAt(share: number): string {
  return `cubic-bezier(0.333, ${round(share / 3)}, 0.667, ${round((1 + share) / 3)})`;
}

/** The spring: how hard it pulls, by its own frequency in 1/ms, and how soon it comes to rest; 1 never swings over. */
const FREQUENCY = 0.019;
const DAMPING = 0.62;
/** A keyframe for each of so many ms, and no more than so many of them. */
const STEP = 16;
const MOST = 48;
/** Nearer than this, in px, is there. */
const NEAR = 0.4;
/** A hand that is faster than this, in px/ms, would throw the card across the page. */
const FASTEST = 3;

/** Back to where the card lies, on a spring that begins with the speed that the card has. */
export function spring(from: Point, speed: Point): Movement {
  const along = [swing(from.x, clamped(speed.x, FASTEST)), swing(from.y, clamped(speed.y, FASTEST))] as const;
  const path: Point[] = [];
  for (let step = 0; step < MOST; step += 1) {
    const point = { x: along[0](step * STEP), y: along[1](step * STEP) };
    path.push(point);
    // A spring passes the middle fast, and has not come to rest there.
    const next = Math.hypot(along[0]((step + 1) * STEP), along[1]((step + 1) * STEP));
    const later = Math.hypot(along[0]((step + 4) * STEP), along[1]((step + 4) * STEP));
    if (Math.max(Math.hypot(point.x, point.y), next, later) < NEAR) break;
  }
  path.push({ x: 0, y: 0 });
  return { path, duration: (path.length - 1) * STEP, easing: "linear" };
}

/** A damped swing around 0, by time. */
function swing(from: number, speed: number): (time: number) => number {
  const damped = FREQUENCY * Math.sqrt(1 - DAMPING * DAMPING);
  const b = (speed + DAMPING * FREQUENCY * from) / damped;
  return (time) =>
    Math.exp(-DAMPING * FREQUENCY * time) * (from * Math.cos(damped * time) + b * Math.sin(damped * time));
}

function clamped(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
