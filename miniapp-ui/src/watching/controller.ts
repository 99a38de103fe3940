/**
 * What a phone does with its player so that the film is where it is for everybody: seek, speed, play, pause or nothing. Pure: what
 * it remembers goes in and comes out.
 *
 * Promises: what the room says (play, pause, another place) is done at once; what then differs is corrected by speed where the
 * player takes it, else by seeking, and not too often. Must never: correct in an advertisement, while the player loads, or a live
 * stream.
 */
import { ENOUGH, estimated, withSample } from "./estimate";
import {
  type Direction,
  type Memory,
  interrupted,
  judged,
  nudges,
  onCourse,
  released,
  taught,
} from "./memory";
import type { Capabilities } from "./players/adapter";
import { type Course, positionAt } from "./position";

/** The player, as it was seen; times by the server's clock in ms. */
export interface Seen {
  position_s: number;
  measured: number;
  paused: boolean;
  buffering: boolean;
  ad: boolean;
  ended: boolean;
  rate: number;
  duration_s: number | null;
}

export interface Look {
  now: number;
  course: Course & { rev: number };
  seen: Seen;
  capabilities: Capabilities;
  /** The browser wants a touch before it plays. */
  blocked: boolean;
  /** This phone's film runs so far ahead of the others', in ms: its sound comes late. */
  offset_ms: number;
  /** Whether differences are corrected; what the room says is followed anyway. */
  correcting: boolean;
}

export type Action =
  | { type: "nothing" }
  | { type: "seek"; to_s: number }
  | { type: "rate"; rate: number }
  | { type: "play" }
  | { type: "pause" };

export interface Decision {
  action: Action;
  /** When to look again, if that is to be sooner than usual, by the server's clock in ms. */
  again: number | null;
  /** How far behind the film is here, in ms, where anybody knows. */
  behind_ms: number | null;
  memory: Memory;
}

/** Correction begins at this difference and ends at that one, in seconds. */
export const START = 0.1;
export const STOP = 0.05;
/** The same for a player that says only now and then where it is. */
export const START_COARSE = 0.15;
/** What differs more is sought. */
export const FAR = 1;
/** What differs more is sought by a player that cannot change its speed a little. */
export const FAR_BY_SEEK = 0.15;
/**
 * What differs more is put right at once by an exact player that has only begun, sought or stalled: it waits for the others, or is put
 * ahead of them and waits there. Speed alone would take a quarter of a minute for it. By seeking no sooner than `COOLDOWN` after a seek.
 */
export const STEP = 0.2;
/** So often on one course; then by speed alone. */
export const MOST_STEPS = 2;
/** A film that is ahead by no more than this waits rather than seeks, in seconds. */
const MOST_HELD = 3;
/** How long a seek takes of which nobody knows, and how much longer than it usually does it is given: the film waits for the rest. */
const FIRST_SEEK = 0.3;
const SPARE = 0.2;
/** By how much the speed is changed. */
export const NUDGE = 0.05;
/** A running player is looked at so often, in ms; a coarse one more often, to see each report as soon as it is new. */
export const LOOK = { exact: 250, coarse: 100 } as const;
/** Between a seek, whatever it was for, and a correction by seeking, in ms; longer each time while they do not help. */
export const COOLDOWN = 2_000;
/** It grows to 2⁴ times that. */
const MOST_DOUBLED = 4;
/** A correction this long after the last is a first one, in ms. */
const LONG_AGO = 40_000;
/** A correction after which the film is in its place for so long has helped, in ms. */
const HELPED = 8_000;

/** How near a film that stands still has to be, in seconds. */
export const NEAR = 0.05;
export const NEAR_COARSE = 0.3;
/** So often a film that is to stand still is put in its place; some players only know key frames. */
export const MOST_PLACED = 2;
/** What was asked takes effect within this, in ms. */
const SETTLING = { seek: 600, start: 300, rate: 100 } as const;
/** A player that does not run so long after `play` is asked again. */
const STARTING = 1_500;
/** After so long a change of speed must show, in ms. */
const PROBE = { exact: 3_000, coarse: 6_000 } as const;
/** A player that reports another rate so long after it was asked does not take it. */
const TAKEN = 1_500;
/** The end is near enough, in seconds. */
const END = 0.25;
/** A player that forgot its rate is reminded no more often than this, in ms. */
const REMINDER = 5_000;
/** So often on one course: some players never take it. */
export const MOST_REMINDED = 3;
/** Rates that differ by less are the same one. */
const SAME_RATE = 0.011;

export function control(look: Look, before: Memory): Decision {
  const memory = observed(look, onCourse(before, look.course));
  const { course, seen, capabilities } = look;
  // An advertisement is its own film.
  if (seen.ad) return nothing(memory);
  const film = look.now + look.offset_ms;
  const lead = course.rate > 0 ? (memory.learned.play_s ?? 0) * 1000 : 0;
  if (!course.playing) return standing(look, memory, null);
  if (film < course.at && (!seen.paused || film + lead < course.at)) {
    const begun = memory.played !== null || capabilities.live || arrivesInTime(look, memory);
    if (!seen.paused && begun) return { ...nothing(memory), again: course.at - look.offset_ms };
    return standing(look, memory, course.at - look.offset_ms - lead);
  }
  if (hasEnded(look, film)) return nothing({ ...memory, nudge: null });
  if (memory.hold !== null && look.now + lead < memory.hold) return holding(look, memory, memory.hold - lead);
  const free = memory.hold === null ? memory : released(memory, hasArrived(look, memory));
  return seen.paused ? starting(look, free) : running(look, free);
}

/** What the report says, and that what it said before an interruption is void. */
function observed({ now, seen, capabilities }: Look, memory: Memory): Memory {
  if (seen.ad || seen.buffering || seen.paused)
    return {
      ...interrupted(memory, seen),
      samples: [],
      nudge: null,
      quietUntil: Math.max(memory.quietUntil, now + SETTLING.start),
    };
  if (seen.measured < memory.quietUntil) return memory;
  const sample = { at: seen.measured, position_s: seen.position_s };
  return { ...memory, samples: withSample(memory.samples, sample, capabilities.exact) };
}

/** Still, and in its place, until somebody says otherwise or the film begins. */
function standing(look: Look, memory: Memory, again: number | null): Decision {
  const { now, course, seen, capabilities } = look;
  if (!seen.paused) return does({ type: "pause" }, memory, again);
  const idle = { ...keepingRate(look, memory, null), again };
  const near = capabilities.exact ? NEAR : NEAR_COARSE;
  const off = Math.abs(seen.position_s - course.position_s);
  if (!capabilities.seek || capabilities.live || off <= near || memory.placed >= MOST_PLACED) return idle;
  const first = memory.placed === 0;
  if (!first && (seen.buffering || now - (memory.sought?.at ?? 0) < COOLDOWN)) return idle;
  return does(
    { type: "seek", to_s: course.position_s },
    {
      ...memory,
      placed: memory.placed + 1,
      sought: { at: now, to_s: course.position_s, lead_s: 0, learn: false },
      soughtAt: now,
      samples: [],
      quietUntil: now + SETTLING.seek,
    },
    again,
  );
}

/** Whether the film, as it runs, will be in its place when it is to begin: then it need not stop. */
function arrivesInTime({ now, course, seen, capabilities, offset_ms }: Look, memory: Memory): boolean {
  const here = estimated(memory.samples, capabilities.exact, seen.rate, now);
  if (here === null || seen.buffering) return false;
  const left_s = (course.at - offset_ms - now) / 1000;
  return Math.abs(here + left_s * seen.rate - course.position_s) < START;
}

/** Whether the last seek is done. */
function hasArrived({ seen }: Look, { sought }: Memory): boolean {
  return !seen.buffering && (sought === null || Math.abs(seen.position_s - sought.to_s) < NEAR);
}

function hasEnded({ course, seen }: Look, film: number): boolean {
  const target = positionAt(course, film);
  if (seen.duration_s !== null) return target >= seen.duration_s - END;
  return seen.ended && target >= seen.position_s - FAR;
}

/** In its place, and not yet begun. */
function holding({ seen }: Look, memory: Memory, again: number): Decision {
  return does(seen.paused ? { type: "nothing" } : { type: "pause" }, memory, again);
}

/** To be running, and not yet: put near its place if it is far off, and begun. */
function starting(look: Look, memory: Memory): Decision {
  const { now, seen, blocked, capabilities } = look;
  const { learned, sought } = memory;
  const behind_s = shouldBe(look) - seen.position_s;
  // One that waits for a touch shows the film's picture, and does not run after it.
  const isLoading = seen.buffering && memory.followed;
  const may = sought === null || (!blocked && !isLoading && now - sought.at >= COOLDOWN);
  if (may && maySeek(look) && Math.abs(behind_s) > FAR) return sought_(look, { ...memory, followed: true });
  if (blocked) return nothing(memory);
  const { played } = memory;
  if (played !== null && now - played.at < STARTING)
    return { ...nothing(memory), again: played.at + STARTING };
  const isDone = capabilities.exact && sought?.learn === false && hasArrived(look, memory);
  const fresh = sought === null || isDone || now - sought.at > COOLDOWN + (learned.seek_s ?? 0) * 1000;
  const next = { at: now, behind_s: behind_s / look.course.rate, learn: fresh && played === null };
  return does({ type: "play" }, { ...memory, played: next, quietUntil: now + SETTLING.start }, null);
}

function running(look: Look, before: Memory): Decision {
  const { now, course, seen, capabilities } = look;
  if (capabilities.live) return nothing(before);
  if (seen.buffering) return loading(look, before);
  // A coarse player may say a rate that it does not run at: extrapolated too far, old reports would look like progress.
  const rate = capabilities.exact ? seen.rate : Math.min(seen.rate, course.rate);
  const here = estimated(before.samples, capabilities.exact, rate, now);
  if (here === null) return keepingRate(look, before, null);
  const behind_s = shouldBe(look) - here;
  const sure = before.samples.length >= (capabilities.exact ? ENOUGH.exact : ENOUGH.coarse);
  const memory = sure ? helped(taught(before, behind_s / course.rate), behind_s, now) : before;
  const behind_ms = Math.round(behind_s * 1000);
  const first = !memory.followed;
  const following = { ...memory, followed: true };
  const far = Math.abs(behind_s) > FAR && maySeek(look);
  if (far && first && memory.sought === null) return { ...sought_(look, following), behind_ms };
  if (!look.correcting) return keepingRate(look, { ...following, nudge: null }, behind_ms);
  // How long the last seek took is learned first: aimed as that one was, the next would be as late.
  if (far && !sure && following.sought?.learn === true) return keepingRate(look, following, behind_ms);
  if (sure && capabilities.exact && following.steps < MOST_STEPS) {
    const steps = { ...following, nudge: null, steps: following.steps + 1 };
    if (behind_s <= -STEP && behind_s >= -MOST_HELD) return { ...held(look, steps, -behind_s), behind_ms };
    if (behind_s >= STEP && !far && maySeek(look)) {
      // Too soon after the last seek it waits: a change of speed would be undone by the step.
      if (now - following.soughtAt < COOLDOWN)
        return keepingRate(look, { ...following, nudge: null }, behind_ms);
      return { ...sought_(look, steps), behind_ms };
    }
  }
  if (far) return bySeeking(look, following, behind_ms);
  if (!sure) return keepingRate(look, following, behind_ms);
  return following.nudge === null
    ? perhapsCorrected(look, following, behind_s)
    : nudged(look, following, behind_s);
}

/** While it loads it is left alone, but for the first step to where the room has gone. */
function loading(look: Look, memory: Memory): Decision {
  const off = Math.abs(shouldBe(look) - look.seen.position_s);
  if (!memory.followed && memory.sought === null && maySeek(look) && off > FAR)
    return sought_(look, { ...memory, followed: true });
  return nothing({ ...memory, followed: true });
}

function perhapsCorrected(look: Look, memory: Memory, behind_s: number): Decision {
  const { now, course, capabilities } = look;
  const behind_ms = Math.round(behind_s * 1000);
  const direction: Direction = behind_s > 0 ? 1 : -1;
  if (capabilities.rate && nudges(memory.learned, direction)) {
    if (Math.abs(behind_s) < (capabilities.exact ? START : START_COARSE))
      return keepingRate(look, memory, behind_ms);
    const nudge = { direction, since: now, behind_s };
    return { ...rated(look, { ...memory, nudge }, withNudge(course.rate, direction)), behind_ms };
  }
  if (Math.abs(behind_s) < FAR_BY_SEEK || !maySeek(look)) return keepingRate(look, memory, behind_ms);
  return bySeeking(look, memory, behind_ms);
}

/** A correction by speed goes on, is done, or turns out to do nothing. */
function nudged(look: Look, memory: Memory, behind_s: number): Decision {
  const { now, course, seen, capabilities } = look;
  const { nudge } = memory;
  const behind_ms = Math.round(behind_s * 1000);
  if (nudge === null) return keepingRate(look, memory, behind_ms);
  const { direction } = nudge;
  const asked = withNudge(course.rate, direction);
  const passed = now - nudge.since;
  const refused = passed > TAKEN && Math.abs(seen.rate - asked) > SAME_RATE;
  if (direction * behind_s <= STOP) return keepingRate(look, { ...memory, nudge: null }, behind_ms);
  if (!refused && passed < (capabilities.exact ? PROBE.exact : PROBE.coarse))
    return keepingRate(look, memory, behind_ms);
  const should = (Math.abs(asked - course.rate) * passed) / 1000;
  const worked = !refused && direction * (nudge.behind_s - behind_s) > should / 2;
  const learned = judged(memory.learned, direction, worked);
  const next = worked ? { direction, since: now, behind_s } : null;
  return keepingRate(look, { ...memory, learned, nudge: next }, behind_ms);
}

function bySeeking(look: Look, memory: Memory, behind_ms: number): Decision {
  const { now } = look;
  const { corrected } = memory;
  const first = corrected === null || corrected.helped || now - corrected.at > LONG_AGO;
  const inVain = first ? 0 : corrected.inVain + 1;
  const pause = inVain === 0 ? COOLDOWN : COOLDOWN * 2 ** Math.min(inVain - 1, MOST_DOUBLED);
  if (now - memory.soughtAt < pause) return keepingRate(look, { ...memory, nudge: null }, behind_ms);
  return {
    ...sought_(look, { ...memory, corrected: { at: now, inVain, inPlaceFrom: null, helped: false } }),
    behind_ms,
  };
}

/** Whether the last correction by seeking has helped: what differs later has another reason. */
function helped(memory: Memory, behind_s: number, now: number): Memory {
  const { corrected } = memory;
  if (corrected === null || corrected.helped) return memory;
  const inPlace = Math.abs(behind_s) < FAR_BY_SEEK;
  const inPlaceFrom = inPlace ? (corrected.inPlaceFrom ?? now) : null;
  const has = inPlaceFrom !== null && now - inPlaceFrom >= HELPED;
  return { ...memory, corrected: { ...corrected, inPlaceFrom, helped: has } };
}

/** Stands still until the others have caught up. */
function held(look: Look, memory: Memory, ahead_s: number): Decision {
  const hold = look.now + (ahead_s / look.course.rate) * 1000;
  return does({ type: "pause" }, { ...memory, hold, samples: [], played: null }, null);
}

/** To where the film will be once the seek is done. An exact player is given more time than it needs, and waits for the film. */
function sought_(look: Look, memory: Memory): Decision {
  const { now, course, seen, capabilities } = look;
  const { seek_s } = memory.learned;
  const lead_s = capabilities.exact ? (seek_s ?? FIRST_SEEK) + SPARE : (seek_s ?? 0);
  const waits = capabilities.exact ? { hold: now + lead_s * 1000, played: null } : {};
  const ahead = shouldBe(look) + lead_s * course.rate;
  const to_s = Math.max(0, seen.duration_s === null ? ahead : Math.min(ahead, seen.duration_s - END));
  return does(
    { type: "seek", to_s },
    {
      ...memory,
      ...waits,
      nudge: null,
      sought: { at: now, to_s, lead_s, learn: true },
      soughtAt: now,
      samples: [],
      quietUntil: now + SETTLING.seek,
    },
    null,
  );
}

/** Nothing more than that it runs as fast as it should. */
function keepingRate(look: Look, memory: Memory, behind_ms: number | null): Decision {
  const { now, course, seen, capabilities } = look;
  const { nudge, rate, rateAt } = memory;
  const wanted = nudge === null ? course.rate : withNudge(course.rate, nudge.direction);
  if (!capabilities.rate) return { ...nothing(memory), behind_ms };
  const asked = rate ?? seen.rate;
  // A player may forget its rate when another film is loaded.
  const reminded = memory.reminded < MOST_REMINDED && now - rateAt > REMINDER;
  const forgotten = nudge === null && reminded && Math.abs(seen.rate - wanted) > SAME_RATE;
  if (Math.abs(asked - wanted) < SAME_RATE && !forgotten) return { ...nothing(memory), behind_ms };
  return {
    ...rated(look, { ...memory, reminded: memory.reminded + (forgotten ? 1 : 0) }, wanted),
    behind_ms,
  };
}

function rated({ now }: Look, memory: Memory, rate: number): Decision {
  // Extrapolated at the new rate, what was reported at the old one would be wrong.
  const next = {
    ...memory,
    rate,
    rateAt: now,
    samples: [],
    quietUntil: Math.max(memory.quietUntil, now + SETTLING.rate),
  };
  return does({ type: "rate", rate }, next, null);
}

function withNudge(rate: number, direction: Direction): number {
  return Math.round(rate * (1 + direction * NUDGE) * 1000) / 1000;
}

/** Where the film is to be here. Just before its start it is nowhere else than then, less the time until then. */
function shouldBe({ now, course, offset_ms }: Look): number {
  const film = now + offset_ms;
  return course.position_s + ((film - course.at) / 1000) * course.rate;
}

function maySeek({ capabilities }: Look): boolean {
  return capabilities.seek && !capabilities.live;
}

function does(action: Action, memory: Memory, again: number | null): Decision {
  return { action, again, behind_ms: null, memory };
}

function nothing(memory: Memory): Decision {
  return does({ type: "nothing" }, memory, null);
}
