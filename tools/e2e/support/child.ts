/**
 * A program that runs beside a test: started, listened to, ended.
 *
 * What it says is kept, so that a failing test can show it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A program that `cargo build` has made, or the one that the environment names. */
export function built(name: string, variable: string): string {
  const place = process.env[variable] ?? `${root}target/debug/${name}`;
  if (!existsSync(place)) {
    throw new Error(`there is no ${place}: run \`cargo xtask test e2e\`, or \`cargo build\` it first`);
  }
  return place;
}

/**
 * A port that nobody listens on, also after a restart: it lies below those that systems give to outgoing
 * connections (from 32768 on), one of which could take it otherwise before it is used.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer();
    server.listen(port, "127.0.0.1");
    const free = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!free) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}

export class Child {
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #lines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();

  constructor(
    readonly name: string,
    program: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
  ) {
    this.#process = spawn(program, args, { env, cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    this.#ended = once(this.#process, "exit");
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        this.#lines.push(line);
        for (const listener of this.#listeners) listener(line);
      });
    }
  }

  /** Everything it has said so far. */
  get log(): string {
    return this.#lines.join("\n");
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** The first line that matches, said already or still to come; an error if it ends before. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (const line of this.#lines) {
      const match = pattern.exec(line);
      if (match !== null) return match;
    }
    return new Promise((resolve, reject) => {
      const listener = (line: string): void => {
        const match = pattern.exec(line);
        if (match === null) return;
        this.#listeners.delete(listener);
        resolve(match);
      };
      this.#listeners.add(listener);
      void this.#ended.then(() => {
        reject(new Error(`${this.name} ended before it said ${pattern.source}:\n${this.log}`));
      });
    });
  }

  /** Ends it without any warning, as a power cut would. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#ended;
  }

  /** Asks it to end and waits until it has. */
  async stop(): Promise<void> {
    if (this.running) this.#process.kill("SIGTERM");
    const patience = setTimeout(() => this.#process.kill("SIGKILL"), 5_000);
    await this.#ended;
    clearTimeout(patience);
  }
}
