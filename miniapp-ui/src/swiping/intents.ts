/**
 * What the person wants of the room and the server has not confirmed yet.
 *
 * Two questions, both pure: which of these still have to be said after a silence ({@link compact}), and how
 * the room will look once they are done ({@link foresee}).
 */
import type { Command, Room, Title, TitleRef, Verdict } from "../generated/wire";
import { isNameOf } from "../text/spelling";
import { withMember } from "../sync/members";
import type * as sync from "../sync/rules";

/** Commands that are kept until answered, whatever the network does. */
export type Lasting = Extract<
  Command,
  { type: "ready" | "pick" | "unpick" | "configure" | "swipe" | "undo" }
>;

/** One command on its way. */
export interface Intent extends sync.Intent {
  command: Lasting;
  /** The round it was meant for. */
  round: number;
  /** The title it is about, to show it while nobody has confirmed it. */
  title?: Title;
}

/** The command as it is sent: what means something in one round only says in which, since it may come late. */
export function asSent({ command, round }: Intent): Lasting {
  return ofOneRound(command) ? { ...command, round } : command;
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

/** Storage may hold what an older version, or anybody, has left there. */
export function isIntent(kept: unknown): kept is Intent {
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

/**
 * What has to be said after a silence, in order. Of several commands about one thing only the last intent is
 * left: a like that was taken back is never said again, because said late it could complete a match nobody
 * wants. What was meant for another round is dropped.
 *
 * How far the server got before the silence is unknown, and cards come off a pile: only the last one swiped
 * can be taken back. So first everything that was taken back at any time is, from the top of the pile down
 * (taking back what was never swiped is no error), and then the last verdicts follow.
 */
export function compact(intents: readonly Intent[], round: number): sync.Unsaid<Intent>[] {
  const now = current(intents, round);
  const cards = now.filter(ofCard);
  const undone = pile(cards).reverse();
  const last = lastOfEach(cards);
  return [
    ...lastOfEach(now.filter((intent) => !ofCard(intent))).map((intent) => merged(intent, now)),
    ...undone,
    ...last.filter((intent) => intent.command.type === "swipe"),
  ];
}

/** The undo of each card that was ever taken back, the card furthest down in the pile first. */
function pile(cards: readonly Intent[]): Intent[] {
  const order: string[] = [];
  const here: string[] = [];
  const undos = new Map<string, Intent>();
  for (const intent of cards) {
    const card = subject(intent.command);
    if (intent.command.type === "swipe") {
      const below = here[here.length - 1];
      if (!order.includes(card))
        order.splice(below === undefined ? order.length : order.indexOf(below) + 1, 0, card);
      here.push(card);
    } else {
      // A card from before all of this lies below everything that came after it.
      if (!order.includes(card)) order.unshift(card);
      if (here[here.length - 1] === card) here.pop();
      undos.set(card, intent);
    }
  }
  return order.flatMap((card) => undos.get(card) ?? []);
}

function lastOfEach(intents: readonly Intent[]): Intent[] {
  const last = new Map(intents.map((intent) => [subject(intent.command), intent.id]));
  return intents.filter((intent) => last.get(subject(intent.command)) === intent.id);
}

/** Several changes of the settings are one: what the last does not name, the ones before it do. */
function merged(intent: Intent, all: readonly Intent[]): Intent {
  if (intent.command.type !== "configure") return intent;
  const command: Lasting = { type: "configure" };
  for (const { command: part } of all) if (part.type === "configure") Object.assign(command, part);
  return { ...intent, command };
}

/** Those that still mean something in this round: a swipe of the last one does not. */
export function current(intents: readonly Intent[], round: number): Intent[] {
  return intents.filter((intent) => intent.round === round || !ofOneRound(intent.command));
}

function ofOneRound(command: Lasting): command is Extract<Lasting, { type: "swipe" | "undo" | "ready" }> {
  return command.type === "swipe" || command.type === "undo" || command.type === "ready";
}

function ofCard({ command }: Intent): boolean {
  return command.type === "swipe" || command.type === "undo";
}

/** The room as it will be once this is done. */
export function foresee(room: Room, { command, title }: Intent, me: number): Room {
  switch (command.type) {
    case "ready":
      return withMember(room, me, { ready: command.ready });
    case "pick": {
      const ref = command.title;
      if (title === undefined || room.my_picks.some((pick) => is(pick, ref))) return room;
      return withPicks(room, [...room.my_picks, title], me);
    }
    case "unpick": {
      const ref = command.title;
      return withPicks(
        room,
        room.my_picks.filter((pick) => !is(pick, ref) && pick.id !== title?.id),
        me,
      );
    }
    case "configure": {
      const { name, rule, goal, picks_per_member, deck, leave_out_seen, veto } = command;
      return {
        ...room,
        name: name ?? room.name,
        rule: rule ?? room.rule,
        goal: goal ?? room.goal,
        picks_per_member: picks_per_member ?? room.picks_per_member,
        deck: deck === undefined ? room.deck : deck,
        leave_out_seen: leave_out_seen ?? room.leave_out_seen,
        veto: veto ?? room.veto,
      };
    }
    case "swipe":
      return withSwipes(
        {
          ...withoutSignal(room, command.verdict),
          queue: room.queue.filter((card) => card.id !== command.title),
        },
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

/** What is signalled is not there to be signalled again. Whether an undo gives it back only the server knows. */
function withoutSignal(room: Room, verdict: Verdict): Room {
  const { my_super_likes_left, my_vetoes_left } = room;
  if (verdict === "super_like") return { ...room, my_super_likes_left: Math.max(0, my_super_likes_left - 1) };
  return verdict === "veto" ? { ...room, my_vetoes_left: Math.max(0, my_vetoes_left - 1) } : room;
}

/** Whether a pick is the one so named; a typed name may have become the catalogue's title of that name. */
function is(pick: Title, ref: TitleRef): boolean {
  return "id" in ref ? pick.id === ref.id : pick.id === named(ref) || isNameOf(ref.text, pick);
}

function withPicks(room: Room, my_picks: Title[], me: number): Room {
  return withMember({ ...room, my_picks }, me, { picks: my_picks.length });
}

function withSwipes(room: Room, my_swipes: number, me: number): Room {
  return withMember({ ...room, my_swipes }, me, { swiped: my_swipes });
}
