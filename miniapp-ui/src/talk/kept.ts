/**
 * What this phone keeps of a room's talk over a reload: the draft, and own messages that the room does not have yet.
 *
 * Promises: nothing here throws, what cannot be read counts as nothing, and the rooms that were written in longest ago are forgotten
 * first.
 */
import { type Keep, keptJson } from "../net/keep";
import { MAX_PENDING, type Pending } from "./store.ts";

/** A phone keeps drafts and unsent messages of this many rooms; those of the room written in longest ago are dropped. */
export const MAX_ROOMS_KEPT = 20;

export interface Draft {
  text: string;
  replyTo: number | null;
}

export interface Kept {
  draft: Draft;
  pending: readonly Pending[];
}

const NOTHING: Kept = { draft: { text: "", replyTo: null }, pending: [] };

export class KeptTalk {
  readonly #keep: Keep;
  readonly #mine: string;
  readonly #key: string;
  #now: Kept;

  constructor(keep: Keep, me: number, room: string) {
    this.#keep = keep;
    this.#mine = `sovpalo.talk.${me}.`;
    this.#key = this.#mine + room;
    this.#now = read(keptJson(keep, this.#key));
  }

  get draft(): Draft {
    return this.#now.draft;
  }

  get pending(): readonly Pending[] {
    return this.#now.pending;
  }

  write(change: Partial<Kept>, now: number): void {
    this.#now = { ...this.#now, ...change };
    const { draft, pending } = this.#now;
    if (draft.text === "" && draft.replyTo === null && pending.length === 0) {
      this.#keep.remove(this.#key);
      return;
    }
    this.#keep.set(this.#key, JSON.stringify({ ...this.#now, at: now }));
    this.#forgetOld();
  }

  #forgetOld(): void {
    const rooms = this.#keep.keys(this.#mine);
    if (rooms.length <= MAX_ROOMS_KEPT) return;
    const age = (key: string) => {
      const { at } = fields(keptJson(this.#keep, key));
      return typeof at === "number" ? at : 0;
    };
    const oldest = rooms.filter((key) => key !== this.#key).sort((a, b) => age(a) - age(b));
    for (const key of oldest.slice(0, rooms.length - MAX_ROOMS_KEPT)) this.#keep.remove(key);
  }
}

function read(kept: unknown): Kept {
  const { draft, pending } = fields(kept);
  const { text, replyTo } = fields(draft);
  return {
    draft: typeof text === "string" ? { text, replyTo: numberOrNull(replyTo) } : NOTHING.draft,
    pending: Array.isArray(pending) ? pending.flatMap(readPending).slice(-MAX_PENDING) : [],
  };
}

function readPending(kept: unknown): Pending[] {
  const { key, text, kind, replyTo, at, failed } = fields(kept);
  if (typeof key !== "string" || typeof text !== "string" || typeof at !== "number") return [];
  return [
    {
      key,
      text,
      kind: kind === "emoji" ? "emoji" : "text",
      replyTo: numberOrNull(replyTo),
      at,
      failed: typeof failed === "string" ? failed : null,
    },
  ];
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
