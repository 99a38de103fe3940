/**
 * A room's line of messages on this phone: what is done to them until it is answered, and what comes, to whoever listens.
 *
 * Promises: each of a room's changes reaches the listeners once and in order, or they are told of the gap; what was said is on
 * disk until it is answered. Must never: keep messages (who shows them does).
 */
import type { Room } from "../generated/wire";
import type { Keep } from "../net/keep";
import { CommandLine, type CommandLinePorts } from "./commandLine";
import type { Ack, MessageCommand, Opened, Refused, RoomFrame, Signal } from "./frames";
import { Outbox, type OutboxRules } from "./outbox";
import type { Intent } from "./rules";
import type {
  Message,
  Page,
  MessagesSummary,
  Outcome,
  PageQuery,
  RoomTimeline,
  TimelineListener,
} from "./timeline";

export interface MessagesPorts extends CommandLinePorts {
  keep: Keep;
  now: () => number;
  signal: (signal: Signal) => void;
  /** Something is missing: the room is to be opened again. */
  reopen: () => void;
  fetchPage: (query: PageQuery) => Promise<Page>;
}

interface MessageIntent extends Intent {
  command: MessageCommand;
}

/** So many commands wait for an answer at most; whatever is said beyond is refused at once. */
export const MAX_WAITING = 200;
/** How long nobody needs to be told again that somebody is typing, in ms. */
export const TYPING_PAUSE = 3_000;

const TYPES = new Set<unknown>(["say", "edit", "unsay", "react", "read"] satisfies MessageCommand["type"][]);

const rules: OutboxRules<MessageIntent> = {
  isIntent(kept): kept is MessageIntent {
    const { id, command } = (kept ?? {}) as Partial<Record<keyof MessageIntent, unknown>>;
    return Number.isSafeInteger(id) && TYPES.has((command as { type?: unknown } | null | undefined)?.type);
  },
  subject(command) {
    switch (command.type) {
      case "say":
        return `say ${command.key}`;
      case "read":
        return "read";
      case "react":
        return `react ${command.number}`;
      default:
        return `text ${command.number}`;
    }
  },
  // Sending twice is sending once, and each has its place among the others.
  compact: (intents) => [...intents],
};

export class RoomMessages implements RoomTimeline {
  readonly me: number;
  readonly #ports: MessagesPorts;
  readonly #outbox: Outbox<MessageIntent>;
  readonly #line: CommandLine<MessageIntent>;
  readonly #listeners = new Set<TimelineListener>();
  /** Whoever waits for what became of a command, by its id in the outbox. */
  readonly #waiting = new Map<number, (outcome: Outcome) => void>();
  #summary: MessagesSummary | null = null;
  /** The last change that came; null where the next one is the first. */
  #change: number | null = null;
  /** Where the room's messages stood when it was opened last: what is not sent up to there was overtaken by a later change. */
  #stood = 0;
  /** After which change the room was opened again because the next one was not there. */
  #doubted: number | null = null;
  #typedAt = -TYPING_PAUSE;

  constructor(me: number, room: Room, ports: MessagesPorts) {
    this.me = me;
    this.#ports = ports;
    // Where they stood when somebody asked for the room: what came since follows once it is open.
    this.#summary = room.messages ?? null;
    this.#change = room.messages?.change ?? null;
    this.#outbox = new Outbox(ports.keep, `sovpalo.say.${me}.${room.code}.`, ports.now, rules);
    this.#line = new CommandLine(this.#outbox, ({ command }) => command, ports);
  }

  /** The last change that is here, for the server to add to. */
  get change(): number | null {
    return this.#change;
  }

  say({ key, text, kind, replyTo }: Parameters<RoomTimeline["say"]>[0]): Promise<Outcome> {
    return this.#do({
      type: "say",
      key,
      text,
      kind,
      ...(replyTo === undefined ? {} : { reply_to: replyTo }),
    });
  }

  edit(number: number, text: string): Promise<Outcome> {
    return this.#do({ type: "edit", number, text });
  }

  unsay(number: number): Promise<Outcome> {
    return this.#do({ type: "unsay", number });
  }

  react(number: number, emoji: string | null): Promise<Outcome> {
    return this.#do({ type: "react", number, emoji });
  }

  read(number: number): void {
    const before = this.#outbox.intents.some(
      ({ command }) => command.type === "read" && command.number >= number,
    );
    if (before || number <= (this.#summary?.read ?? 0)) return;
    void this.#do({ type: "read", number });
  }

  typing(): void {
    const now = this.#ports.now();
    if (!this.#ports.isOpen() || now - this.#typedAt < TYPING_PAUSE) return;
    this.#typedAt = now;
    this.#ports.signal({ type: "typing" });
  }

  fetchPage(query: PageQuery): Promise<Page> {
    return this.#ports.fetchPage(query);
  }

  subscribe(listener: TimelineListener): () => void {
    this.#listeners.add(listener);
    if (this.#summary !== null) listener.summary(this.#summary);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** The room is open: what was missed follows, if anything was here before. */
  opened({ state, messages }: Opened): void {
    const summary = messages ?? state?.messages;
    if (summary !== undefined) {
      this.#change ??= summary.change;
      this.#stood = summary.change;
      this.#summary = summary;
      this.#tell((listener) => listener.summary(summary));
    }
    this.#line.opened();
  }

  lost(): void {
    this.#line.lost();
  }

  /** Whether this was for the messages. */
  take(frame: RoomFrame): boolean {
    switch (frame.type) {
      case "message":
        this.#arrived(frame.message);
        return true;
      case "messages_gap":
        this.#change = null;
        this.#tell((listener) => listener.gap(frame.from));
        return true;
      case "read":
        this.#hasRead(frame.member, frame.number);
        return true;
      case "signal":
        if (frame.signal.type !== "typing") return false;
        this.#tell((listener) => listener.typing(frame.from));
        return true;
      case "ack":
        return this.#line.isOurs(frame.id) && this.#acknowledged(frame);
      case "done":
        return this.#line.isOurs(frame.id) && this.#settle(frame.id);
      case "refused":
        return this.#line.isOurs(frame.id) && this.#refused(frame);
      default:
        return false;
    }
  }

  /** The room's messages stand here; less than that is here if something was lost. */
  stands(change: number): void {
    if (this.#change !== null && change > this.#change) this.#ports.reopen();
  }

  /** The room is no longer ours: nothing of it stays on this phone. */
  forget(): void {
    this.lost();
    this.#outbox.clear();
    for (const resolve of this.#waiting.values()) resolve("refused:not_a_member");
    this.#waiting.clear();
  }

  #do(command: MessageCommand): Promise<Outcome> {
    if (this.#line.pending >= MAX_WAITING) return Promise.resolve("refused:too_many");
    const { id } = this.#outbox.add({ command });
    const outcome = new Promise<Outcome>((resolve) => this.#waiting.set(id, resolve));
    this.#line.flush();
    return outcome;
  }

  #arrived(message: Message): void {
    const { change } = message;
    if (this.#change !== null && change <= this.#change) return;
    if (this.#change !== null && this.#isAmiss(change, this.#change)) {
      this.#doubted = this.#change;
      this.#ports.reopen();
      return;
    }
    this.#change = change;
    if (this.#summary !== null) this.#summary = withMessage(this.#summary, message, this.me);
    this.#tell((listener) => listener.message(message));
  }

  /**
   * Whether something may be missing between two changes. A change that was overtaken by the next one of its message is never sent,
   * so asking once is enough.
   */
  #isAmiss(change: number, known: number): boolean {
    return change > Math.max(known, this.#stood) + 1 && this.#doubted !== known;
  }

  #hasRead(member: number, number: number): void {
    if (member === this.me && this.#summary !== null) {
      const { read, last, unread } = this.#summary;
      this.#summary = {
        ...this.#summary,
        read: Math.max(read, number),
        unread: number >= last ? 0 : unread,
      };
    }
    this.#tell((listener) => listener.read(member, number));
  }

  #acknowledged({ id, message }: Ack): boolean {
    this.#settle(id);
    if (message) this.#arrived(message);
    return true;
  }

  #settle(id: number): boolean {
    this.#line.acknowledged(id);
    const left = new Set(this.#outbox.intents.map((intent) => intent.id));
    for (const [waiting, resolve] of this.#waiting) {
      if (left.has(waiting)) continue;
      this.#waiting.delete(waiting);
      resolve("done");
    }
    this.#line.flush();
    return true;
  }

  #refused(frame: Refused): boolean {
    const intent = this.#line.refused(frame);
    if (intent === "later" || intent === undefined) return true;
    this.#waiting.get(intent.id)?.(`refused:${frame.code}`);
    this.#waiting.delete(intent.id);
    this.#line.flush();
    return true;
  }

  #tell(what: (listener: TimelineListener) => void): void {
    for (const listener of this.#listeners) what(listener);
  }
}

/** Where the messages stand once this one is among them, for whoever begins to listen later. */
function withMessage(summary: MessagesSummary, message: Message, me: number): MessagesSummary {
  const { number, change, author, kind, deleted } = message;
  const stands = { ...summary, change, last: Math.max(summary.last, number) };
  if (number <= summary.last) return stands;
  // What I say myself moves my mark.
  if (author === me) return { ...stands, read: number, unread: 0 };
  return kind === "system" || deleted ? stands : { ...stands, unread: summary.unread + 1 };
}
