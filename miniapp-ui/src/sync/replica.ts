/**
 * A replica of the server's room, with the commands of this phone that are not answered yet.
 *
 * Promises: events are applied once, in order and without a gap; what is shown as done is on disk first and is sent until
 * it is answered; an answer that never comes means a new connection. Must never: know what people do in the room (its
 * {@link Rules} do), or say again what was taken back.
 */
import type { Event, Happened, Room } from "../generated/wire";
import type { Keep } from "../net/keep";
import { CommandLine } from "./commandLine";
import type { Ack, Opened, Position, Refused, RoomFrame } from "./frames";
import { withMember, withPresence } from "./members";
import { RoomMessages } from "./messages";
import { Outbox } from "./outbox";
import type { Phone } from "./phone";
import type { RoomLine, Status } from "./roomLine";
import type { Intent, Rules, Unsaid } from "./rules";
import type { Attached, Side, SidePorts } from "./side";
import { RoomSignals } from "./signals";
import type { Page, PageQuery, RoomTimeline } from "./timeline";

/** A command that will not be done. */
export interface Refusal<I extends Intent> {
  code: string;
  intent: I | undefined;
}

export interface ReplicaPorts {
  phone: Phone;
  keep: Keep;
  now: () => number;
  /** The whole room, by HTTP; null when it cannot be had now. */
  fetchRoom: () => Promise<Room | null>;
  fetchPage: (query: PageQuery) => Promise<Page>;
}

export interface ReplicaListener<I extends Intent> {
  /** The room, as the server has it or as it will be, is another. */
  changed: () => void;
  status: (status: Status) => void;
  /** A whole room is about to take this one's place. */
  replaced: (before: Room, after: Room) => void;
  /** An event is about to be applied to the room as it is. */
  happened: (event: Event, room: Room) => void;
  /** A command is done; its event is about to be applied to the room as it is. */
  done: (intent: I, event: Event | null, room: Room) => void;
  /** What was shown as done will not be, and nobody has thought better of it. */
  discarded: (intent: I) => void;
  /** The same, once the room shows it. */
  refused: (refusal: Refusal<I>) => void;
  /** The room is no longer ours: nothing of it may stay on this phone. */
  forgotten: () => void;
}

export class Replica<I extends Intent> {
  readonly #me: number;
  readonly #ports: ReplicaPorts;
  readonly #listener: ReplicaListener<I>;
  readonly #rules: Rules<I>;
  readonly #outbox: Outbox<I>;
  readonly #commands: CommandLine<I>;
  readonly #messages: RoomMessages;
  /** What the room's own line does for the messages and for other parts. */
  readonly #ofLine: SidePorts;
  readonly #sides = new Set<Side>();
  readonly signals = new RoomSignals((signal, to) => this.#line?.signal(signal, to));
  /** The room on the phone's connection, while it is to be open. */
  #line: RoomLine | null = null;
  #room: Room;
  #fetching = false;

  constructor(room: Room, me: number, rules: Rules<I>, ports: ReplicaPorts, listener: ReplicaListener<I>) {
    this.#me = me;
    this.#ports = ports;
    this.#listener = listener;
    this.#rules = rules;
    this.#room = room;
    this.#outbox = new Outbox(ports.keep, `sovpalo.out.${me}.${room.code}.`, ports.now, rules);
    const line: SidePorts = {
      isOpen: () => this.#line?.isOpen === true,
      room: () => this.#room,
      send: (command: Parameters<RoomLine["send"]>[0]) => this.#line?.send(command) ?? 0,
      stalled: () => {
        this.#line?.stalled();
      },
      signal: (signal) => {
        this.#line?.signal(signal);
      },
    };
    this.#ofLine = line;
    this.#commands = new CommandLine(this.#outbox, (intent) => rules.asSent(intent), line);
    this.#messages = new RoomMessages(me, room, {
      ...line,
      keep: ports.keep,
      now: ports.now,
      fetchPage: ports.fetchPage,
      reopen: () => {
        this.#reopen();
      },
    });
  }

  /** Another part of the room, for as long as somebody looks at it: it is told what comes, and speaks for itself. */
  attach<S extends Side>(make: (ports: SidePorts) => S): Attached<S> {
    const side = make(this.#ofLine);
    this.#sides.add(side);
    if (this.#line?.isOpen === true) side.opened();
    const detach = () => {
      side.lost();
      this.#sides.delete(side);
    };
    return { side, detach };
  }

  /** The room's messages. */
  get timeline(): RoomTimeline {
    return this.#messages;
  }

  /** The room as the server has confirmed it. */
  get room(): Room {
    return this.#room;
  }

  /** The server's room with everything done that is on its way. */
  get foreseen(): Room {
    const waiting = this.#rules.current(this.#outbox.intents, this.#room);
    return waiting.reduce((seen, intent) => this.#rules.foresee(seen, intent, this.#me), this.#room);
  }

  /** How many of my commands are not confirmed. */
  get pending(): number {
    return this.#commands.pending;
  }

  start(): void {
    this.#listener.changed();
    this.#line ??= this.#ports.phone.open(this.#room.code, {
      position: () => this.#position(),
      status: (status) => {
        this.#statusChanged(status);
      },
      opened: (opened) => {
        this.#opened(opened);
      },
      frame: (frame) => {
        this.#take(frame);
      },
      stands: ({ seq, change }) => {
        if (seq > this.#room.seq) this.#reopen();
        else this.#messages.stands(change);
      },
    });
  }

  stop(): void {
    this.#lost();
    this.#line?.close();
    this.#line = null;
  }

  /** Kept until it is answered, and shown as done at once. */
  do(unsaid: Unsaid<I>): void {
    this.#outbox.add(unsaid);
    this.#listener.changed();
    this.#commands.flush();
  }

  /** Whether something is still to be said about the same thing as this command. */
  isUnanswered(command: I["command"]): boolean {
    const about = this.#rules.subject(command);
    return this.#outbox.intents.some((intent) => this.#rules.subject(intent.command) === about);
  }

  /** More is known now of what a command is about. */
  amend(command: I["command"], change: Partial<Unsaid<I>>): void {
    this.#outbox.amend(command, change);
  }

  /** The whole room, from an HTTP answer. An older one than what is here is ignored. */
  adopt(room: Room): void {
    if (this.#adopted(room)) this.#listener.changed();
  }

  /** Resolves when everything is answered, or after `patience`: what follows must not overtake it. */
  settled(patience = 4_000): Promise<void> {
    const started = this.#ports.now();
    return new Promise((resolve) => {
      const look = () => {
        if (this.pending === 0 || this.#ports.now() - started > patience) resolve();
        else setTimeout(look, 40);
      };
      look();
    });
  }

  /** The room is no longer ours: nothing of it stays on this phone. */
  forget(): void {
    this.stop();
    this.#outbox.clear();
    this.#messages.forget();
    this.#listener.forgotten();
  }

  #adopted(room: Room): boolean {
    if (room.epoch === this.#room.epoch && room.seq < this.#room.seq) return false;
    this.#replace(room);
    return true;
  }

  #replace(room: Room): void {
    this.#listener.replaced(this.#room, room);
    this.#room = room;
  }

  #position(): Position {
    const { epoch, seq } = this.#room;
    const { change } = this.#messages;
    return { epoch, seq, ...(change === null ? {} : { change }) };
  }

  /** Either the whole room, or what happened since. */
  #opened(opened: Opened): void {
    const { state, events = [], epoch } = opened;
    if (state !== undefined) this.#replace(state);
    else {
      // Who is in the voice chat is told anew.
      for (const { id, voice } of this.#room.members) if (voice) this.#hasVoice(id, false);
      // Another history than the one that was asked about, and no word of how it stands.
      if (epoch !== this.#room.epoch) void this.#refetch();
      else for (const event of events) this.#happened(event);
    }
    this.#commands.opened();
    this.#messages.opened(opened);
    for (const side of this.#sides) side.opened();
    this.signals.tell((listener) => listener.opened());
    this.#listener.changed();
  }

  #take(frame: RoomFrame): void {
    this.#fold(frame);
    // They find the room as it is after the frame.
    for (const side of this.#sides) side.take(frame);
  }

  #fold(frame: RoomFrame): void {
    if (this.#messages.take(frame)) return;
    switch (frame.type) {
      case "event":
        this.#happened(frame);
        return;
      case "ack":
        this.#acknowledged(frame);
        return;
      case "state":
        this.adopt(frame.state);
        return;
      case "done":
        this.#done(frame.id, frame.state);
        return;
      case "refused":
        if (frame.id === null) this.signals.tell((listener) => listener.refused(frame.code));
        else if (this.#commands.isOurs(frame.id)) this.#refused(frame);
        return;
      case "signal":
        if (frame.signal.type === "voice") {
          this.#hasVoice(frame.from, frame.signal.on);
          this.#listener.changed();
        }
        this.signals.tell((listener) => listener.signal(frame.from, frame.signal));
        return;
      case "presence":
        this.#room = withPresence(this.#room, frame);
        this.#listener.changed();
        return;
      default:
      // A newer server's frame: not ours to understand.
    }
  }

  #hasVoice(member: number, voice: boolean): void {
    this.#room = withMember(this.#room, member, { voice });
  }

  #happened({ seq, event }: Happened): void {
    if (seq <= this.#room.seq) return;
    if (seq > this.#room.seq + 1) {
      this.#reopen();
      return;
    }
    this.#listener.happened(event, this.#room);
    const folded = this.#rules.fold(this.#room, event, this.#me);
    this.#room = { ...folded.room, seq };
    this.#listener.changed();
    if (folded.stale) void this.#refetch();
  }

  /** What the command became comes with its answer, and only there. */
  #acknowledged(ack: Ack): void {
    const { id, seq } = ack;
    const event = ack.event ?? null;
    const done = this.#commands.acknowledged(id);
    if (done !== undefined) this.#listener.done(done, event, this.#room);
    if (event !== null && seq > this.#room.seq + 1) {
      this.#listener.changed();
      this.#reopen();
      return;
    }
    if (event !== null && seq === this.#room.seq + 1) {
      this.#room = { ...this.#rules.fold(this.#room, event, this.#me).room, seq };
    }
    this.#room = this.#rules.answered(this.#room, ack);
    this.#answered();
  }

  /** By HTTP the answer to a command is the whole room after it; what led there is told again and passed over. */
  #done(id: number, room: Room | null): void {
    this.#commands.acknowledged(id);
    if (room !== null) this.#adopted(room);
    this.#answered();
  }

  #answered(): void {
    this.#listener.changed();
    this.#commands.flush();
  }

  #refused(frame: Refused): void {
    const intent = this.#commands.refused(frame);
    if (intent === "later") return;
    const obsolete = intent !== undefined && this.#isObsolete(intent);
    if (intent !== undefined && !obsolete) this.#listener.discarded(intent);
    this.#listener.changed();
    if (!obsolete) this.#listener.refused({ code: frame.code, intent });
    // What was shown as done is not: the server's own room is what counts now.
    void this.#refetch();
    this.#commands.flush();
  }

  /** What the person has meanwhile changed their mind about, or what came too late, is not worth a word. */
  #isObsolete(intent: I): boolean {
    return this.#outbox.overridden(intent) || this.#rules.current([intent], this.#room).length === 0;
  }

  #statusChanged(status: Status): void {
    if (status !== "open" && status !== "polling") this.#lost();
    if (typeof status === "object" && status.ended !== "session") this.forget();
    this.#listener.status(status);
  }

  #reopen(): void {
    this.#line?.reopen();
  }

  #lost(): void {
    this.#commands.lost();
    this.#messages.lost();
    for (const side of this.#sides) side.lost();
  }

  async #refetch(): Promise<void> {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      const room = await this.#ports.fetchRoom();
      if (room !== null) this.adopt(room);
    } finally {
      this.#fetching = false;
    }
  }
}
