/**
 * Waiting for each other: at the start until everybody's player is ready, and when somebody's film stalls. Pure: what it remembers
 * goes in and comes out, and every phone that knows the same decides the same.
 *
 * Promises: nobody waits longer than 8 s; one phone acts for all, the one that pressed play or else the first of those in control;
 * who came late or came back holds nobody up. Must never: count what was said of an older revision of the screen.
 */
import { type Course, positionAt } from "./position";
import type { PlaybackState, Screen } from "./types";

/** What somebody's phone said last of its player. */
export interface Report {
  rev: number;
  state: PlaybackState;
  position_s: number;
  /** When it came, by the server's clock in ms. */
  at: number;
}

/** Whether this phone lets all wait, where it is the one that acts. */
export interface Options {
  /** At the start, until all are ready: whoever presses play decides. */
  start: boolean;
  /** When somebody's film stalls: the first of those in control decides. */
  stalls: boolean;
}

export interface Room {
  now: number;
  me: number;
  screen: Pick<Screen, "rev" | "by"> & Course;
  /** Who is here. */
  online: readonly number[];
  /** Who of them may play and pause, in an order that is the same on every phone. */
  inControl: readonly number[];
  /** By member, mine among them; of those who left and came back only what they said since. */
  reports: ReadonlyMap<number, Report>;
  options: Options;
}

/** A wait that is under way. */
interface Hold {
  readonly why: "start" | "stall";
  /** Whose phone acts. */
  readonly by: number;
  readonly since: number;
  /** The revision that stands still; null until the pause has come back from the server. */
  readonly rev: number | null;
  readonly for: readonly number[];
  /** Since when nobody is missing any more. */
  readonly ready: number | null;
  /** Whether this phone has let the film go on, and only waits to be told. */
  readonly over: boolean;
}

export interface WaitMemory {
  readonly hold: Hold | null;
  /** When somebody was ready without a break first, and when their film stalled. */
  readonly readySince: ReadonlyMap<number, number>;
  readonly stalledSince: ReadonlyMap<number, number>;
  /** Who is in step with the room: only for them it stops. */
  readonly along: ReadonlySet<number>;
  readonly lastHold: number | null;
  readonly rev: number | null;
  readonly course: Course | null;
}

export interface Waited {
  /** For whom, and until when by the server's clock; null: for nobody. */
  waiting: { ids: readonly number[]; until: number } | null;
  /** What this phone is to do for all. */
  act: { type: "play" | "pause"; position_s: number } | null;
  memory: WaitMemory;
}

/** Nobody waits longer, in ms. */
export const LONGEST_WAIT = 8_000;
/** A stall that is over sooner holds nobody up. */
export const GRACE = 1_000;
/** Who was ready for so long is in step with the room. */
export const SETTLED = 5_000;
/** After the longest wait that the last one could be, the film runs at least for so long. */
export const GAP = 10_000;
/** A pause that has not come back from the server for so long is given up. */
const PAUSING = 3_000;
/** If the phone that should act does not, the next one does after so long. */
export const TAKEOVER = 2_000;
/** A phone whose film goes on as before says so this often, in ms. */
export const TELL_SAME = 120_000;
/**
 * Whose phone said nothing for so long does not watch any more; one that is closed in order says so. One signal that
 * is lost is no silence: the next is waited for, and some time longer.
 */
export const SILENT = 2 * TELL_SAME + 10_000;
/** A film goes back by no more than this for whom it stalled, in seconds. */
const MOST_BACK = 5;

export const waitingForNobody: WaitMemory = {
  hold: null,
  readySince: new Map(),
  stalledSince: new Map(),
  along: new Set(),
  lastHold: null,
  rev: null,
  course: null,
};

/** What follows from how everybody is now. */
export function wait(room: Room, before: WaitMemory): Waited {
  const memory = noticed(room, before);
  if (memory.hold !== null) return held(room, memory, memory.hold);
  return stalled(room, memory);
}

/** I pressed play: the film starts now, or once those are ready who are not. Pressed while all wait, it means: without them. */
export function pressedPlay(room: Room, before: WaitMemory): Waited {
  const memory = noticed(room, before);
  const { now, me, screen, options } = room;
  if (memory.hold !== null) return letGo(room, memory, memory.hold);
  const late = options.start ? watching(room).filter((id) => isLate(room, id)) : [];
  if (late.length === 0) return goesOn(room, { ...memory, hold: null });
  const hold: Hold = {
    why: "start",
    by: me,
    since: now,
    rev: screen.rev,
    for: late,
    ready: null,
    over: false,
  };
  return held(room, { ...memory, hold, lastHold: now }, hold);
}

/** Somebody in control does not want to wait any longer. */
export function withoutThem(room: Room, before: WaitMemory): Waited {
  const memory = noticed(room, before);
  return memory.hold === null ? idle(memory) : letGo(room, memory, memory.hold);
}

/** I thought better of it. */
export function calledOff(memory: WaitMemory): WaitMemory {
  return { ...memory, hold: null };
}

/** How everybody is, and whether the wait still means anything. */
function noticed(room: Room, before: WaitMemory): WaitMemory {
  const { now, screen, online } = room;
  const readySince = new Map<number, number>();
  const stalledSince = new Map<number, number>();
  const hold = before.hold === null ? null : stillMeant(room, before, before.hold);
  // All went on without them: nobody stops for them again until they are in step.
  const left = hold === null ? (before.hold?.for ?? []).filter((id) => !before.readySince.has(id)) : [];
  const along = new Set([...before.along].filter((id) => online.includes(id) && !left.includes(id)));
  for (const id of online) {
    const report = current(room, id);
    if (report === null) continue;
    if (report.state === "ready") {
      const since = before.readySince.get(id) ?? now;
      readySince.set(id, since);
      if (now - since >= SETTLED) along.add(id);
    } else if (report.state === "blocked") along.delete(id);
    else stalledSince.set(id, before.stalledSince.get(id) ?? now);
  }
  const { rev, playing, position_s, rate, at } = screen;
  const course = { playing, position_s, rate, at };
  // Of the next film nobody has said yet that they are ready: they stay in step.
  return { ...before, hold, readySince, stalledSince, along, rev, course };
}

/** A wait is over once the film runs, or somebody did something else. */
function stillMeant({ screen }: Room, { rev, course }: WaitMemory, hold: Hold): Hold | null {
  if (hold.rev === null) {
    if (screen.rev === rev) return hold;
    // The pause that was asked for.
    return !screen.playing && screen.by === hold.by ? { ...hold, rev: screen.rev } : null;
  }
  if (screen.rev === hold.rev) return hold;
  const same =
    course?.playing === screen.playing &&
    course.position_s === screen.position_s &&
    course.rate === screen.rate &&
    course.at === screen.at;
  return same ? { ...hold, rev: screen.rev } : null;
}

function held(room: Room, before: WaitMemory, was: Hold): Waited {
  const { now, me, inControl } = room;
  const until = was.since + LONGEST_WAIT;
  if (was.rev === null) {
    if (now - was.since >= PAUSING) return idle({ ...before, hold: null });
    // Others may do without waiting: until the film stands, only who let it stand knows for whom.
    return { waiting: was.by === me ? { ids: was.for, until } : null, act: null, memory: before };
  }
  const ids = missing(room, was);
  const hold = { ...was, ready: ids.length > 0 ? null : (was.ready ?? now) };
  const memory = { ...before, hold };
  if (ids.length > 0 && now < until) return { waiting: { ids, until }, act: null, memory };
  // Whose turn it is, and when: if the first one is gone, nobody waits for ever.
  const turns = [hold.by, ...inControl.filter((id) => id !== hold.by)].filter((id) => inControl.includes(id));
  const turn = turns.indexOf(me);
  const since = Math.min(hold.ready ?? until, until);
  if (hold.over || turn < 0 || now < since + turn * TAKEOVER) return idle(memory);
  return letGo(room, memory, hold);
}

/** The film goes on; for those who are not ready nobody stops again until they are in step. */
function letGo(room: Room, memory: WaitMemory, hold: Hold): Waited {
  return goesOn(room, { ...memory, hold: { ...hold, over: true } });
}

function goesOn({ screen }: Room, memory: WaitMemory): Waited {
  return { waiting: null, act: { type: "play", position_s: screen.position_s }, memory };
}

/** Whether the film is to stop because it stalled for somebody who was in step. */
function stalled(room: Room, memory: WaitMemory): Waited {
  const { now, me, screen, options, inControl } = room;
  const running = screen.playing && now >= screen.at;
  const soon = memory.lastHold !== null && now - memory.lastHold < LONGEST_WAIT + GAP;
  if (!running || soon) return idle(memory);
  const ids = watching(room).filter((id) => {
    const since = memory.stalledSince.get(id);
    return since !== undefined && memory.along.has(id) && now - since >= GRACE;
  });
  const by = inControl[0];
  if (ids.length === 0 || by === undefined || (by === me && !options.stalls)) return idle(memory);
  const hold: Hold = { why: "stall", by, since: now, rev: null, for: ids, ready: null, over: false };
  const next = { ...memory, hold, lastHold: now };
  if (by !== me) return idle(next);
  const act = { type: "pause" as const, position_s: whereItStalled(room, ids) };
  return { waiting: { ids, until: now + LONGEST_WAIT }, act, memory: next };
}

/** Where it stalled for the last of them: going on from there costs them no seek, and nobody misses anything. */
function whereItStalled({ now, screen, reports }: Room, ids: readonly number[]): number {
  const here = positionAt(screen, now);
  const least = Math.min(...ids.map((id) => reports.get(id)?.position_s ?? here));
  return least < here && here - least <= MOST_BACK ? least : here;
}

/** For whom all still wait. */
function missing(room: Room, hold: Hold): readonly number[] {
  return hold.for.filter((id) => room.online.includes(id) && isLate(room, id));
}

/** Whether somebody's player is on its way; one that waits for a touch may wait for long. */
function isLate(room: Room, id: number): boolean {
  const report = current(room, id);
  return report === null || report.state === "buffering" || report.state === "ad";
}

/** Who is here and watches: their phone says so. */
function watching({ online, reports, now }: Room): readonly number[] {
  return online.filter((id) => {
    const report = reports.get(id);
    return report !== undefined && now - report.at < SILENT;
  });
}

/** What somebody said of the screen as it is. */
function current({ screen, reports, now }: Room, id: number): Report | null {
  const report = reports.get(id);
  return report?.rev === screen.rev && now - report.at < SILENT ? report : null;
}

function idle(memory: WaitMemory): Waited {
  return { waiting: null, act: null, memory };
}
