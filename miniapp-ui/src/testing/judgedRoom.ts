/**
 * A room for tests that judges commands as the contract says, and keeps a log and messages. How a phone reaches it is
 * another matter.
 */
import type { Command, Event, Message, Room, Title, TitleRef, Verdict } from "../generated/wire";
import { typedTitle } from "../net/api";
import type { Lasting } from "../swiping/intents";
import type { MessageCommand } from "../sync/frames";
import { ME, emptyRoom, film } from "./rooms";

/** What became of a command. */
export type Answer = "done" | "already" | { refused: string };

export class JudgedRoom {
  readonly verdicts = new Map<string, Verdict>();
  readonly order: string[] = [];
  /** Everything that was judged, for a test to look at. */
  readonly heard: Lasting[] = [];
  /** What the room has ever held as liked, even for a moment. */
  readonly everLiked: string[] = [];
  /** What typed names are the names of, in the catalogue. */
  readonly catalogue = new Map<string, Title>();
  readonly deck: Title[];
  readonly log: { seq: number; event: Event }[] = [];
  room: Room;
  /** What has been said, each as it is now. */
  readonly messages: Message[] = [];
  /** Whether the database is away: nothing is said then. */
  speechless = false;
  /** Whoever waits for something to happen. */
  protected readonly waiting = new Set<() => void>();
  protected change = 0;

  constructor(deck: string[]) {
    this.deck = deck.map(film);
    this.room = emptyRoom(
      deck.length > 0 ? { phase: "swiping", deck_size: deck.length, queue: this.deck.slice(0, 3) } : {},
    );
  }

  view(): Room {
    const mine = { my_swipes: this.order.length, ...this.signalsLeft() };
    return structuredClone({ ...this.room, ...mine, queue: this.queue() });
  }

  /** What may still be signalled in this round. */
  protected signalsLeft() {
    const given = (verdict: Verdict) => ([...this.verdicts.values()].includes(verdict) ? 1 : 0);
    return {
      my_super_likes_left: 1 - given("super_like"),
      my_vetoes_left: (this.room.veto ? 1 : 0) - given("veto"),
    };
  }

  queue(): Title[] {
    return this.deck.filter((title) => !this.verdicts.has(title.id)).slice(0, 3);
  }

  /** What happened since, if all of it is still known. */
  protected missed(epoch: number | undefined, seq: number | undefined) {
    const missed = this.log.filter((one) => seq !== undefined && one.seq > seq);
    const whole = epoch === this.room.epoch && missed.length === this.room.seq - (seq ?? -1);
    return whole ? structuredClone(missed.map((one) => ({ ...one, at: "" }))) : null;
  }

  protected summary() {
    return { last: this.messages.length, change: this.change, read: 0, unread: 0, marks: {} };
  }

  protected newMessage(
    said: Pick<Message, "author" | "kind" | "text" | "key"> & { reply_to?: number | null },
  ): Message {
    this.change += 1;
    const message = {
      ...{ number: this.messages.length + 1, change: this.change, system: null, reply_to: null },
      ...{ reactions: {}, at: "", edited_at: null, deleted: false, ...said },
    };
    this.messages.push(message);
    this.wake();
    return structuredClone(message);
  }

  protected performTalk(command: MessageCommand): Message | "already" | { refused: string } {
    if (this.speechless) return { refused: "unavailable" };
    switch (command.type) {
      case "say": {
        const before = this.messages.find((message) => message.key === command.key);
        if (before) return structuredClone(before);
        if (command.text.trim() === "") return { refused: "invalid" };
        const { key, text, kind = "text", reply_to = null } = command;
        return this.newMessage({ author: ME, key, text, kind, reply_to });
      }
      case "read":
        return "already";
      default: {
        const message = this.messages[command.number - 1];
        if (message === undefined) return { refused: "message_not_found" };
        this.change += 1;
        message.change = this.change;
        if (command.type === "edit") message.text = command.text;
        else if (command.type === "unsay") message.deleted = true;
        else message.reactions = command.emoji === null ? {} : { [command.emoji]: [ME] };
        return structuredClone(message);
      }
    }
  }

  protected perform(command: Lasting): Answer {
    this.heard.push(command);
    const answer = this.#judge(command);
    if (answer === "done") {
      this.room.seq += 1;
      this.log.push({ seq: this.room.seq, event: this.eventOf(command) });
      this.wake();
    }
    return answer;
  }

  protected wake(): void {
    for (const wake of this.waiting) wake();
  }

  #judge(command: Lasting): Answer {
    switch (command.type) {
      case "swipe": {
        if (this.room.phase !== "swiping" || this.#isOfAnotherRound(command))
          return { refused: "wrong_phase" };
        const before = this.verdicts.get(command.title);
        if (before === command.verdict) return "already";
        if (before !== undefined) return { refused: "invalid" };
        if (command.verdict === "veto" && !this.room.veto) return { refused: "not_allowed" };
        const { my_super_likes_left, my_vetoes_left } = this.signalsLeft();
        if (command.verdict === "super_like" && my_super_likes_left === 0) return { refused: "invalid" };
        if (command.verdict === "veto" && my_vetoes_left === 0) return { refused: "invalid" };
        this.verdicts.set(command.title, command.verdict);
        this.order.push(command.title);
        if (command.verdict === "like" || command.verdict === "super_like")
          this.everLiked.push(command.title);
        return "done";
      }
      case "undo":
        if (this.#isOfAnotherRound(command)) return { refused: "wrong_phase" };
        if (!this.verdicts.has(command.title)) return "already";
        if (this.order.at(-1) !== command.title) return { refused: "invalid" };
        this.order.pop();
        this.verdicts.delete(command.title);
        return "done";
      case "pick": {
        const { title } = command;
        const picked = this.#resolved(title);
        if (this.room.my_picks.some((pick) => pick.id === picked.id)) return "already";
        if (this.room.my_picks.length >= this.room.picks_per_member) return { refused: "invalid" };
        this.room.my_picks = [...this.room.my_picks, picked];
        return "done";
      }
      case "unpick": {
        const gone = this.#resolved(command.title).id;
        const left = this.room.my_picks.filter((pick) => pick.id !== gone);
        if (left.length === this.room.my_picks.length) return "already";
        this.room.my_picks = left;
        return "done";
      }
      case "ready":
        return "done";
      case "configure":
        this.room = {
          ...this.room,
          name: command.name ?? this.room.name,
          leave_out_seen: command.leave_out_seen ?? this.room.leave_out_seen,
        };
        return "done";
    }
  }

  #resolved(title: TitleRef): Title {
    if ("id" in title) {
      const known = [...this.catalogue.values()].find((one) => one.id === title.id);
      return known ?? film(title.id);
    }
    return this.catalogue.get(title.text) ?? { ...typedTitle(title.text), id: "xserver" };
  }

  #isOfAnotherRound({ round }: { round?: number }): boolean {
    return round !== undefined && round !== this.room.round;
  }

  #withSignals<E extends object>(event: E) {
    return { ...event, swiped: this.order.length, ...this.signalsLeft() };
  }

  protected eventOf(command: Lasting): Event {
    switch (command.type) {
      case "swipe":
        return this.#withSignals({ type: "swiped", title: command.title, verdict: command.verdict });
      case "undo":
        return this.#withSignals({ type: "undone", member: ME, title: command.title });
      case "ready":
        return { type: "ready", member: ME, ready: command.ready };
      case "configure":
        return { type: "configured", ...this.room };
      default: {
        const picks = this.room.my_picks;
        return { type: "picked", member: ME, picks: picks.length, my_picks: picks };
      }
    }
  }
}

export function isOfMessages(command: Command): command is MessageCommand {
  return ["say", "edit", "unsay", "react", "read"].includes(command.type);
}
