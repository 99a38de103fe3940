/**
 * What a person may change about themselves: the language, whether the bot writes to them, the country in which
 * they watch, and being forgotten.
 *
 * Promises: a choice shows at once and is taken back when the server refuses it, so that the screen never
 * claims what is not so; changes reach the server one after the other, and none waits for Telegram's answer to
 * another. Must never: turn messages on for somebody who has just told Telegram not to allow
 * them, or erase without having been asked to.
 */
import type { User } from "../generated/wire";
import { within } from "../net/patience";
import { Unreachable } from "../net/problem";
import type { WriteAccess } from "../telegram/client";
import type { Language } from "../text/texts";

export interface Change {
  language?: Language;
  notifications?: boolean;
  /** A country's two letters; `null`: none of one's own. */
  region?: string | null;
}

export interface AccountPorts {
  change: (change: Change) => Promise<User>;
  erase: () => Promise<void>;
  /** Asks through Telegram whether the bot may write. A leave that comes after `silent` is `late`. */
  askToWrite: (late: () => void) => Promise<WriteAccess>;
  speak: (language: Language) => Promise<void>;
  user: () => User;
  show: (user: User) => void;
}

export type Told = "done" | "declined" | "silent";

/** So long the words of another language are waited for, in ms. */
const WORDS = 12_000;

export class Account {
  readonly #ports: AccountPorts;
  /** Changes that the server has not answered yet, oldest first. */
  #waiting: Change[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(ports: AccountPorts) {
    this.#ports = ports;
  }

  /** Rejects when the server does not take it; the old language is back by then. */
  async choose(language: Language): Promise<void> {
    const before = this.#ports.user().language as Language;
    const spoken = this.#ports.speak(language).then(() => true);
    if (!(await within(WORDS, spoken, false))) throw new Unreachable("the words did not come");
    await this.#attempt({ language }, { language: before }, async () => {
      await this.#ports.speak(before);
    });
  }

  /**
   * Turning on asks Telegram first: without its leave the bot's messages would not arrive. A leave that comes
   * after Telegram was thought to be silent still turns them on.
   */
  async notify(notifications: boolean): Promise<Told> {
    if (notifications) {
      const access = await this.#ports.askToWrite(() => {
        this.#attempt({ notifications: true }, { notifications: false }).catch(() => undefined);
      });
      if (access === "declined" || access === "silent") return access;
    }
    await this.#attempt({ notifications }, { notifications: !notifications });
    return "done";
  }

  /** Where to watch something is said for this country. Rejects when the server does not take it. */
  async watchIn(region: string | null): Promise<void> {
    await this.#attempt({ region }, { region: this.#ports.user().region ?? null });
  }

  /** Everything personal goes, on the server and then here. */
  async erase(forgetHere: () => void): Promise<void> {
    await this.#ports.erase();
    forgetHere();
  }

  async #attempt(
    change: Change,
    before: Change,
    takeBack: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    this.#waiting = [...this.#waiting, change];
    this.#ports.show({ ...this.#ports.user(), ...change });
    const answered = this.#last.then(() => this.#ports.change(change));
    this.#last = answered.catch(() => undefined);
    try {
      const user = await answered;
      this.#answered(change);
      this.#show(user);
    } catch (error) {
      this.#answered(change);
      this.#show({ ...this.#ports.user(), ...before });
      await takeBack();
      throw error;
    }
  }

  #answered(change: Change): void {
    this.#waiting = this.#waiting.filter((one) => one !== change);
  }

  /** The person as the server knows them, with what it has not answered yet. */
  #show(user: User): void {
    this.#ports.show(this.#waiting.reduce<User>((shown, change) => ({ ...shown, ...change }), user));
  }
}
