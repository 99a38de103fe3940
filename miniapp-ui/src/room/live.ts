/**
 * A room as one phone lives in it: the server's room, plus what the person has done and the server has not
 * confirmed yet.
 *
 * Promises: what a screen shows as done is on disk first and is said until it is answered; the top card never
 * changes while somebody looks at it; a refusal takes back what was shown and says so. Must never: show
 * another's verdict (it is never told), or say again what was taken back.
 */
import type { Match, Room, ServerFrame, Title, TitleRef, Verdict } from "../generated/wire";
import { isUnanswered, typedTitle } from "../net/api";
import type { Keep } from "../net/keep";
import { fold, withPresence } from "./fold";
import { type Intent, type Lasting, asSent, current, foresee } from "./intents";
import { RoomMemory, type Swiped } from "./memory";
import { Outbox } from "./outbox";
import { type Ended, type Frame, RoomSocket, type SocketPorts, type Status } from "./socket";

/** All that a screen needs to draw the room. */
export interface RoomView {
  room: Room;
  /** My next cards, the top one first. */
  cards: Title[];
  /** The swipe that can be taken back now. */
  undoable: Swiped | null;
  /** Matches that this phone has not celebrated yet, oldest first. */
  uncelebrated: Match[];
  /** How many of my commands are not confirmed. */
  pending: number;
}

/** A command that will not be done. */
export interface RefusedIntent {
  code: string;
  intent: Intent | undefined;
}

export interface LivePorts extends SocketPorts {
  keep: Keep;
  now: () => number;
  /** The whole room, by HTTP; null when it cannot be had now. */
  fetchRoom: () => Promise<Room | null>;
}

export interface LiveListener {
  view: (view: RoomView) => void;
  status: (status: Status) => void;
  refused: (refused: RefusedIntent) => void;
}

/** So many commands are on their way at once; the server takes 20 a second. */
const WINDOW = 8;
/** A command without an answer for so long means a dead connection. */
const ANSWER = 8_000;
/** What the server says when a command may be said again later. */
const PASSING = new Set(["too_many", "unavailable"]);

export class LiveRoom {
  readonly #me: number;
  readonly #ports: LivePorts;
  readonly #listener: LiveListener;
  readonly #outbox: Outbox;
  readonly #memory: RoomMemory;
  readonly #socket: RoomSocket;
  #room: Room;
  #cards: Title[] = [];
  readonly #sent = new Set<number>();
  #answerTimer: ReturnType<typeof setTimeout> | undefined;
  #fetching = false;

  constructor(room: Room, me: number, ports: LivePorts, listener: LiveListener) {
    this.#me = me;
    this.#ports = ports;
    this.#listener = listener;
    this.#room = room;
    this.#outbox = new Outbox(ports.keep, me, room.code, ports.now);
    this.#memory = new RoomMemory(ports.keep, me, room.code);
    if (this.#memory.celebrated === null) this.#memory.celebrate(latest(room));
    this.#socket = new RoomSocket(room.code, ports, {
      device: this.#outbox.device,
      position: () => ({ epoch: this.#room.epoch, seq: this.#room.seq }),
      frame: (frame) => {
        this.#take(frame);
      },
      status: (status) => {
        this.#statusChanged(status);
      },
    });
  }

  start(): void {
    this.#changed();
    this.#socket.start();
  }

  stop(): void {
    clearTimeout(this.#answerTimer);
    this.#socket.stop();
  }

  /** The phone is awake or online again. */
  wake(): void {
    this.#socket.wake();
  }

  /** The network is gone: whatever is on its way may never arrive. */
  sleep(): void {
    this.#socket.resync();
  }

  swipe(title: Title, verdict: Verdict): void {
    this.#memory.push(this.#room, { title, verdict });
    this.#do({ type: "swipe", title: title.id, verdict }, title);
  }

  undo(): void {
    const last = this.view().undoable;
    if (last === null) return;
    this.#memory.drop(this.#room, last.title.id);
    this.#cards = [last.title, ...this.#cards.filter((card) => card.id !== last.title.id)];
    this.#do({ type: "undo", title: last.title.id }, last.title);
  }

  ready(ready: boolean): void {
    this.#do({ type: "ready", ready });
  }

  pick(title: Title | { text: string }): void {
    if ("text" in title) this.#do({ type: "pick", title }, typedTitle(title.text));
    else this.#do({ type: "pick", title: { id: title.id } }, title);
  }

  unpick(title: Title): void {
    // Until the server has answered, its text is all that a typed title is known by.
    const ref: TitleRef = isUnanswered(title) ? { text: title.name } : { id: title.id };
    this.#do({ type: "unpick", title: ref }, title);
  }

  configure(change: Omit<Extract<Lasting, { type: "configure" }>, "type">): void {
    this.#do({ type: "configure", ...change });
  }

  /** This match has had its moment. */
  celebrated(number: number): void {
    this.#memory.celebrate(Math.max(this.#memory.celebrated ?? 0, number));
    this.#changed();
  }

  /** The whole room, from an HTTP answer. An older one than what is here is ignored. */
  adopt(room: Room): void {
    if (this.#replace(room)) this.#changed();
  }

  #replace(room: Room): boolean {
    const other = room.epoch !== this.#room.epoch;
    if (!other && room.seq < this.#room.seq) return false;
    if (other || room.round !== this.#room.round) this.#cards = [];
    this.#room = room;
    return true;
  }

  /** Resolves when everything is answered, or after `patience`: what follows must not overtake it. */
  settled(patience = 4_000): Promise<void> {
    const started = this.#ports.now();
    return new Promise((resolve) => {
      const look = () => {
        if (this.#outbox.intents.length === 0 || this.#ports.now() - started > patience) resolve();
        else setTimeout(look, 40);
      };
      look();
    });
  }

  /** The room is no longer ours: nothing of it stays on this phone. */
  forget(): void {
    this.stop();
    this.#outbox.clear();
    this.#memory.clear();
  }

  view(): RoomView {
    const room = this.#foreseen();
    const celebrated = this.#memory.celebrated ?? 0;
    return {
      room,
      cards: this.#cards,
      undoable: this.#undoable(room),
      uncelebrated: room.matches.filter((match) => match.number > celebrated),
      pending: this.#outbox.intents.length,
    };
  }

  /** The server's room with everything done that is on its way. */
  #foreseen(): Room {
    const waiting = current(this.#outbox.intents, this.#room.round);
    return waiting.reduce((seen, intent) => foresee(seen, intent, this.#me), this.#room);
  }

  #undoable(room: Room): Swiped | null {
    if (room.phase !== "swiping") return null;
    const trail = this.#memory.trail(room);
    const last = trail[trail.length - 1];
    if (last === undefined) return null;
    const matched = room.matches.some((match) => match.title.id === last.title.id);
    return matched && last.verdict === "like" ? null : last;
  }

  #do(command: Lasting, title?: Title): void {
    this.#outbox.add(command, this.#room.round, title);
    this.#changed();
    this.#flush();
  }

  #changed(): void {
    this.#cards = this.#deal();
    this.#listener.view(this.view());
  }

  /** My next cards. The one on top stays there for as long as it may be swiped. */
  #deal(): Title[] {
    const room = this.#foreseen();
    if (room.phase !== "swiping") return [];
    const swiped = new Set(this.#memory.trail(room).map((one) => one.title.id));
    const queue = room.queue.filter((card) => !swiped.has(card.id));
    const top = this.#cards[0];
    if (top === undefined || swiped.has(top.id)) {
      // The second card was already visible under the first: it is next, if it still may be.
      const next = this.#cards[1];
      return next && !swiped.has(next.id) ? first(queue, next.id) : queue;
    }
    if (queue.some((card) => card.id === top.id)) return first(queue, top.id);
    // A full queue shows only its beginning: the card on top may well be further on in it.
    return this.#room.queue.length >= 3 ? [top, ...queue] : queue;
  }

  #take(frame: Frame): void {
    switch (frame.type) {
      case "welcome":
        this.#welcomed(frame.room ?? null);
        return;
      case "event":
        if (frame.seq <= this.#room.seq) return;
        if (frame.seq > this.#room.seq + 1) {
          this.#socket.resync();
          return;
        }
        this.#apply(frame);
        return;
      case "ack":
        this.#acknowledged(frame);
        return;
      case "state":
        this.adopt(frame.room);
        return;
      case "done":
        this.#done(frame.id, frame.room);
        return;
      case "refused":
        if (frame.id !== null) this.#refused(frame.id, frame.code);
        return;
      case "presence":
        this.#room = withPresence(this.#room, frame.online);
        this.#changed();
        return;
      case "at":
        if (frame.seq > this.#room.seq) this.#socket.resync();
        return;
      default:
      // A newer server's frame: not ours to understand.
    }
  }

  #welcomed(room: Room | null): void {
    if (room !== null) {
      if (room.epoch !== this.#room.epoch || room.round !== this.#room.round) this.#cards = [];
      this.#room = room;
    }
    this.#sent.clear();
    this.#outbox.compact(this.#room.round);
    this.#changed();
    this.#flush();
  }

  #apply(frame: Extract<ServerFrame, { type: "event" }>): void {
    const { event } = frame;
    if (event.type === "started" || event.type === "restarted") this.#cards = [];
    if (event.type === "swiped") this.#swipedElsewhere(event.title, event.verdict);
    if (event.type === "undone" && event.title !== undefined) this.#memory.drop(this.#room, event.title);
    const folded = fold(this.#room, event, this.#me);
    this.#room = { ...folded.room, seq: frame.seq };
    this.#changed();
    if (folded.stale) void this.#refetch();
  }

  #swipedElsewhere(id: string, verdict: Verdict): void {
    const title = this.#cards.find((card) => card.id === id) ?? this.#room.queue.find((c) => c.id === id);
    if (title) this.#memory.push(this.#room, { title, verdict });
    else this.#memory.forgetTrail(this.#room);
  }

  /** What the command became comes with its answer, and only there. */
  #acknowledged({ id, seq, queue, event }: Extract<ServerFrame, { type: "ack" }>): void {
    this.#sent.delete(id);
    const done = this.#outbox.acknowledged(id);
    if (done?.command.type === "pick" && event?.type === "picked") {
      const before = new Set(this.#room.my_picks.map((pick) => pick.id));
      const added = event.my_picks?.find((pick) => !before.has(pick.id));
      if (added) this.#outbox.became(done.command, added);
    }
    if (event && seq > this.#room.seq + 1) {
      this.#changed();
      this.#socket.resync();
      return;
    }
    if (event && seq === this.#room.seq + 1) {
      this.#room = { ...fold(this.#room, event, this.#me).room, seq };
    }
    if (this.#room.phase === "swiping") this.#room = { ...this.#room, queue };
    this.#armAnswer();
    this.#changed();
    this.#flush();
  }

  /** By HTTP the answer to a command is the whole room after it; what led there is told again and passed over. */
  #done(id: number, room: Room | null): void {
    this.#sent.delete(id);
    this.#outbox.acknowledged(id);
    if (room !== null) this.#replace(room);
    this.#armAnswer();
    this.#changed();
    this.#flush();
  }

  #refused(id: number, code: string): void {
    this.#sent.delete(id);
    if (PASSING.has(code)) {
      this.#socket.resync(1_500);
      return;
    }
    const intent = this.#outbox.refused(id);
    // What the person has meanwhile changed their mind about, or what came too late for its round, is not worth a word.
    const obsolete = intent !== undefined && (this.#outbox.overridden(intent) || !this.#isCurrent(intent));
    if (intent?.command.type === "swipe" && !obsolete) {
      this.#memory.drop(this.#room, intent.command.title);
    }
    this.#armAnswer();
    this.#changed();
    if (!obsolete) this.#listener.refused({ code, intent });
    // What was shown as done is not: the server's own room is what counts now.
    void this.#refetch();
    this.#flush();
  }

  #statusChanged(status: Status): void {
    if (status !== "open" && status !== "polling") {
      this.#sent.clear();
      clearTimeout(this.#answerTimer);
    }
    if (typeof status === "object" && isForGood(status.ended)) this.forget();
    this.#listener.status(status);
  }

  #flush(): void {
    if (!this.#socket.isOpen) return;
    for (const intent of this.#outbox.intents) {
      if (this.#sent.size >= WINDOW) break;
      if (this.#sent.has(intent.id)) continue;
      this.#sent.add(intent.id);
      this.#socket.send(JSON.stringify({ id: intent.id, ...asSent(intent) }));
    }
    this.#armAnswer();
  }

  #isCurrent(intent: Intent): boolean {
    return current([intent], this.#room.round).length > 0;
  }

  #armAnswer(): void {
    clearTimeout(this.#answerTimer);
    if (this.#sent.size === 0) return;
    this.#answerTimer = setTimeout(() => {
      this.#socket.resync();
    }, ANSWER);
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

function isForGood(ended: Ended): boolean {
  return ended !== "session";
}

function latest(room: Room): number {
  return Math.max(0, ...room.matches.map((match) => match.number));
}

/** The same titles with this one on top. */
function first(titles: Title[], id: string): Title[] {
  const top = titles.find((title) => title.id === id);
  return top ? [top, ...titles.filter((title) => title.id !== id)] : titles;
}
