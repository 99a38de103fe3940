/**
 * Cards that this phone was given in advance, so that somebody in a tunnel swipes on, also after the page was loaded again there.
 *
 * Promises: a card of another round, and one that was swiped here, is never dealt from it; what is kept is bounded. Must never: go before what
 * the server deals.
 */
import type { Room, Title, Upcoming } from "../generated/wire";
import { type Keep, keptJson } from "../net/keep";
import type { Reserve } from "./deck";

/** So many cards are kept at most, and with fewer than so many left new ones are asked for. */
const MOST = 30;
const FEW = 10;
/** So many swipes are remembered: all of those cards, and as many before them. */
const MOST_GONE = 60;

/** Cards of one round. */
interface Gone {
  epoch: number;
  round: number;
  ids: string[];
}

export class Stock implements Reserve {
  readonly #keep: Keep;
  readonly #language: string;
  readonly #cardsKey: string;
  readonly #goneKey: string;
  #upcoming: Upcoming;
  /** What was swiped last: the cards themselves are written once, and not with every swipe. */
  #gone: Gone;

  /** `language`: the one that the cards are in; those in another one are nothing. */
  constructor(keep: Keep, user: number, room: string, language: string) {
    this.#keep = keep;
    this.#language = language;
    this.#cardsKey = `sovpalo.ahead.${user}.${room}`;
    this.#goneKey = `sovpalo.gone.${user}.${room}`;
    const kept = keptJson(keep, this.#cardsKey);
    const { epoch, round, list } = read(isIn(kept, language) ? kept : null, "items");
    this.#upcoming = { epoch, round, items: list.filter(isTitle).slice(0, MOST) };
    const gone = read(keptJson(keep, this.#goneKey), "ids");
    this.#gone = { ...gone, ids: gone.list.filter((id) => typeof id === "string").slice(-MOST_GONE) };
  }

  /** Takes what the server gives now in place of what was here; what was swiped while it was on its way stays away. */
  fill({ epoch, round, items }: Upcoming): void {
    this.#upcoming = { epoch, round, items: items.slice(0, MOST) };
    this.#keep.set(this.#cardsKey, JSON.stringify({ language: this.#language, ...this.#upcoming }));
  }

  /** Whether the server is to be asked for more. */
  isLow(room: Room): boolean {
    const left = room.deck_size - room.my_swipes;
    return room.phase === "swiping" && this.#of(room).length < Math.min(FEW, left);
  }

  /** The server's own cards come first. */
  after(queue: Title[], room: Room, most: number): Title[] {
    // One lies below the one that is swiped: the next is there before anybody misses it.
    if (queue.length >= 2) return queue;
    const there = new Set(queue.map((card) => card.id));
    // How many are left is known also where other devices have swiped some of these.
    const left = Math.min(most, room.deck_size - room.my_swipes) - queue.length;
    const others = this.#of(room).filter((card) => !there.has(card.id));
    return left > 0 ? [...queue, ...others.slice(0, left)] : queue;
  }

  /** A card was swiped. */
  took(room: Room, id: string): void {
    this.#mark(room, [...this.#goneOf(room), id]);
  }

  /** A card is there again. */
  putBack(room: Room, id: string): void {
    const gone = this.#goneOf(room);
    if (gone.includes(id))
      this.#mark(
        room,
        gone.filter((one) => one !== id),
      );
  }

  #of(room: Room): Title[] {
    const { epoch, round, items } = this.#upcoming;
    if (epoch !== room.epoch || round !== room.round) return [];
    const gone = this.#goneOf(room);
    return items.filter((card) => !gone.includes(card.id));
  }

  #goneOf({ epoch, round }: Room): readonly string[] {
    return this.#gone.epoch === epoch && this.#gone.round === round ? this.#gone.ids : [];
  }

  #mark({ epoch, round }: Room, ids: string[]): void {
    this.#gone = { epoch, round, ids: ids.slice(-MOST_GONE) };
    this.#keep.set(this.#goneKey, JSON.stringify(this.#gone));
  }
}

/** What was kept by another version, or by anybody, is taken only as far as it has this shape. */
function read(kept: unknown, list: string): { epoch: number; round: number; list: unknown[] } {
  const { epoch, round, [list]: found } = (kept ?? {}) as Record<string, unknown>;
  const fits = typeof epoch === "number" && typeof round === "number" && Array.isArray(found);
  return fits ? { epoch, round, list: found } : { epoch: 0, round: 0, list: [] };
}

function isIn(kept: unknown, language: string): boolean {
  return ((kept ?? {}) as Record<string, unknown>).language === language;
}

function isTitle(kept: unknown): kept is Title {
  const { id, name, genres } = (kept ?? {}) as Partial<Record<keyof Title, unknown>>;
  return typeof id === "string" && typeof name === "string" && Array.isArray(genres);
}
