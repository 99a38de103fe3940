/**
 * A server of one room and one phone, for tests: speaks version 2 of the contract, judges commands as it says, keeps a log and
 * messages, and can lose connections at any point, before or after it has acted. It is reached by sockets, or by HTTP alone.
 */
import type { Command, Event, Room, Title, TitleRef, Updates, Verdict } from "../generated/wire";
import { type Connection, type Outcome, type Question, Refused, Unreachable, typedTitle } from "../net/api";
import type { Lasting } from "../swiping/intents";
import type { Asked, Frame, MessageCommand, Signal, Wire } from "../sync/frames";
import { LaterWire } from "../sync/laterWire";
import { type News, PollingWire } from "../sync/polling";
import type { Message } from "../sync/timeline";

export const ME = 1001;
export const OTHER = 1002;

export function film(id: string): Title {
  return { ...typedTitle(id), id, kind: "film", name: `Film ${id}` };
}

export function emptyRoom(change: Partial<Room> = {}): Room {
  const member = (id: number, name: string) => ({
    id,
    name,
    photo_url: null,
    ready: false,
    picks: 0,
    swiped: 0,
    online: true,
    away: false,
  });
  return {
    code: "7H3M00NS",
    name: "Movie night",
    phase: "lobby",
    round: 1,
    epoch: 7,
    seq: 3,
    host: ME,
    rule: { kind: "unanimous" },
    goal: { kind: "whole_deck" },
    picks_per_member: 5,
    deck: null,
    members: [member(ME, "Me"), member(OTHER, "Other")],
    my_picks: [],
    deck_size: 0,
    queue: [],
    my_swipes: 0,
    matches: [],
    results: null,
    finalists: 0,
    invite_url: null,
    ...change,
  };
}

type Loss = "none" | "before" | "after";

/**
 * What becomes of a socket on its way: it works; is refused (400, 403, 426: the page cannot tell); opens and ends at
 * once; opens and nothing ever comes; or is cut after the room was opened.
 */
export type Sockets = "work" | "refused" | "ended" | "swallowed" | "cut";

export class FakeRoom {
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
  /** Whether the next command is lost on its way, or its answer is. */
  loss: () => Loss = () => "none";
  wire: (Wire & { open: boolean }) | null = null;
  /** The addresses of all sockets. */
  opened: string[] = [];
  /** Every `open`, and where the phone said it was. */
  readonly opens: { id: number; open: string; epoch?: number; seq?: number; change?: number }[] = [];
  /** What was sent for those who are here right now. */
  readonly signals: Signal[] = [];
  /** What has been said, each as it is now. */
  readonly messages: Message[] = [];
  /** So many missed messages are sent at most. */
  mostMissed = 500;
  /** Whether the database is away: nothing is said then. */
  speechless = false;
  reachable = true;
  sockets: Sockets = "work";
  /** Every question for updates. */
  asked: Question[] = [];
  /** A proxy that lets no request live for longer, in ms. */
  cutAfter: number | null = null;
  /** A refusal for the next request by HTTP. */
  refuse: Refused | null = null;
  readonly #waiting = new Set<() => void>();
  /** Whose word counts: the newest connection's. */
  #speaker: unknown = null;
  #closeWith: number | null = null;
  #refuseOpen: string | null = null;
  #isOpen = false;
  #change = 0;

  constructor(deck: string[]) {
    this.deck = deck.map(film);
    this.room = emptyRoom(
      deck.length > 0 ? { phase: "swiping", deck_size: deck.length, queue: this.deck.slice(0, 3) } : {},
    );
  }

  view(): Room {
    return structuredClone({ ...this.room, queue: this.queue(), my_swipes: this.order.length });
  }

  queue(): Title[] {
    return this.deck.filter((title) => !this.verdicts.has(title.id)).slice(0, 3);
  }

  open = (path: string): Wire => {
    this.opened.push(path);
    const wire = {
      open: true,
      onmessage: null as Wire["onmessage"],
      onclose: null as Wire["onclose"],
      send: (text: string) => {
        // Never within the call: a network answers later.
        queueMicrotask(() => {
          if (wire.open) this.#receive(wire, text);
        });
      },
      close: () => {
        wire.open = false;
      },
    };
    queueMicrotask(() => {
      if (this.sockets === "swallowed") {
        this.#speaker = wire;
        return;
      }
      if (this.sockets === "refused" || this.sockets === "ended") {
        wire.open = false;
        wire.onclose?.({ code: 1006, reason: "" });
        return;
      }
      this.wire = wire;
      this.#isOpen = false;
      if (!this.reachable || this.#closeWith !== null) {
        const code = this.#closeWith ?? 1006;
        this.#closeWith = null;
        wire.open = false;
        wire.onclose?.({ code, reason: "" });
        return;
      }
      this.#speaker = wire;
      this.#tell(wire, { type: "hello", now: Date.now() });
      if (this.sockets === "cut") this.close(1006);
    });
    return wire;
  };

  /** As a page does it: the code comes first. */
  poll = (device: string): Wire => {
    const ports = { updates: this.updates, command: this.command, now: Date.now };
    return new LaterWire(() => Promise.resolve(new PollingWire(ports, device)));
  };

  updates = async (_room: string, question: Question, signal: AbortSignal): Promise<News | null> => {
    this.asked.push(question);
    await this.#reached(signal);
    const { connection, epoch, seq, wait = 0 } = question;
    if (connection === "new") {
      this.#speaker = `http-${this.asked.length}`;
      const current = epoch === this.room.epoch && seq === this.room.seq;
      const since = current ? this.#since(epoch, seq) : this.#since(undefined, undefined);
      return { ...since, connection: this.#speaker as string };
    }
    const missed = () =>
      this.messages.filter((message) => message.change > (question.change ?? this.#change));
    const news = () => ({ ...this.#since(epoch, seq), messages: structuredClone(missed()) });
    if (epoch !== this.room.epoch || seq !== this.room.seq || missed().length > 0) return news();
    const happened = await new Promise<boolean>((resolve, reject) => {
      const wake = () => {
        resolve(true);
      };
      this.#waiting.add(wake);
      setTimeout(() => {
        resolve(false);
      }, wait * 1000);
      if (this.cutAfter !== null) {
        setTimeout(() => {
          reject(new Unreachable("cut"));
        }, this.cutAfter);
      }
      signal.addEventListener("abort", () => {
        reject(new Unreachable("given up"));
      });
    });
    this.#waiting.clear();
    await this.#reached(signal);
    return happened ? news() : null;
  };

  command = async (
    _room: string,
    command: Command | MessageCommand,
    connection: Connection,
    signal: AbortSignal,
  ): Promise<Outcome> => {
    await this.#reached(signal);
    const loss = this.loss();
    if (loss === "before") throw new Unreachable("lost");
    if (connection.connection !== this.#speaker) throw new Refused(409, "fenced", "");
    const answer = isOfMessages(command) ? this.#say(command) : this.#do(command as Lasting);
    if (loss === "after") throw new Unreachable("lost");
    if (typeof answer === "object" && "refused" in answer) throw new Refused(422, answer.refused, "");
    return { seq: this.room.seq, room: this.view() };
  };

  async #reached(signal: AbortSignal): Promise<void> {
    await Promise.resolve();
    const { refuse } = this;
    this.refuse = null;
    if (refuse !== null) throw refuse;
    if (!this.reachable || signal.aborted) throw new Unreachable("no network");
  }

  #since(epoch: number | undefined, seq: number | undefined): Updates {
    const at = { epoch: this.room.epoch, seq: this.room.seq, presence: { online: [ME], mark: "m" } };
    const events = this.#missed(epoch, seq);
    return events === null ? { ...at, state: this.view() } : { ...at, events };
  }

  /** What happened since, if all of it is still known. */
  #missed(epoch: number | undefined, seq: number | undefined) {
    const missed = this.log.filter((one) => seq !== undefined && one.seq > seq);
    const whole = epoch === this.room.epoch && missed.length === this.room.seq - (seq ?? -1);
    return whole ? structuredClone(missed.map((one) => ({ ...one, at: "" }))) : null;
  }

  /** Ends the connection with this code, and perhaps a word about why. */
  close(code: number, reason = ""): void {
    const { wire } = this;
    if (!wire) return;
    wire.open = false;
    wire.onclose?.({ code, reason });
  }

  /** Ends the next connection at once with this code. */
  refuseNext(code: number): void {
    this.#closeWith = code;
  }

  /** Refuses to open the room the next time. */
  refuseOpen(code: string): void {
    this.#refuseOpen = code;
  }

  /** Ends the room on the socket. */
  closeRoom(code: string): void {
    this.#isOpen = false;
    this.say({ type: "closed", room: this.room.code, code });
  }

  /** Something that somebody else did. */
  happens(event: Event, told = true): void {
    this.room.seq += 1;
    if (event.type === "match_found") {
      const { number, round, title, at } = event;
      this.room.matches = [...this.room.matches, { number, round, title, at }];
    }
    this.log.push({ seq: this.room.seq, event });
    this.#wake();
    if (told) this.#toRoom({ type: "event", room: this.room.code, seq: this.room.seq, at: "", event });
  }

  /** Somebody else says something. */
  says(text: string, told = true): Message {
    const message = this.#message({ author: OTHER, kind: "text", text, key: null });
    if (told) this.#toRoom({ type: "message", room: this.room.code, message });
    return message;
  }

  say(frame: Frame): void {
    if (this.wire) this.#tell(this.wire, frame);
  }

  #toRoom(frame: Frame): void {
    if (this.#isOpen) this.say(frame);
  }

  #tell(wire: Wire & { open: boolean }, frame: Frame): void {
    if (wire.open) wire.onmessage?.({ data: JSON.stringify(frame) });
  }

  #receive(wire: Wire & { open: boolean }, text: string): void {
    const asked = JSON.parse(text) as Asked;
    if ("open" in asked) this.#opens(wire, asked);
    else if ("close" in asked) {
      this.#isOpen = false;
      this.#tell(wire, { type: "ack", id: asked.id, room: asked.close, seq: this.room.seq });
    } else if ("signal" in asked) this.signals.push(asked.signal);
    else this.#receiveCommand(wire, asked);
  }

  #opens(wire: Wire & { open: boolean }, asked: Extract<Asked, { open: string }>): void {
    const { id, open: room, epoch, seq, change } = asked;
    this.opens.push(asked);
    const code = this.#refuseOpen;
    this.#refuseOpen = null;
    if (code !== null) {
      this.#tell(wire, { type: "refused", id, room, code, message: "" });
      return;
    }
    this.#isOpen = true;
    const events = this.#missed(epoch, seq);
    const summary = this.#summary();
    const news = events === null ? { state: this.view(), messages: summary } : { events, messages: summary };
    const at = { epoch: this.room.epoch, seq: this.room.seq };
    this.#tell(wire, { type: "opened", id, room, ...at, ...news });
    if (change === undefined) return;
    const missed = this.messages.filter((message) => message.change > change);
    missed.sort((a, b) => a.change - b.change);
    if (missed.length > this.mostMissed) this.#tell(wire, { type: "messages_gap", room, from: change });
    else for (const message of missed) this.#tell(wire, { type: "message", room, message });
  }

  #receiveCommand(
    wire: Wire & { open: boolean },
    { id, room, ...asked }: { id: number; room: string } & (Command | MessageCommand),
  ): void {
    const command = asked as Lasting | MessageCommand;
    const loss = this.loss();
    if (loss === "before") {
      this.close(1006);
      return;
    }
    if (this.#speaker !== wire) {
      this.close(4409);
      return;
    }
    if (!this.#isOpen) {
      this.#tell(wire, { type: "refused", id, room, code: "not_open", message: "" });
      return;
    }
    const answer = isOfMessages(command) ? this.#say(command) : this.#do(command);
    if (loss === "after") {
      this.close(1006);
      return;
    }
    if (typeof answer === "object" && "refused" in answer) {
      this.#tell(wire, { type: "refused", id, room, code: answer.refused, message: "" });
      return;
    }
    const ack = { type: "ack", id, room, seq: this.room.seq } as const;
    if (isOfMessages(command)) {
      this.#tell(wire, {
        ...ack,
        event: null,
        queue: null,
        message: typeof answer === "object" ? answer : null,
      });
      return;
    }
    const event = answer === "done" ? { event: this.#event(command) } : { event: null };
    this.#tell(wire, { ...ack, queue: this.queue(), ...event });
  }

  #summary() {
    return { last: this.messages.length, change: this.#change, read: 0, unread: 0, marks: {} };
  }

  #message(said: Pick<Message, "author" | "kind" | "text" | "key"> & { reply_to?: number | null }): Message {
    this.#change += 1;
    const message = {
      ...{ number: this.messages.length + 1, change: this.#change, system: null, reply_to: null },
      ...{ reactions: {}, at: "", edited_at: null, deleted: false, ...said },
    };
    this.messages.push(message);
    this.#wake();
    return structuredClone(message);
  }

  #say(command: MessageCommand): Message | "already" | { refused: string } {
    if (this.speechless) return { refused: "unavailable" };
    switch (command.type) {
      case "say": {
        const before = this.messages.find((message) => message.key === command.key);
        if (before) return structuredClone(before);
        if (command.text.trim() === "") return { refused: "invalid" };
        const { key, text, kind, reply_to = null } = command;
        return this.#message({ author: ME, key, text, kind, reply_to });
      }
      case "read":
        return "already";
      default: {
        const message = this.messages[command.number - 1];
        if (message === undefined) return { refused: "message_not_found" };
        this.#change += 1;
        message.change = this.#change;
        if (command.type === "edit") message.text = command.text;
        else if (command.type === "unsay") message.deleted = true;
        else message.reactions = command.emoji === null ? {} : { [command.emoji]: [ME] };
        return structuredClone(message);
      }
    }
  }

  #do(command: Lasting): "done" | "already" | { refused: string } {
    this.heard.push(command);
    const answer = this.#judge(command);
    if (answer === "done") {
      this.room.seq += 1;
      this.log.push({ seq: this.room.seq, event: this.#event(command) });
      this.#wake();
    }
    return answer;
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  #judge(command: Lasting): "done" | "already" | { refused: string } {
    switch (command.type) {
      case "swipe": {
        if (this.room.phase !== "swiping" || this.#isOfAnotherRound(command))
          return { refused: "wrong_phase" };
        const before = this.verdicts.get(command.title);
        if (before === command.verdict) return "already";
        if (before !== undefined) return { refused: "invalid" };
        this.verdicts.set(command.title, command.verdict);
        this.order.push(command.title);
        if (command.verdict === "like") this.everLiked.push(command.title);
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
        this.room = { ...this.room, name: command.name ?? this.room.name };
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

  #event(command: Lasting): Event {
    switch (command.type) {
      case "swipe":
        return { type: "swiped", title: command.title, verdict: command.verdict };
      case "undo":
        return { type: "undone", member: ME, swiped: this.order.length, title: command.title };
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

function isOfMessages(command: Command | MessageCommand): command is MessageCommand {
  return ["say", "edit", "unsay", "react", "read"].includes(command.type);
}
