/**
 * What this phone asks of the screen, until it is answered.
 *
 * Promises: each is sent again after a silence until it is answered, and then does nothing twice: what goes back and forth names the
 * revision that it means, a film on the list its own name; what was meant 10 s ago is not said any more, because others have
 * watched on. Must never: be kept beyond the page.
 */
import type { Room } from "../generated/wire";
import { inMemory } from "../net/keep";
import { CommandLine, type CommandLinePorts } from "../sync/commandLine";
import type { RoomFrame } from "../sync/frames";
import { Outbox, type OutboxRules } from "../sync/outbox";
import type { Intent, Unsaid } from "../sync/rules";
import { isSameMedia } from "./fold";
import { positionAt } from "./position";
import type { Media, NewMedia, PlaylistItem, Screen, ScreenCommand } from "./types";

export interface ScreenIntent extends Intent {
  command: ScreenCommand;
  /** When, by the device's clock. */
  made: number;
}

export interface CommandsPorts extends CommandLinePorts {
  now: () => number;
  /** What is on its way is another. */
  changed: () => void;
  refused: (code: string, command: ScreenCommand) => void;
}

/** What was asked for longer ago is not sent again, in ms. */
export const LATE = 10_000;
/** So many commands wait for an answer at most; what is asked beyond that is refused at once. */
export const MAX_ASKED = 50;

/** What says how the film goes; of several the last counts. */
type Going = Extract<ScreenCommand, { type: "show" | "play" | "pause" | "seek" | "rate" }>;

export class ScreenCommands {
  readonly #ports: CommandsPorts;
  readonly #outbox: Outbox<ScreenIntent>;
  readonly #line: CommandLine<ScreenIntent>;

  constructor(ports: CommandsPorts) {
    const rules: OutboxRules<ScreenIntent> = {
      isIntent: (kept): kept is ScreenIntent => typeof kept === "object" && kept !== null && "made" in kept,
      subject,
      compact: (intents, room) => compact(intents, room, ports.now()),
    };
    this.#ports = ports;
    this.#outbox = new Outbox(inMemory(), "", ports.now, rules);
    this.#line = new CommandLine(this.#outbox, ({ command }) => command, ports);
  }

  /** What is not answered yet, oldest first. */
  get asked(): readonly ScreenCommand[] {
    return this.#outbox.intents.map(({ command }) => command);
  }

  ask(command: ScreenCommand): void {
    if (this.#line.pending >= MAX_ASKED) {
      this.#ports.refused("too_many", command);
      return;
    }
    this.#outbox.add({ command, made: this.#ports.now() });
    this.#line.flush();
    this.#ports.changed();
  }

  opened(): void {
    this.#line.opened();
    this.#ports.changed();
  }

  lost(): void {
    this.#line.lost();
  }

  take(frame: RoomFrame): void {
    if (frame.type !== "ack" && frame.type !== "done" && frame.type !== "refused") return;
    if (!this.#line.isOurs(frame.id)) return;
    if (frame.type === "refused") {
      const intent = this.#line.refused(frame);
      if (intent !== undefined && intent !== "later") this.#ports.refused(frame.code, intent.command);
    } else this.#line.acknowledged(frame.id);
    this.#line.flush();
    this.#ports.changed();
  }
}

/** Which thing a command is about. */
export function subject(command: ScreenCommand): string {
  switch (command.type) {
    case "enqueue":
    case "dequeue":
      return `item ${command.item}`;
    case "next":
      return `next ${command.after ?? ""}`;
    default:
      return isGoing(command) ? "screen" : "";
  }
}

function isGoing(command: ScreenCommand): command is Going {
  return command.type !== "enqueue" && command.type !== "dequeue" && command.type !== "next";
}

/**
 * What is still to be said after a silence. Of what says how the film goes that is the last, and only where nobody else has done
 * anything since: then it means the screen as it is, whether the ones before it arrived or not.
 */
export function compact(intents: readonly ScreenIntent[], room: Room, now: number): Unsaid<ScreenIntent>[] {
  const young = intents.filter(({ made }) => now - made < LATE && made <= now);
  const last = new Map(young.map((intent) => [subject(intent.command), intent]));
  return young.flatMap((intent) => {
    if (last.get(subject(intent.command)) !== intent) return [];
    if (!isGoing(intent.command)) return [intent];
    const revs = young.flatMap(({ command }) =>
      isGoing(command) && typeof command.rev === "number" ? [command.rev] : [],
    );
    const rev = room.screen?.rev;
    if (rev === undefined || revs.length === 0 || intent.command.rev === rev) return [intent];
    const isOurs = rev >= Math.min(...revs) && rev <= Math.max(...revs);
    return isOurs ? [{ ...intent, command: { ...intent.command, rev } }] : [];
  });
}

/** Until the server says when, what is asked is shown as beginning so much later, in ms: its own least. */
const LEAD = 300;

/** The screen as it will be once this is done. */
export function foreseen(
  screen: Screen | null,
  commands: readonly ScreenCommand[],
  me: number,
  now: number,
): Screen | null {
  return commands.reduce((seen, command) => foreseenOne(seen, command, me, now), screen);
}

function foreseenOne(screen: Screen | null, command: ScreenCommand, me: number, now: number): Screen | null {
  if (isGoing(command) && typeof command.rev === "number" && command.rev !== screen?.rev) return screen;
  if (command.type === "show") {
    if (command.media === null) return null;
    const isThere = screen !== null && isSameMedia(screen.media, media(command.media));
    return isThere ? screen : shown(screen, command.media, null, me, now);
  }
  // Where nothing is shown, the first film of the list is.
  if (screen === null)
    return command.type === "enqueue" ? shown(null, command.media, command.item, me, now) : null;
  const next = { ...screen, rev: screen.rev + 1, by: me };
  const at = now + LEAD;
  switch (command.type) {
    case "play":
      return screen.playing ? screen : { ...next, playing: true, position_s: command.position_s, at };
    case "pause":
      return screen.playing ? { ...next, playing: false, position_s: command.position_s, at: now } : screen;
    case "seek":
      return { ...next, position_s: command.position_s, at: screen.playing ? at : now };
    case "rate": {
      if (screen.rate === command.rate) return screen;
      return { ...next, rate: command.rate, position_s: positionAt(screen, at), at };
    }
    case "enqueue": {
      if (screen.playlist.some(({ item }) => item === command.item)) return screen;
      const added: PlaylistItem = { item: command.item, media: media(command.media), by: me };
      return { ...screen, playlist: [...screen.playlist, added] };
    }
    case "dequeue":
      return { ...screen, playlist: screen.playlist.filter(({ item }) => item !== command.item) };
    case "next": {
      const [first, ...playlist] = screen.playlist;
      if (first === undefined || screen.item !== command.after) return screen;
      return { ...next, media: first.media, item: first.item, position_s: 0, at, playlist };
    }
  }
}

function shown(screen: Screen | null, film: NewMedia, item: string | null, me: number, now: number): Screen {
  return {
    rev: (screen?.rev ?? 0) + 1,
    media: media(film),
    item,
    playing: false,
    position_s: 0,
    rate: screen?.rate ?? 1,
    at: now,
    by: me,
    ...(screen?.lent_to === undefined ? {} : { lent_to: screen.lent_to }),
    playlist: screen?.playlist ?? [],
  };
}

/** A film as a command names it. */
export function named({ kind, url, title }: Media): NewMedia {
  return title === null ? { kind, url } : { kind, url, title };
}

function media({ kind, url, title }: NewMedia): Media {
  return { kind, url, title: title ?? null, duration_s: null };
}
