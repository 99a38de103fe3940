/**
 * What a person may change about themselves: the language, whether the bot writes to them, and being
 * forgotten.
 *
 * Promises: a choice shows at once and is taken back when the server refuses it, so that the screen never
 * claims what is not so. Must never: turn messages on for somebody who has just told Telegram not to allow
 * them, or erase without having been asked to.
 */
import type { User } from "../generated/wire";
import type { Language } from "../text/texts";

export interface AccountPorts {
  change: (change: { language?: Language; notifications?: boolean }) => Promise<User>;
  erase: () => Promise<void>;
  /** Asks through Telegram whether the bot may write; null where Telegram cannot ask. */
  askToWrite: () => Promise<boolean | null>;
  speak: (language: Language) => Promise<void>;
  user: () => User;
  show: (user: User) => void;
}

export type Told = "done" | "declined";

export class Account {
  readonly #ports: AccountPorts;

  constructor(ports: AccountPorts) {
    this.#ports = ports;
  }

  /** Rejects when the server does not take it; the old language is back by then. */
  async choose(language: Language): Promise<void> {
    const before = this.#ports.user().language as Language;
    await this.#ports.speak(language);
    await this.#attempt({ language }, { language: before }, async () => {
      await this.#ports.speak(before);
    });
  }

  /** Turning on asks Telegram first: without its leave the bot's messages would not arrive. */
  async notify(notifications: boolean): Promise<Told> {
    if (notifications && (await this.#ports.askToWrite()) === false) return "declined";
    await this.#attempt({ notifications }, { notifications: !notifications });
    return "done";
  }

  /** Everything personal goes, on the server and then here. */
  async erase(forgetHere: () => void): Promise<void> {
    await this.#ports.erase();
    forgetHere();
  }

  async #attempt(
    change: { language?: Language; notifications?: boolean },
    before: typeof change,
    takeBack: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    this.#ports.show({ ...this.#ports.user(), ...change });
    try {
      this.#ports.show(await this.#ports.change(change));
    } catch (error) {
      this.#ports.show({ ...this.#ports.user(), ...before });
      await takeBack();
      throw error;
    }
  }
}
