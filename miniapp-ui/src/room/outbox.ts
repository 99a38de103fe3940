/**
 * Commands that are not answered yet, on disk before anybody sees them as done.
 *
 * One storage entry for each command, so that two pages of the same person never overwrite one another's.
 * Ids grow with time and over reloads, and are what orders the box.
 */
import type { Title } from "../generated/wire";
import { type Keep, keptJson } from "../net/keep";
import type { Intent, Lasting } from "./intents";
import { compact, subject } from "./intents";

/** What a device calls itself, for good. */
const DEVICE = "sovpalo.device";

export class Outbox {
  /**
   * The name of the device that this box is on. The server takes a device's word on its newest connection only, so
   * that what an older one left on its way cannot come after what is said again from here.
   */
  readonly device: string;
  readonly #keep: Keep;
  readonly #prefix: string;
  readonly #now: () => number;
  #intents: Intent[];
  #lastId = 0;

  constructor(keep: Keep, user: number, room: string, now: () => number) {
    this.#keep = keep;
    this.#prefix = `sovpalo.out.${user}.${room}.`;
    this.#now = now;
    this.device = deviceOf(keep);
    this.#intents = keep
      .keys(this.#prefix)
      .flatMap((key) => {
        const intent = keptJson(keep, key);
        if (isIntent(intent) && key === this.#key(intent.id)) return [intent];
        // What cannot be read cannot be said, and would only lie there.
        keep.remove(key);
        return [];
      })
      .sort((a, b) => a.id - b.id);
    this.#lastId = this.#intents[this.#intents.length - 1]?.id ?? 0;
  }

  /** What is not answered, oldest first. */
  get intents(): readonly Intent[] {
    return this.#intents;
  }

  add(command: Lasting, round: number, title?: Title): Intent {
    this.#lastId = Math.max(this.#lastId + 1, this.#now());
    const intent: Intent = { id: this.#lastId, command, round, ...(title ? { title } : {}) };
    this.#write(intent);
    this.#intents = [...this.#intents, intent];
    return intent;
  }

  /** The command is done: it and everything that it overrode need not be said again. */
  acknowledged(id: number): Intent | undefined {
    const done = this.#intents.find((intent) => intent.id === id);
    if (done === undefined) return undefined;
    const about = subject(done.command);
    this.#dropAll((intent) => intent.id <= id && subject(intent.command) === about);
    return done;
  }

  /** A title that was typed turned out to be this one: what is still to be said of it is about this one. */
  became(typed: Lasting, title: Title): void {
    const about = subject(typed);
    this.#intents = this.#intents.map((intent) => {
      if (subject(intent.command) !== about) return intent;
      const known = { ...intent, title };
      this.#write(known);
      return known;
    });
  }

  /** Whether a later command is about the same thing. */
  overridden({ id, command }: Intent): boolean {
    const about = subject(command);
    return this.#intents.some((intent) => intent.id > id && subject(intent.command) === about);
  }

  /** The command will not be done. */
  refused(id: number): Intent | undefined {
    const gone = this.#intents.find((intent) => intent.id === id);
    this.#dropAll((intent) => intent.id === id);
    return gone;
  }

  /** Replaces everything by what still has to be said after a silence in this round. */
  compact(round: number): void {
    const before = this.#intents;
    const said = compact(before, round);
    const same =
      said.length === before.length && said.every((one, at) => one.command === before[at]?.command);
    if (same) return;
    // The new ones are on disk before the old ones go: dying in between means saying both, to the same end.
    for (const { command, title } of said) this.add(command, round, title);
    const old = new Set(before.map((intent) => intent.id));
    this.#dropAll((intent) => old.has(intent.id));
  }

  /** Forgets everything: the room is no longer ours. */
  clear(): void {
    this.#dropAll(() => true);
  }

  #dropAll(gone: (intent: Intent) => boolean): void {
    for (const intent of this.#intents) if (gone(intent)) this.#keep.remove(this.#key(intent.id));
    this.#intents = this.#intents.filter((intent) => !gone(intent));
  }

  #write(intent: Intent): void {
    this.#keep.set(this.#key(intent.id), JSON.stringify(intent));
  }

  #key(id: number): string {
    return this.#prefix + String(id);
  }
}

function deviceOf(keep: Keep): string {
  const known = keep.get(DEVICE);
  if (known !== null && /^[0-9a-z-]{1,64}$/.test(known)) return known;
  const random = crypto.getRandomValues(new Uint32Array(4));
  const device = Array.from(random, (part) => part.toString(36)).join("-");
  keep.set(DEVICE, device);
  return device;
}

/** Storage may hold what an older version, or anybody, has left there. */
function isIntent(kept: unknown): kept is Intent {
  const { id, round, command } = (kept ?? {}) as Partial<Record<keyof Intent, unknown>>;
  return Number.isSafeInteger(id) && typeof round === "number" && isLasting(command);
}

function isLasting(kept: unknown): kept is Lasting {
  const { type, title } = (kept ?? {}) as { type?: unknown; title?: unknown };
  switch (type as Lasting["type"]) {
    case "swipe":
    case "undo":
      return typeof title === "string";
    case "pick":
    case "unpick":
      return typeof title === "object" && title !== null;
    case "ready":
    case "configure":
      return true;
    default:
      return false;
  }
}
