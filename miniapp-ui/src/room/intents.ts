/**
 * What the person wants of the room and the server has not confirmed yet.
 *
 * Two questions, both pure: which of these still have to be said after a silence ({@link compact}), and how
 * the room will look once they are done ({@link foresee}).
 */
import type { Command, Room, Title, TitleRef } from "../generated/wire";
import { withMember } from "./fold";

/** Commands that are kept until answered, whatever the network does. */
export type Lasting = Extract<
  Command,
  { type: "ready" | "pick" | "unpick" | "configure" | "swipe" | "undo" }
>;

/** One command on its way. */
export interface Intent {
  id: number;
  command: Lasting;
  /** The round it was meant for. */
  round: number;
  /** The title it is about, to show it while nobody has confirmed it. */
  title?: Title;
}

/** Which thing a command is about: of two about the same thing, the later one is the person's will. */
export function subject(command: Lasting): string {
  switch (command.type) {
    case "swipe":
    case "undo":
      return `card ${command.title}`;
    case "pick":
    case "unpick":
      return `pick ${named(command.title)}`;
    case "ready":
    case "configure":
      return command.type;
  }
}

/** A title reference as one string; typed names differ by more than letter case. */
export function named(title: TitleRef): string {
  return "id" in title ? title.id : `typed:${title.text.toLocaleLowerCase()}`;
}

/**
 * What has to be said after a reconnect, in order. Of several commands about one thing only the last intent
 * is left: a like that was taken back is never said again, because said late it could complete a match
 * nobody wants. What was meant for another round is dropped.
 */
export function compact(intents: readonly Intent[], round: number): Intent[] {
  const chains = new Map<string, Intent[]>();
  for (const intent of current(intents, round)) {
    const about = subject(intent.command);
    chains.set(about, [...(chains.get(about) ?? []), intent]);
  }
  return [...chains.values()].flatMap(lastIntent).sort((a, b) => a.id - b.id);
}

/** Those that still mean something in this round: a swipe of the last one does not. */
export function current(intents: readonly Intent[], round: number): Intent[] {
  return intents.filter((intent) => intent.round === round || !ofOneRound(intent.command));
}

function ofOneRound(command: Lasting): boolean {
  return command.type === "swipe" || command.type === "undo" || command.type === "ready";
}

function lastIntent(chain: Intent[]): Intent[] {
  const last = chain.at(-1);
  if (last === undefined) return [];
  if (last.command.type === "configure") return [{ ...last, command: merged(chain) }];
  if (last.command.type !== "swipe") return [last];
  const { verdict } = last.command;
  const wavered = chain.some(({ command }) => command.type === "swipe" && command.verdict !== verdict);
  // The server may hold the first verdict; the second is refused unless the first is undone.
  const undo = wavered ? chain.filter(({ command }) => command.type === "undo").slice(-1) : [];
  return [...undo, last];
}

function merged(chain: Intent[]): Lasting {
  const all: Lasting = { type: "configure" };
  for (const { command } of chain) Object.assign(all, command);
  return all;
}

/** The room as it will be once this is done. */
export function foresee(room: Room, { command, title }: Intent, me: number): Room {
  switch (command.type) {
    case "ready":
      return withMember(room, me, { ready: command.ready });
    case "pick": {
      const id = named(command.title);
      if (title === undefined || room.my_picks.some((pick) => is(pick, id))) return room;
      return withPicks(room, [...room.my_picks, title], me);
    }
    case "unpick": {
      const id = named(command.title);
      return withPicks(
        room,
        room.my_picks.filter((pick) => !is(pick, id)),
        me,
      );
    }
    case "configure": {
      const { type: _, deck, ...settings } = command;
      return { ...room, ...settings, ...(deck === null ? { deck: null } : {}) };
    }
    case "swipe":
      return withSwipes(
        { ...room, queue: room.queue.filter((card) => card.id !== command.title) },
        Math.min(room.my_swipes + 1, room.deck_size),
        me,
      );
    case "undo": {
      const there = room.queue.find((card) => card.id === command.title);
      const returned = title ?? there;
      const rest = room.queue.filter((card) => card.id !== command.title);
      // A card that is still in the queue was never swiped: there is nothing to take back.
      const taken = there === undefined ? 1 : 0;
      return withSwipes(
        { ...room, queue: returned ? [returned, ...rest] : rest },
        Math.max(room.my_swipes - taken, 0),
        me,
      );
    }
  }
}

/** Whether a pick is the one so named; a typed name is also known by its text. */
function is(pick: Title, name: string): boolean {
  return pick.id === name || (pick.kind === "text" && `typed:${pick.name.toLocaleLowerCase()}` === name);
}

function withPicks(room: Room, my_picks: Title[], me: number): Room {
  return withMember({ ...room, my_picks }, me, { picks: my_picks.length });
}

function withSwipes(room: Room, my_swipes: number, me: number): Room {
  return withMember({ ...room, my_swipes }, me, { swiped: my_swipes });
}
