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

export class RoomMemory {
  readonly #keep: Keep;
  readonly #trailKey: string;
  readonly #seenKey: string;
  #trail: Trail;

  constructor(keep: Keep, user: number, room: string) {
    this.#keep = keep;
    this.#trailKey = `sovpalo.trail.${user}.${room}`;
    this.#seenKey = `sovpalo.seen.${user}.${room}`;
    this.#trail = (keptJson(keep, this.#trailKey) as Trail | null) ?? { epoch: 0, round: 0, swiped: [] };
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
    return kept === null ? null : Number(kept);
  }

  celebrate(number: number): void {
    this.#keep.set(this.#seenKey, String(number));
  }

  clear(): void {
    this.#keep.remove(this.#trailKey);
    this.#keep.remove(this.#seenKey);
  }

  #belongs(room: Room): boolean {
    return this.#trail.epoch === room.epoch && this.#trail.round === room.round;
  }

  #remember(room: Room, swiped: Swiped[]): void {
    this.#trail = { epoch: room.epoch, round: room.round, swiped };
    this.#keep.set(this.#trailKey, JSON.stringify(this.#trail));
  }
}
