/**
 * The cards in front of one person: what lies on top, what can be taken back, and which matches had their moment.
 *
 * Promises: the top card never changes while somebody looks at it; a card that was swiped is not seen again unless it is
 * taken back; each match is celebrated once. Must never: talk to the server.
 */
import type { Event, Match, Room, Title, Verdict } from "../generated/wire";
import type { Keep } from "../net/keep";
import { RoomMemory, type Swiped } from "./memory";

/** So many cards the server deals at once. */
const DEALT = 3;

/** Where cards come from while there is no network. */
export interface Reserve {
  /** What is dealt: the queue, and where hardly anything is left of it what is here; at most `most` of all. */
  after: (queue: Title[], room: Room, most: number) => Title[];
  took: (room: Room, id: string) => void;
  putBack: (room: Room, id: string) => void;
}

export class Deck {
  readonly #memory: RoomMemory;
  #reserve: Reserve | null = null;
  #cards: Title[] = [];

  constructor(keep: Keep, user: number, room: Room) {
    this.#memory = new RoomMemory(keep, user, room.code);
    if (this.#memory.celebrated === null) this.#memory.celebrate(latest(room));
  }

  /** My next cards, the top one first. */
  get cards(): Title[] {
    return this.#cards;
  }

  swiped(room: Room, swiped: Swiped): void {
    this.#memory.push(room, swiped);
    this.#reserve?.took(room, swiped.title.id);
  }

  /** From now on with these cards in reserve, without those that were swiped before. */
  with(reserve: Reserve, room: Room): void {
    this.#reserve = reserve;
    for (const { title } of this.#memory.trail(room)) reserve.took(room, title.id);
  }

  /** The card is on top again. */
  takenBack(room: Room, title: Title): void {
    this.#memory.drop(room, title.id);
    this.#reserve?.putBack(room, title.id);
    this.#cards = [title, ...this.#cards.filter((card) => card.id !== title.id)];
  }

  /** The swipe was never done. */
  notSwiped(room: Room, title: string): void {
    this.#memory.drop(room, title);
    this.#reserve?.putBack(room, title);
  }

  /** Another room, or another round of it, has other cards. */
  replaced(before: Room, after: Room): void {
    if (after.epoch !== before.epoch || after.round !== before.round) this.#cards = [];
  }

  /** Something happened elsewhere, perhaps on another device of mine. */
  happened(event: Event, room: Room): void {
    if (event.type === "started" || event.type === "restarted") this.#cards = [];
    if (event.type === "swiped") this.#swipedElsewhere(room, event.title, event.verdict);
    if (event.type === "undone" && event.title !== undefined) this.notSwiped(room, event.title);
  }

  /** My next cards in this room. The one on top stays there for as long as it may be swiped. */
  deal(room: Room, foreseen: Room): void {
    this.#cards = this.#dealt(room, foreseen);
  }

  /** The swipe that can be taken back now. */
  undoable(room: Room): Swiped | null {
    if (room.phase !== "swiping") return null;
    const trail = this.#memory.trail(room);
    const last = trail[trail.length - 1];
    if (last === undefined) return null;
    const matched = room.matches.some((match) => match.title.id === last.title.id);
    return matched && last.verdict !== "skip" ? null : last;
  }

  /** Matches that this phone has not celebrated yet, oldest first. */
  uncelebrated(room: Room): Match[] {
    const celebrated = this.#memory.celebrated ?? 0;
    return room.matches.filter((match) => match.number > celebrated);
  }

  /** This match has had its moment. */
  celebrated(number: number): void {
    this.#memory.celebrate(Math.max(this.#memory.celebrated ?? 0, number));
  }

  /** Nothing of it stays on this phone. */
  forget(): void {
    this.#memory.clear();
  }

  #dealt(room: Room, foreseen: Room): Title[] {
    if (foreseen.phase !== "swiping") return [];
    const swiped = new Set(this.#memory.trail(foreseen).map((one) => one.title.id));
    const dealt = foreseen.queue.filter((card) => !swiped.has(card.id));
    const queue = this.#reserve?.after(dealt, foreseen, DEALT) ?? dealt;
    const top = this.#cards[0];
    if (top === undefined || swiped.has(top.id)) {
      // The second card was already visible under the first: it is next, if it still may be.
      const next = this.#cards[1];
      return next && !swiped.has(next.id) ? first(queue, next.id) : queue;
    }
    if (queue.some((card) => card.id === top.id)) return first(queue, top.id);
    // A full queue shows only its beginning: the card on top may well be further on in it.
    return room.queue.length >= DEALT ? [top, ...queue] : queue;
  }

  #swipedElsewhere(room: Room, id: string, verdict: Verdict): void {
    this.#reserve?.took(room, id);
    const title = [...this.#cards, ...room.queue].find((card) => card.id === id);
    if (title) this.#memory.push(room, { title, verdict });
    else this.#memory.forgetTrail(room);
  }
}

function latest(room: Room): number {
  return Math.max(0, ...room.matches.map((match) => match.number));
}

/** The same titles with this one on top. */
function first(titles: Title[], id: string): Title[] {
  const top = titles.find((title) => title.id === id);
  return top ? [top, ...titles.filter((title) => title.id !== id)] : titles;
}
