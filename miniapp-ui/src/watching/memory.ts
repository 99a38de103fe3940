/**
 * What the controller remembers of one player between two looks: what it has asked for, and what it has learned. Pure values.
 *
 * What was asked belongs to one course of the film and is forgotten with it; what was learned belongs to the player.
 */
import type { Sample } from "./estimate";
import type { Course } from "./position";

/** Which way the film's speed is changed to catch up (1) or to let the others catch up (-1). */
export type Direction = 1 | -1;

/** What this player is like. */
export interface Learned {
  /** How long a seek takes until the film runs again, in seconds; null: not seen yet. */
  readonly seek_s: number | null;
  /** How long it takes from `play` until the film runs. */
  readonly play_s: number | null;
  /** How often in a row a small change of speed did nothing. */
  readonly doubts: { readonly faster: number; readonly slower: number };
}

/** A correction by speed that is under way, and what to judge it by. */
export interface Nudge {
  readonly direction: Direction;
  readonly since: number;
  readonly behind_s: number;
}

/** The last seek of this course. */
export interface Sought {
  readonly at: number;
  readonly to_s: number;
  /** How far ahead of the film it was aimed, in seconds of the clock. */
  readonly lead_s: number;
  readonly learn: boolean;
}

export interface Corrected {
  readonly at: number;
  /** How many before it came soon after one another, and none of them helped. */
  readonly inVain: number;
  /** Since when the film has been in its place without a break. */
  readonly inPlaceFrom: number | null;
  /** It was there for long enough that another difference has another reason. */
  readonly helped: boolean;
}

export interface Memory {
  readonly course: (Course & { readonly rev: number }) | null;
  readonly learned: Learned;
  readonly samples: readonly Sample[];
  /** Reports from before this moment say nothing: what was asked is only taking effect. */
  readonly quietUntil: number;
  readonly nudge: Nudge | null;
  /** The rate that was asked for last. */
  readonly rate: number | null;
  readonly rateAt: number;
  /** How often on this course it was asked for although it had been. */
  readonly reminded: number;
  readonly sought: Sought | null;
  /** The film stands here until this moment, when it is in its place; null: it does not wait. */
  readonly hold: number | null;
  /** How often on this course it was put in its place at once. */
  readonly steps: number;
  /** How many seeks this course has had while the film was to stand still. */
  readonly placed: number;
  /** The last seek that was a correction. */
  readonly corrected: Corrected | null;
  /** When there was a seek last, on whatever course. */
  readonly soughtAt: number;
  /** The last `play` of this course, and how far behind the film was then. */
  readonly played: { readonly at: number; readonly behind_s: number; readonly learn: boolean } | null;
  /** Whether this course has been followed once: what comes after are corrections. */
  readonly followed: boolean;
}

/** A change of speed that did nothing so often is not tried again. */
export const ENOUGH_DOUBTS = 2;
/** No seek is aimed further ahead, and no start is begun earlier. In seconds. */
export const LONGEST_SEEK = 3;
export const LONGEST_PLAY = 1;
/** What differs by more after a start has another reason than the player's slowness. In seconds. */
const BELIEVABLE = 2;
/** The same after a seek, which on a slow network takes seconds: not learned, each further seek would be as late as the first. */
const BELIEVABLE_SEEK = LONGEST_SEEK + 0.5;
/** A seek that was done in time may have been done sooner: the next is aimed nearer by this, in seconds. */
const NEARER = 0.05;

/** Of a player that nobody has seen yet. */
export const nothingKnown: Memory = {
  course: null,
  learned: { seek_s: null, play_s: null, doubts: { faster: 0, slower: 0 } },
  samples: [],
  quietUntil: 0,
  nudge: null,
  rate: null,
  rateAt: 0,
  reminded: 0,
  sought: null,
  hold: null,
  steps: 0,
  placed: 0,
  corrected: null,
  soughtAt: -Infinity,
  played: null,
  followed: false,
};

/** On another course everything that was under way is void. One that only has another number is the same. */
export function onCourse(memory: Memory, course: Course & { rev: number }): Memory {
  const { course: before } = memory;
  if (before?.rev === course.rev) return memory;
  const { rev, playing, position_s, rate, at } = course;
  const next = { rev, playing, position_s, rate, at };
  const same =
    before?.playing === playing &&
    before.position_s === position_s &&
    before.rate === rate &&
    before.at === at;
  if (same) return { ...memory, course: next };
  return {
    ...memory,
    course: next,
    nudge: null,
    reminded: 0,
    sought: null,
    hold: null,
    steps: 0,
    placed: 0,
    corrected: null,
    played: null,
    followed: false,
  };
}

export function nudges(learned: Learned, direction: Direction): boolean {
  return learned.doubts[direction === 1 ? "faster" : "slower"] < ENOUGH_DOUBTS;
}

/** A change of speed did what it should, or nothing. */
export function judged(learned: Learned, direction: Direction, worked: boolean): Learned {
  const which = direction === 1 ? "faster" : "slower";
  return { ...learned, doubts: { ...learned.doubts, [which]: worked ? 0 : learned.doubts[which] + 1 } };
}

/** So far behind, in seconds of the clock, was the film after a seek or a start. */
export function taught(memory: Memory, late_s: number): Memory {
  const { sought, played, learned } = memory;
  const believable = sought?.learn === true ? BELIEVABLE_SEEK : BELIEVABLE;
  if (Math.abs(late_s) > believable) return { ...memory, sought: settled(sought), played: settled(played) };
  if (sought?.learn === true) {
    const seek_s = closer(learned.seek_s, sought.lead_s + late_s, LONGEST_SEEK);
    return { ...memory, learned: { ...learned, seek_s }, sought: settled(sought), played: settled(played) };
  }
  if (played?.learn === true) {
    const play_s = closer(learned.play_s, late_s - played.behind_s, LONGEST_PLAY);
    return { ...memory, learned: { ...learned, play_s }, played: settled(played) };
  }
  return memory;
}

/** The film need not stand any longer. A seek that is done by then took no longer than it was given; what is late now is the start. */
export function released(memory: Memory, isThere: boolean): Memory {
  const { sought, learned } = memory;
  if (sought?.learn !== true || !isThere) return { ...memory, hold: null };
  const seek_s = Math.min(sought.lead_s, learned.seek_s ?? Infinity) - NEARER;
  return {
    ...memory,
    hold: null,
    sought: settled(sought),
    learned: { ...learned, seek_s: Math.max(0, seek_s) },
  };
}

/**
 * Something came between. How long it loads says nothing of how the player begins, nor of its seek, if it has run after that; an advertisement
 * says nothing of either, however soon after them it came.
 */
export function interrupted(
  memory: Memory,
  { ad, buffering, paused }: { ad: boolean; buffering: boolean; paused: boolean },
): Memory {
  const { played, sought, samples } = memory;
  if (!ad && (!buffering || paused)) return memory;
  const isOver = ad || samples.length > 1;
  return { ...memory, played: settled(played), sought: isOver ? settled(sought) : sought };
}

function settled<T extends { readonly learn: boolean }>(asked: T | null): T | null {
  return asked === null ? null : { ...asked, learn: false };
}

/** The first time all of it, later half of it: single seeks differ. */
function closer(known: number | null, seen: number, most: number): number {
  const next = known === null ? seen : (known + seen) / 2;
  return Math.min(Math.max(next, 0), most);
}
