/**
 * My marks as this page knows them: shown at once, and taken back where the server does not take them. Of taps that come faster than
 * answers only the last one is said.
 */
import { type Accessor, createSignal } from "solid-js";

import type { Mark } from "../generated/wire";
import type { Api } from "../net/api";
import * as server from "./api";

/** As many as somebody may have marked; older ones are asked for again. */
const REMEMBERED = 10_000;

/** The marks, in the order in which they are shown. */
export const MARKS: readonly Mark[] = ["wanted", "watched", "hidden"];

interface Known {
  /** Undefined: nobody has said yet. */
  shown: Accessor<Mark | null | undefined>;
  show: (mark: Mark | null | undefined) => void;
  /** What the server has confirmed. */
  confirmed: Mark | null | undefined;
  sending: Promise<void> | null;
}

export class Marks {
  readonly #api: Api;
  readonly #known = new Map<string, Known>();

  constructor(api: Api) {
    this.#api = api;
  }

  /** My mark of a title; undefined while it is not known. */
  of(id: string): Mark | null | undefined {
    return this.#about(id).shown();
  }

  /** Asks for it, unless it is known. What cannot be asked for now stays unknown. */
  async ask(id: string): Promise<void> {
    const known = this.#about(id);
    if (known.confirmed !== undefined || known.sending !== null) return;
    const mark = await server.markOf(this.#api, id).catch(() => undefined);
    // Somebody may have tapped meanwhile: that is newer.
    if (known.shown() !== undefined) return;
    known.confirmed = mark;
    known.show(mark);
  }

  /** It is this from now on. Rejects if the server does not take it; then it is what it was. */
  set(id: string, mark: Mark | null): Promise<void> {
    const known = this.#about(id);
    known.show(mark);
    known.sending ??= this.#send(id, known).finally(() => {
      known.sending = null;
    });
    return known.sending;
  }

  /** The server has said so. */
  confirm(ids: readonly string[], mark: Mark): void {
    for (const id of ids) {
      const known = this.#about(id);
      if (known.sending !== null) continue;
      known.confirmed = mark;
      known.show(mark);
    }
  }

  async #send(id: string, known: Known): Promise<void> {
    for (let wanted = known.shown(); wanted !== known.confirmed; wanted = known.shown()) {
      if (wanted === undefined) return;
      try {
        await server.mark(this.#api, id, wanted);
      } catch (error) {
        known.show(known.confirmed);
        throw error;
      }
      known.confirmed = wanted;
    }
  }

  #about(id: string): Known {
    const there = this.#known.get(id);
    if (there !== undefined) return there;
    const [shown, show] = createSignal<Mark | null | undefined>(undefined);
    const known: Known = { shown, show: (mark) => show(mark), confirmed: undefined, sending: null };
    this.#known.set(id, known);
    if (this.#known.size > REMEMBERED) {
      for (const [old, { sending }] of this.#known) {
        if (sending !== null) continue;
        this.#known.delete(old);
        break;
      }
    }
    return known;
  }
}

const all = new WeakMap<Api, Marks>();

/** The one list of marks of whoever is signed in here. */
export function marksOf(api: Api): Marks {
  const there = all.get(api) ?? new Marks(api);
  all.set(api, there);
  return there;
}
