/** The simulated Telegram, as a test sees it: people, chats, messages, taps, and each phone's network. */
import { built, Child } from "./child.ts";
import { bot } from "./server.ts";

export interface Person {
  readonly id: number;
  readonly first_name: string;
  readonly language_code?: string;
}

export interface Chat {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly members: readonly number[];
}

export interface Button {
  readonly text: string;
  readonly url?: string;
  readonly callback_data?: string;
}

export interface Message {
  readonly message_id: number;
  readonly from?: { readonly id: number; readonly is_bot: boolean };
  readonly text?: string;
  readonly caption?: string;
  readonly reply_markup?: { readonly inline_keyboard: readonly (readonly Button[])[] };
}

/** Signed launch data, as a phone would hand it to the app. */
export interface Launch {
  readonly kind: string;
  readonly url: string;
  readonly init_data: string;
}

/** A link that somebody taps in a chat. */
export interface Link {
  readonly url: string;
  readonly chat?: Chat;
}

interface World {
  readonly users: readonly Person[];
  readonly chats: readonly Chat[];
}

/** How a phone's network is: works, cut with every connection reset, or silent with none closed. */
export type Network = "up" | "drop" | "stall";

/** The longest that the simulation is asked to wait for something, in seconds. */
const patience = 15;

export class Telegram {
  private constructor(
    readonly url: string,
    private readonly process: Child,
  ) {}

  /** Starts a Telegram whose bot's Mini App is at this address. */
  static async start(app: string): Promise<Telegram> {
    const child = new Child(
      "telegram-sim",
      built("telegram-sim", "TELEGRAM_SIM_BIN"),
      [
        "--listen",
        "127.0.0.1:0",
        "--app-url",
        app,
        "--token",
        bot.token,
        "--bot-username",
        bot.username,
        "--app-name",
        bot.app,
      ],
      process.env,
    );
    const ready = await child.says(/telegram-sim ready (http:\S+)/);
    const [, url] = ready;
    if (url === undefined) throw new Error("telegram-sim does not say where it is");
    return new Telegram(url, child);
  }

  get log(): string {
    return this.process.log;
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }

  /** The group chat that is there from the beginning. */
  async group(): Promise<Chat> {
    const { chats } = await this.#ask<World>("GET", "world");
    const group = chats.find((chat) => chat.type !== "private");
    if (group === undefined) throw new Error("the simulated Telegram has no group");
    return group;
  }

  /** The three people of a group. */
  async people(group: Chat): Promise<[Person, Person, Person]> {
    const { users } = await this.#ask<World>("GET", "world");
    const [first, second, third] = group.members.map((id) => users.find((user) => user.id === id));
    if (first === undefined || second === undefined || third === undefined) {
      throw new Error("the group has fewer than three people");
    }
    return [first, second, third];
  }

  async newPerson(first_name: string, language_code = "ru"): Promise<Person> {
    return this.#ask("POST", "users", { first_name, language_code });
  }

  async newGroup(title: string, members: readonly Person[]): Promise<Chat> {
    return this.#ask("POST", "chats", { title, members: members.map((person) => person.id) });
  }

  async say(person: Person, chat: Chat, text: string): Promise<Message> {
    return this.#ask("POST", `chats/${chat.id}/messages`, { user: person.id, text });
  }

  /** The first message after this one that is as wanted, now or as soon as it is there or edited so. */
  async hears(chat: Chat, after: Message, wanted: (message: Message) => boolean): Promise<Message> {
    const deadline = Date.now() + patience * 1000;
    const seen: Message[] = [];
    let since = 0;
    while (Date.now() < deadline) {
      const query = `after=${after.message_id}&since=${since}&wait=${patience}`;
      const { revision, messages } = await this.#ask<{ revision: number; messages: Message[] }>(
        "GET",
        `chats/${chat.id}/messages?${query}`,
      );
      const found = messages.find(wanted);
      if (found !== undefined) return found;
      seen.push(...messages);
      since = revision;
    }
    throw new Error(`nothing like that was said in the chat; what was: ${JSON.stringify(seen, null, 2)}`);
  }

  /** How a person's phone is shown, and what its launches will say. */
  async dark(person: Person, dark: boolean): Promise<void> {
    await this.#ask("POST", `phones/${person.id}/theme`, { dark });
  }

  async network(person: Person, mode: Network): Promise<void> {
    await this.#ask("POST", `phones/${person.id}/network`, { mode });
  }

  /** Launch data for a request without a phone. */
  async launch(person: Person): Promise<Launch> {
    return this.#ask("POST", "launch", { user: person.id });
  }

  /** The page of one phone with nothing around the app, which opens this link at once. */
  phone(person: Person, link: Link): string {
    const query = new URLSearchParams({ bare: "1", open: link.url });
    if (link.chat !== undefined) query.set("chat", link.chat.id.toString());
    return `${this.url}/phone/${person.id}?${query.toString()}`;
  }

  /** Text of a message, whatever it hangs on. */
  static text(message: Message): string {
    return message.text ?? message.caption ?? "";
  }

  static buttons(message: Message): readonly Button[] {
    return message.reply_markup?.inline_keyboard.flat() ?? [];
  }

  async #ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/sim/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`telegram-sim refuses ${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }
}
