/**
 * A reverse proxy in front of the server, as people run one at home or at work, with what goes wrong with WebSockets
 * there. It hands everything else on as it is.
 */
import { createServer, type IncomingMessage, request, type Server as HttpServer } from "node:http";
import { connect, type Socket } from "node:net";
import { once } from "node:events";

/**
 * What happens to a WebSocket handshake: it is passed on; arrives without its `Upgrade` and `Connection`, as behind an nginx without
 * those two settings; is refused by the proxy itself; or is taken, and then nothing ever comes.
 */
export type Upgrades = "passed" | "stripped" | "refused" | "swallowed";

export class Proxy {
  /** How many handshakes came, whatever became of them. */
  handshakes = 0;
  readonly #open = new Set<Socket>();

  private constructor(
    readonly port: number,
    private readonly to: number,
    private readonly server: HttpServer,
    private upgrades: Upgrades,
  ) {
    server.on("request", (incoming, answer) => {
      const passed = this.#pass(incoming);
      passed.on("response", (response) => {
        answer.writeHead(response.statusCode ?? 502, response.rawHeaders);
        response.pipe(answer);
      });
      passed.on("error", () => answer.destroy());
      answer.on("close", () => passed.destroy());
    });
    server.on("upgrade", (incoming: IncomingMessage, client: Socket, head: Buffer) => {
      this.handshakes += 1;
      this.#keep(client);
      if (this.upgrades === "passed") this.#tunnel(incoming, client, head);
      else if (this.upgrades === "stripped") this.#strip(incoming, client);
      else if (this.upgrades === "refused") client.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    });
  }

  /** Listens on one port and hands on to another, both on this machine. */
  static async listen(port: number, to: number, upgrades: Upgrades): Promise<Proxy> {
    const server = createServer();
    const proxy = new Proxy(port, to, server, upgrades);
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  /** From now on. Sockets that are open end, as when a proxy is given new settings. */
  set(upgrades: Upgrades): void {
    this.upgrades = upgrades;
    for (const socket of this.#open) socket.destroy();
  }

  async close(): Promise<void> {
    this.set("refused");
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  #pass(incoming: IncomingMessage, drop: readonly string[] = []) {
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).filter(([name]) => !drop.includes(name)),
    );
    const passed = request({
      host: "127.0.0.1",
      port: this.to,
      method: incoming.method,
      path: incoming.url,
      headers,
      agent: false,
    });
    incoming.pipe(passed);
    return passed;
  }

  #strip(incoming: IncomingMessage, client: Socket): void {
    this.#pass(incoming, ["upgrade", "connection"])
      .on("response", (response) => {
        client.end(
          `HTTP/1.1 ${response.statusCode ?? 502} Whatever\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
        );
      })
      .on("error", () => client.destroy());
  }

  #tunnel(incoming: IncomingMessage, client: Socket, head: Buffer): void {
    const upstream = connect(this.to, "127.0.0.1");
    this.#keep(upstream);
    const headers = incoming.rawHeaders.reduce(
      (text, part, at) => text + part + (at % 2 === 0 ? ": " : "\r\n"),
      "",
    );
    upstream.write(`${incoming.method ?? "GET"} ${incoming.url ?? "/"} HTTP/1.1\r\n${headers}\r\n`);
    upstream.write(head);
    upstream.pipe(client).pipe(upstream);
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  }

  #keep(socket: Socket): void {
    this.#open.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#open.delete(socket));
  }
}
