/**
 * Commands that are not answered yet, on disk before anybody sees them as done.
 *
 * One storage entry for each command, so that two pages of the same person never overwrite one another's.
 * Ids grow with time and over reloads, and are what orders the box.
 */
import type { Room } from "../generated/wire";
import { type Keep, keptJson } from "../net/keep";
import type { Intent, Rules, Unsaid } from "./rules";

/** What a box has to know of what lies in it. */
export type OutboxRules<I extends Intent> = Pick<Rules<I>, "isIntent" | "subject" | "compact">;

export class Outbox<I extends Intent> {
  readonly #keep: Keep;
  readonly #prefix: string;
  readonly #now: () => number;
  readonly #rules: OutboxRules<I>;
  #intents: I[];
  #lastId = 0;

  constructor(keep: Keep, prefix: string, now: () => number, rules: OutboxRules<I>) {
    this.#keep = keep;
    this.#prefix = prefix;
    this.#now = now;
    this.#rules = rules;
    this.#intents = keep
      .keys(this.#prefix)
      .flatMap((key) => {
        const intent = keptJson(keep, key);
        if (rules.isIntent(intent) && key === this.#key(intent.id)) return [intent];
        // What cannot be read cannot be said, and would only lie there.
        keep.remove(key);
        return [];
      })
      .sort((a, b) => a.id - b.id);
    this.#lastId = this.#intents[this.#intents.length - 1]?.id ?? 0;
  }

  /** What is not answered, oldest first. */
  get intents(): readonly I[] {
    return this.#intents;
  }

  add(unsaid: Unsaid<I>): I {
    this.#lastId = Math.max(this.#lastId + 1, this.#now());
    // Exactly an intent again, which the compiler cannot see of a type that it does not know.
    const intent = { ...unsaid, id: this.#lastId } as unknown as I;
    this.#write(intent);
    this.#intents = [...this.#intents, intent];
    return intent;
  }

  /** The command is done: it and everything that it overrode need not be said again. */
  acknowledged(id: number): I | undefined {
    const done = this.#intents.find((intent) => intent.id === id);
    if (done === undefined) return undefined;
    const about = this.#rules.subject(done.command);
    this.#dropAll((intent) => intent.id <= id && this.#rules.subject(intent.command) === about);
    return done;
  }

  /** More is known now of what a command is about: of whatever is still to be said of it, too. */
  amend(command: I["command"], change: Partial<Unsaid<I>>): void {
    const about = this.#rules.subject(command);
    this.#intents = this.#intents.map((intent) => {
      if (this.#rules.subject(intent.command) !== about) return intent;
      const known = { ...intent, ...change };
      this.#write(known);
      return known;
    });
  }

  /** Whether a later command is about the same thing. */
  overridden({ id, command }: I): boolean {
    const about = this.#rules.subject(command);
    return this.#intents.some((intent) => intent.id > id && this.#rules.subject(intent.command) === about);
  }

  /** The command will not be done. */
  refused(id: number): I | undefined {
    const gone = this.#intents.find((intent) => intent.id === id);
    this.#dropAll((intent) => intent.id === id);
    return gone;
  }

  /** Replaces everything by what still has to be said after a silence. */
  compact(room: Room): void {
    const before = this.#intents;
    const said = this.#rules.compact(before, room);
    const same =
      said.length === before.length && said.every((one, at) => one.command === before[at]?.command);
    if (same) return;
    // The new ones are on disk before the old ones go: dying in between means saying both, to the same end.
    for (const unsaid of said) this.add(unsaid);
    const old = new Set(before.map((intent) => intent.id));
    this.#dropAll((intent) => old.has(intent.id));
  }

  /** Forgets everything: the room is no longer ours. */
  clear(): void {
    this.#dropAll(() => true);
  }

  #dropAll(gone: (intent: I) => boolean): void {
    for (const intent of this.#intents) if (gone(intent)) this.#keep.remove(this.#key(intent.id));
    this.#intents = this.#intents.filter((intent) => !gone(intent));
  }

  #write(intent: I): void {
    this.#keep.set(this.#key(intent.id), JSON.stringify(intent));
  }

  #key(id: number): string {
    return this.#prefix + String(id);
  }
}
