/** The real `sovpalo`, with a data directory of its own, pointed at a simulated Telegram. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { built, Child } from "./child.ts";

/** A bot that exists only in these tests. */
export const bot = {
  token: "7000000001:sim-token-of-a-bot-that-exists-only-here",
  username: "sovpalo_bot",
  app: "app",
};

/** Whether requests are limited. All phones of a test share one address, which a long walk would wear out. */
export type Limits = "on" | "off";

export class Server {
  #process: Child | undefined;

  private constructor(
    readonly port: number,
    /** Where it listens: another port than it is reached at, if there is a proxy in front of it. */
    readonly inner: number,
    private readonly telegram: string,
    private readonly limits: Limits,
    private readonly data: string,
    private readonly settings: NodeJS.ProcessEnv,
  ) {}

  /** Prepares a server that is reached at one port and listens on another; `boot` starts it. */
  static async prepare(
    port: number,
    inner: number,
    telegram: string,
    limits: Limits,
    settings: NodeJS.ProcessEnv = {},
  ): Promise<Server> {
    const data = await mkdtemp(join(tmpdir(), "sovpalo-e2e-"));
    return new Server(port, inner, telegram, limits, data, settings);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get log(): string {
    return this.#process?.log ?? "";
  }

  /** Starts it, again if need be, and waits until it says that it is ready. */
  async boot(): Promise<void> {
    const child = new Child("sovpalo", built("sovpalo", "SOVPALO_BIN"), [], {
      ...process.env,
      BOT_TOKEN: bot.token,
      TELEGRAM_API_URL: this.telegram,
      PUBLIC_URL: this.url,
      MINI_APP_NAME: bot.app,
      LISTEN: `127.0.0.1:${this.inner}`,
      METRICS_LISTEN: "off",
      LIMITS: this.limits,
      DATA_DIR: this.data,
      FRAME_ANCESTORS: this.telegram,
      // Phones of one machine reach each other without help from outside.
      STUN_URLS: "off",
      ...this.settings,
    });
    this.#process = child;
    await expect
      .poll(
        async () => {
          if (!child.running) throw new Error(`sovpalo does not start:\n${child.log}`);
          return fetch(`http://127.0.0.1:${this.inner}/api/health`).then(
            (response) => response.status,
            () => "nobody answers",
          );
        },
        { message: "sovpalo is ready", intervals: [25], timeout: 30_000 },
      )
      .toBe(200);
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  /** Ends it and removes what it kept. */
  async dispose(): Promise<void> {
    await this.#process?.stop();
    await rm(this.data, { recursive: true, force: true });
  }
}
