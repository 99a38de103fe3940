/**
 * One phone's network: a SOCKS proxy that passes bytes both ways, unchanged and in order, later than they came.
 *
 * Each way has a delay of its own, and each piece of bytes a jitter of its own on top of it. Nothing is lost and nothing overtakes, as on any
 * TCP connection. Whatever the phone opens goes through it, WebSockets as well; the handshake takes one way there and back as well.
 */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import type { Random } from "./random.ts";

/** How late bytes come, in ms. */
export interface Delays {
  readonly up: number;
  readonly down: number;
  /** The mean of what comes on top of either. */
  readonly jitter: number;
}

/** No piece comes later than this many times the mean jitter. */
const MOST_JITTER = 4;
/** So many bytes wait on their way; a sender of more is held up. */
const MOST_WAITING = 4 << 20;

export class Network {
  readonly #open = new Set<Socket>();

  private constructor(
    readonly delays: Delays,
    private readonly random: Random,
    private readonly server: Server,
  ) {
    server.on("connection", (phone) => {
      this.#keep(phone);
      void this.#serve(phone);
    });
  }

  static async start(delays: Delays, random: Random): Promise<Network> {
    const server = createServer({ noDelay: true });
    const network = new Network(delays, random, server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return network;
  }

  /** As browsers name it. */
  get url(): string {
    return `socks5://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.server.close();
    await once(this.server, "close");
  }

  /** SOCKS 5 without a password, and of its commands the one that connects to an IPv4 address or a name. */
  async #serve(phone: Socket): Promise<void> {
    const greeting = await read(phone, (bytes) => bytes.length >= 2 && bytes.length >= 2 + (bytes[1] ?? 0));
    if (greeting?.[0] !== 5) return void phone.destroy();
    phone.write(Buffer.of(5, 0));
    const request = await read(phone, (bytes) => targetOf(bytes) !== null);
    const target = request && targetOf(request);
    if (target === null || request?.[1] !== 1) return void phone.destroy();
    await later(this.#late(this.delays.up) + this.#late(this.delays.down));
    const server = connect({ ...target, noDelay: true });
    this.#keep(server);
    try {
      await once(server, "connect");
    } catch {
      return void phone.destroy();
    }
    phone.write(Buffer.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0));
    this.#pass(phone, server, this.delays.up);
    this.#pass(server, phone, this.delays.down);
  }

  #pass(from: Socket, to: Socket, delay: number): void {
    // One after the other: timers of different lengths that end together may change places.
    const onTheirWay: { at: number; act: () => void }[] = [];
    let waiting = 0;
    const arrive = (): void => {
      for (let first = onTheirWay[0]; first !== undefined; first = onTheirWay[0]) {
        const left = first.at - performance.now();
        if (left > 0) {
          setTimeout(arrive, left);
          return;
        }
        onTheirWay.shift();
        first.act();
      }
    };
    const pass = (act: () => void): void => {
      const at = Math.max(onTheirWay.at(-1)?.at ?? 0, performance.now() + this.#late(delay));
      onTheirWay.push({ at, act });
      if (onTheirWay.length === 1) setTimeout(arrive, at - performance.now());
    };
    from.on("data", (piece: Buffer) => {
      waiting += piece.length;
      if (waiting > MOST_WAITING) from.pause();
      pass(() => {
        waiting -= piece.length;
        if (waiting <= MOST_WAITING) from.resume();
        if (to.writable) to.write(piece);
      });
    });
    from.on("end", () => {
      pass(() => to.end());
    });
    from.on("close", () => {
      pass(() => to.destroy());
    });
    from.resume();
  }

  /** Mostly a little more than the delay, rarely much more. */
  #late(delay: number): number {
    const jitter = -Math.log(1 - this.random.next()) * this.delays.jitter;
    return delay + Math.min(jitter, MOST_JITTER * this.delays.jitter);
  }

  #keep(socket: Socket): void {
    this.#open.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#open.delete(socket));
  }
}

async function later(pause: number): Promise<void> {
  await new Promise((done) => setTimeout(done, pause));
}

/** What has come once it is whole; null: the connection ended before. */
async function read(socket: Socket, isWhole: (bytes: Buffer) => boolean): Promise<Buffer | null> {
  return new Promise((done) => {
    let bytes = Buffer.alloc(0);
    const end = (answer: Buffer | null): void => {
      socket.off("data", take).off("close", close);
      socket.pause();
      done(answer);
    };
    const close = (): void => {
      end(null);
    };
    const take = (piece: Buffer): void => {
      bytes = Buffer.concat([bytes, piece]);
      if (isWhole(bytes)) end(bytes);
    };
    socket.on("data", take).on("close", close).resume();
  });
}

/** Where a request leads; null: it is not whole yet, or asks for what is not known here. */
function targetOf(request: Buffer): { host: string; port: number } | null {
  const kind = request[3];
  const length = kind === 1 ? 4 : kind === 3 ? 1 + (request[4] ?? 0) : Infinity;
  if (request.length < 4 + length + 2) return null;
  const name = request.subarray(4, 4 + length);
  const host = kind === 1 ? name.join(".") : name.subarray(1).toString("latin1");
  return { host, port: request.readUInt16BE(4 + length) };
}
