/**
 * A server of one room and one phone, for tests: speaks the contract, and can lose connections at any point, before or after it
 * has acted. It is reached by sockets, or by HTTP alone.
 */
import type {
  Command,
  Event,
  Message,
  OpenFrame,
  Outcome,
  RoomCommandFrame,
  SocketAck,
  Updates,
} from "../generated/wire";
import { type Connection, type Question, Refused, Unreachable } from "../net/api";
import type { Lasting } from "../swiping/intents";
import type { Asked, Frame, Signal, Wire } from "../sync/frames";
import { LaterWire } from "../sync/laterWire";
import { PollingWire } from "../sync/polling";
import { JudgedRoom, isOfMessages } from "./judgedRoom";
import { ME, OTHER } from "./rooms";

type Loss = "none" | "before" | "after";

/**
 * What becomes of a socket on its way: it works; is refused (400, 403, 426: the page cannot tell); opens and ends at
 * once; opens and nothing ever comes; or is cut after the room was opened.
 */
export type Sockets = "work" | "refused" | "ended" | "swallowed" | "cut";

export class FakeRoom extends JudgedRoom {
  /** Whether the next command is lost on its way, or its answer is. */
  loss: () => Loss = () => "none";
  wire: (Wire & { open: boolean }) | null = null;
  /** The addresses of all sockets. */
  opened: string[] = [];
  /** Every `open`, and where the phone said it was. */
  readonly opens: OpenFrame[] = [];
  /** What was sent for those who are here right now. */
  readonly signals: Signal[] = [];
  /** So many missed messages are sent at most. */
  mostMissed = 500;
  reachable = true;
  sockets: Sockets = "work";
  /** Every question for updates. */
  asked: Question[] = [];
  /** A proxy that lets no request live for longer, in ms. */
  cutAfter: number | null = null;
  /** A refusal for the next request by HTTP. */
  refuse: Refused | null = null;
  /** Whose word counts: the newest connection's. */
  #speaker: unknown = null;
  #closeWith: number | null = null;
  #refuseOpen: string | null = null;
  #isOpen = false;

  open = (path: string): Wire => {
    this.opened.push(path);
    const wire = {
      open: true,
      onmessage: null as Wire["onmessage"],
      onclose: null as Wire["onclose"],
      send: (asked: Asked) => {
        // Never within the call: a network answers later.
        queueMicrotask(() => {
          if (wire.open) this.#receive(wire, structuredClone(asked));
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

  updates = async (_room: string, question: Question, signal: AbortSignal): Promise<Updates | null> => {
    this.asked.push(question);
    await this.#reached(signal);
    const { connection, epoch, seq, wait = 0 } = question;
    if (connection === "new") {
      this.#speaker = `http-${this.asked.length}`;
      const current = epoch === this.room.epoch && seq === this.room.seq;
      const since = current ? this.#since(epoch, seq) : this.#since(undefined, undefined);
      return { ...since, connection: this.#speaker as string };
    }
    const missed = () => this.messages.filter((message) => message.change > (question.change ?? this.change));
    const news = () => ({ ...this.#since(epoch, seq), messages: structuredClone(missed()) });
    if (epoch !== this.room.epoch || seq !== this.room.seq || missed().length > 0) return news();
    const happened = await new Promise<boolean>((resolve, reject) => {
      const wake = () => {
        resolve(true);
      };
      this.waiting.add(wake);
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
    this.waiting.clear();
    await this.#reached(signal);
    return happened ? news() : null;
  };

  command = async (
    _room: string,
    command: Command,
    connection: Connection,
    signal: AbortSignal,
  ): Promise<Outcome> => {
    await this.#reached(signal);
    const loss = this.loss();
    if (loss === "before") throw new Unreachable("lost");
    if (connection.connection !== this.#speaker) throw new Refused(409, "fenced", "");
    const answer = isOfMessages(command) ? this.performTalk(command) : this.perform(command as Lasting);
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
    const events = this.missed(epoch, seq);
    return events === null ? { ...at, state: this.view() } : { ...at, events };
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
      const { number, round, title, at, super_likes } = event;
      this.room.matches = [...this.room.matches, { number, round, title, at, super_likes }];
    }
    this.log.push({ seq: this.room.seq, event });
    this.wake();
    if (told) this.#toRoom({ type: "event", room: this.room.code, seq: this.room.seq, at: "", event });
  }

  /** Somebody else says something. */
  says(text: string, told = true): Message {
    const message = this.newMessage({ author: OTHER, kind: "text", text, key: null });
    if (told) this.#toRoom({ type: "message", room: this.room.code, message });
    return message;
  }

  /** A message comes to say something else. */
  changes(number: number, text: string, told = true): void {
    const message = this.performTalk({ type: "edit", number, text });
    if (told && typeof message === "object" && "change" in message)
      this.#toRoom({ type: "message", room: this.room.code, message });
  }

  say(frame: Frame): void {
    if (this.wire) this.#tell(this.wire, frame);
  }

  /** Something that is no frame of this version, or of none. */
  saysInWords(text: string): void {
    if (this.wire?.open) this.wire.onmessage?.({ data: text });
  }

  #toRoom(frame: Frame): void {
    if (this.#isOpen) this.say(frame);
  }

  #tell(wire: Wire & { open: boolean }, frame: Frame): void {
    if (wire.open) wire.onmessage?.({ data: JSON.stringify(frame) });
  }

  #receive(wire: Wire & { open: boolean }, asked: Asked): void {
    if ("open" in asked) this.#opens(wire, asked);
    else if ("close" in asked) {
      this.#isOpen = false;
      this.#acknowledge(wire, { id: asked.id, room: asked.close });
    } else if ("signal" in asked) this.signals.push(asked.signal);
    else if ("type" in asked) this.#receiveCommand(wire, asked);
  }

  #opens(wire: Wire & { open: boolean }, asked: OpenFrame): void {
    const { id, open: room, epoch, seq, change } = asked;
    this.opens.push(asked);
    const code = this.#refuseOpen;
    this.#refuseOpen = null;
    if (code !== null) {
      this.#tell(wire, { type: "refused", id, room, code, message: "" });
      return;
    }
    this.#isOpen = true;
    const events = this.missed(epoch, seq);
    const summary = this.summary();
    const news = events === null ? { state: this.view(), messages: summary } : { events, messages: summary };
    const at = { epoch: this.room.epoch, seq: this.room.seq };
    this.#tell(wire, { type: "opened", id, room, ...at, ...news });
    if (change === undefined) return;
    const missed = this.messages.filter((message) => message.change > change);
    missed.sort((a, b) => a.change - b.change);
    if (missed.length > this.mostMissed) this.#tell(wire, { type: "messages_gap", room, from: change });
    else for (const message of missed) this.#tell(wire, { type: "message", room, message });
  }

  #receiveCommand(wire: Wire & { open: boolean }, { id, room, ...command }: RoomCommandFrame): void {
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
    const answer = isOfMessages(command) ? this.performTalk(command) : this.perform(command as Lasting);
    if (loss === "after") {
      this.close(1006);
      return;
    }
    if (typeof answer === "object" && "refused" in answer) {
      this.#tell(wire, { type: "refused", id, room, code: answer.refused, message: "" });
      return;
    }
    if (isOfMessages(command)) {
      this.#acknowledge(wire, { id, room, message: typeof answer === "object" ? answer : null });
      return;
    }
    const event = answer === "done" ? this.eventOf(command as Lasting) : null;
    this.#acknowledge(wire, { id, room, event, queue: this.queue() });
  }

  #acknowledge(
    wire: Wire & { open: boolean },
    ack: Pick<SocketAck, "id" | "room"> & Partial<SocketAck>,
  ): void {
    const { seq } = this.room;
    this.#tell(wire, { type: "ack", seq, event: null, queue: null, message: null, ...ack });
  }
}
