/**
 * What this phone remembers of a room beside the outbox: the last cards swiped, for undo after a reload, and
 * the last match that was celebrated, so that each is celebrated once and none is missed.
 */
import type { Room, Title, Verdict } from "../generated/wire";
import { type Keep, keptJson } from "../net/keep";

/** A card that I swiped. */
export interface Swiped {
  title: Title;
  verdict: Verdict;
}

interface Trail {
  epoch: number;
  round: number;
  swiped: Swiped[];
}

/** How many swipes can be taken back one after another. */
const LENGTH = 12;
/** A phone remembers this many rooms, the ones it was in last: what it keeps does not grow for ever. */
const ROOMS = 20;

export class RoomMemory {
  readonly #keep: Keep;
  readonly #trailKey: string;
  readonly #seenKey: string;
  readonly #leave: () => void;
  #trail: Trail;

  constructor(keep: Keep, user: number, room: string) {
    this.#keep = keep;
    this.#trailKey = `sovpalo.trail.${user}.${room}`;
    this.#seenKey = `sovpalo.seen.${user}.${room}`;
    this.#trail = readTrail(keptJson(keep, this.#trailKey)) ?? { epoch: 0, round: 0, swiped: [] };
    this.#leave = () => recent(keep, user).leave(room);
    recent(keep, user).enter(room);
  }

  /** The cards I swiped in this round, the last one last. */
  trail(room: Room): readonly Swiped[] {
    return this.#belongs(room) ? this.#trail.swiped : [];
  }

  push(room: Room, swiped: Swiped): void {
    const before = this.trail(room).filter((one) => one.title.id !== swiped.title.id);
    this.#remember(room, [...before, swiped].slice(-LENGTH));
  }

  drop(room: Room, titleId: string): void {
    this.#remember(
      room,
      this.trail(room).filter((one) => one.title.id !== titleId),
    );
  }

  forgetTrail(room: Room): void {
    this.#remember(room, []);
  }

  /** The number of the last match that was celebrated; null in a room never seen before. */
  get celebrated(): number | null {
    const kept = this.#keep.get(this.#seenKey);
    return kept !== null && /^\d{1,9}$/.test(kept) ? Number(kept) : null;
  }

  celebrate(number: number): void {
    this.#keep.set(this.#seenKey, String(number));
  }

  clear(): void {
    this.#leave();
  }

  #belongs(room: Room): boolean {
    return this.#trail.epoch === room.epoch && this.#trail.round === room.round;
  }

  #remember(room: Room, swiped: Swiped[]): void {
    this.#trail = { epoch: room.epoch, round: room.round, swiped };
    this.#keep.set(this.#trailKey, JSON.stringify(this.#trail));
  }
}

/** What was kept by an older version, or by anybody, is taken only as far as it is a trail. */
function readTrail(kept: unknown): Trail | null {
  const { epoch, round, swiped } = (kept ?? {}) as Partial<Record<keyof Trail, unknown>>;
  if (typeof epoch !== "number" || typeof round !== "number" || !Array.isArray(swiped)) return null;
  return { epoch, round, swiped: swiped.filter(isSwiped).slice(-LENGTH) };
}

const VERDICTS = new Set<unknown>(["like", "skip", "super_like", "veto"] satisfies Verdict[]);

function isSwiped(kept: unknown): kept is Swiped {
  const { title, verdict } = (kept ?? {}) as Partial<Record<keyof Swiped, unknown>>;
  const { id, name } = (title ?? {}) as Partial<Record<keyof Title, unknown>>;
  return typeof id === "string" && typeof name === "string" && VERDICTS.has(verdict);
}

/** The rooms that this phone was in last, the newest first. What is kept of older ones goes. */
function recent(keep: Keep, user: number) {
  const key = `sovpalo.rooms.${user}`;
  const others = (room: string): string[] => {
    const kept = keptJson(keep, key);
    const rooms: unknown[] = Array.isArray(kept) ? kept : [];
    return rooms.filter((one): one is string => typeof one === "string" && one !== room);
  };
  const write = (rooms: readonly string[]) => {
    if (rooms.length === 0) keep.remove(key);
    else keep.set(key, JSON.stringify(rooms));
  };
  return {
    enter(room: string) {
      const rooms = [room, ...others(room)];
      for (const old of rooms.slice(ROOMS)) {
        forget(keep, user, old);
        for (const line of ["out", "say"]) {
          for (const waiting of keep.keys(`sovpalo.${line}.${user}.${old}.`)) keep.remove(waiting);
        }
      }
      write(rooms.slice(0, ROOMS));
    },
    leave(room: string) {
      forget(keep, user, room);
      write(others(room));
    },
  };
}

function forget(keep: Keep, user: number, room: string): void {
  for (const what of ["trail", "seen", "ahead", "gone"]) keep.remove(`sovpalo.${what}.${user}.${room}`);
}
