/**
 * A room as one phone lives in it: the replica of the server's room, and the cards in front of the person.
 *
 * Promises: what a screen shows as done is on disk first and is said until it is answered; a refusal takes back what was
 * shown and says so. Must never: show another's verdict (it is never told).
 */
import type { Event, Match, Room, Title, TitleRef, Verdict } from "../generated/wire";
import { isUnanswered, typedTitle } from "../net/api";
import { Deck, type Reserve } from "../swiping/deck";
import type { Intent, Lasting } from "../swiping/intents";
import type { Swiped } from "../swiping/memory";
import { type Refusal, Replica, type ReplicaPorts } from "../sync/replica";
import type { Status } from "../sync/roomLine";
import type { Attached, Side, SidePorts } from "../sync/side";
import type { RoomSignals } from "../sync/signals";
import type { RoomTimeline } from "../sync/timeline";
import { rules } from "./rules";

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
export type RefusedIntent = Refusal<Intent>;

export interface LiveListener {
  view: (view: RoomView) => void;
  status: (status: Status) => void;
  refused: (refused: RefusedIntent) => void;
}

export class LiveRoom {
  readonly #replica: Replica<Intent>;
  readonly #deck: Deck;
  readonly #listener: LiveListener;

  constructor(room: Room, me: number, ports: ReplicaPorts, listener: LiveListener) {
    this.#listener = listener;
    const deck = new Deck(ports.keep, me, room);
    this.#deck = deck;
    this.#replica = new Replica(room, me, rules, ports, {
      changed: () => {
        this.#changed();
      },
      replaced: (before, after) => {
        deck.replaced(before, after);
      },
      happened: (event, before) => {
        // After a silence, what this phone did itself comes back to it: on such a card its last word counts.
        if (!this.#isOwn(event)) deck.happened(event, before);
      },
      done: (intent, event, before) => {
        this.#done(intent, event, before);
      },
      discarded: ({ command }) => {
        if (command.type === "swipe") deck.notSwiped(this.#replica.room, command.title);
      },
      forgotten: () => {
        deck.forget();
      },
      status: listener.status,
      refused: listener.refused,
    });
  }

  start(): void {
    this.#replica.start();
  }

  stop(): void {
    this.#replica.stop();
  }

  /** What is said in the room. */
  get timeline(): RoomTimeline {
    return this.#replica.timeline;
  }

  /** What the room shows is another part of it. */
  attach<S extends Side>(make: (ports: SidePorts) => S): Attached<S> {
    return this.#replica.attach(make);
  }

  /** What phones in the room say to each other and nobody keeps. */
  get signals(): RoomSignals {
    return this.#replica.signals;
  }

  swipe(title: Title, verdict: Verdict): void {
    this.#deck.swiped(this.#replica.room, { title, verdict });
    this.#do({ type: "swipe", title: title.id, verdict }, title);
  }

  undo(): void {
    const last = this.view().undoable;
    if (last === null) return;
    this.#deck.takenBack(this.#replica.room, last.title);
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
    this.#deck.celebrated(number);
    this.#changed();
  }

  /** Cards for when the phone is offline. */
  reserve(reserve: Reserve): void {
    this.#deck.with(reserve, this.#replica.room);
    this.#changed();
  }

  /** The whole room, from an HTTP answer. An older one than what is here is ignored. */
  adopt(room: Room): void {
    this.#replica.adopt(room);
  }

  /** Resolves when everything is answered, or after a while: what follows must not overtake it. */
  settled(): Promise<void> {
    return this.#replica.settled();
  }

  /** The room is no longer ours: nothing of it stays on this phone. */
  forget(): void {
    this.#replica.forget();
  }

  view(): RoomView {
    const room = this.#replica.foreseen;
    return {
      room,
      cards: this.#deck.cards,
      undoable: this.#deck.undoable(room),
      uncelebrated: this.#deck.uncelebrated(room),
      pending: this.#replica.pending,
    };
  }

  #do(command: Lasting, title?: Title): void {
    this.#replica.do({ command, round: this.#replica.room.round, ...(title ? { title } : {}) });
  }

  #changed(): void {
    this.#deck.deal(this.#replica.room, this.#replica.foreseen);
    this.#listener.view(this.view());
  }

  #isOwn(event: Event): boolean {
    if (event.type !== "swiped" && event.type !== "undone") return false;
    return event.title !== undefined && this.#replica.isUnanswered({ type: "undo", title: event.title });
  }

  /** A title that was typed turns out to be one of the catalogue: what is still to be said of it is about that one. */
  #done({ command }: Intent, event: Event | null, room: Room): void {
    if (command.type !== "pick" || event?.type !== "picked") return;
    const before = new Set(room.my_picks.map((pick) => pick.id));
    const added = event.my_picks?.find((pick) => !before.has(pick.id));
    if (added) this.#replica.amend(command, { title: added });
  }
}
