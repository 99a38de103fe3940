/**
 * What every test begins with: a server, a Telegram, and the people of its group chat.
 *
 * Each test has its own, so nothing that one test does can be seen by another. What server and
 * Telegram said is attached to a test that fails.
 */
import { test as base, type Browser, type BrowserContext, expect } from "@playwright/test";
import { newerThanSupported, takeAway } from "../../../miniapp-ui/browsers/newer.js";
import { freePort } from "./child.ts";
import { Phone } from "./phone.ts";
import { type Limits, Server } from "./server.ts";
import { type Chat, type Message, type Person, Telegram } from "./telegram.ts";
import { Tmdb } from "./tmdb.ts";

/** The bot's card for a room, in a chat. */
export interface Card {
  readonly chat: Chat;
  readonly message: Message;
  readonly code: string;
  /** The link on its button. */
  readonly url: string;
}

/** What a supported browser may lack, but for the one thing that Chromium itself ends a page without. */
const newer = newerThanSupported().filter(({ member }) => member !== "captureStackTrace");
/** In the app's frame only: the simulated Telegram around it is no app of ours. */
const inTheApp = `if (window.parent !== window) (${String(takeAway)})(${JSON.stringify(newer)})`;

/** An old browser's: without what is newer, and with none of the styles that ask first whether they are known. */
async function makeOld(context: BrowserContext): Promise<void> {
  await context.addInitScript(inTheApp);
  await context.addInitScript(() => {
    const supports: (property: string, value: string) => boolean = CSS.supports.bind(CSS);
    const older = (property: string, value = ""): boolean =>
      !value.includes("cqw") && supports(property, value);
    Object.defineProperty(CSS, "supports", { value: older });
  });
  await context.route("**/assets/index-*.css", async (route) => {
    const response = await route.fetch();
    const style = (await response.text()).replace(/@supports ?\([^)]*\)/g, "@supports (none: none)");
    await route.fulfill({ response, body: style });
  });
}

export class Evening {
  readonly #phones: Phone[] = [];

  constructor(
    readonly telegram: Telegram,
    readonly server: Server,
    readonly chat: Chat,
    readonly people: readonly [Person, Person, Person],
    private readonly browser: Browser,
    private readonly age: Age = "new",
    /** Where there is a token for it. */
    readonly tmdb: Tmdb | null = null,
  ) {}

  /** Switches on somebody's phone. */
  async phone(person: Person): Promise<Phone> {
    const context = await this.browser.newContext();
    if (this.age === "old") await makeOld(context);
    const phone = new Phone(person, await context.newPage(), this.telegram);
    this.#phones.push(phone);
    return phone;
  }

  /** Writes `/new` in a chat and waits for the bot's card. */
  async opensRoom(host: Person, chat: Chat = this.chat): Promise<Card> {
    const asked = await this.telegram.say(host, chat, "/new");
    const message = await this.telegram.hears(chat, asked, (message) =>
      Telegram.buttons(message).some((button) => button.url?.includes("startapp=") === true),
    );
    const link = Telegram.buttons(message).find((button) => button.url?.includes("startapp="))?.url;
    const code = link === undefined ? null : new URL(link).searchParams.get("startapp");
    if (link === undefined || code === null) throw new Error("the card has no link into the room");
    return { chat, message, code, url: link };
  }

  /** Somebody taps the card; their phone opens in the room's lobby. */
  async joins(person: Person, card: Card): Promise<Phone> {
    const phone = await this.phone(person);
    await phone.open(card);
    await expect(phone.part("lobby"), `${phone.name} is in the lobby`).toBeVisible();
    return phone;
  }

  /** Three phones in one lobby, the host's first. */
  async gathers(card: Card): Promise<[Phone, Phone, Phone]> {
    const [host, second, third] = this.people;
    const phones: [Phone, Phone, Phone] = [
      await this.joins(host, card),
      await this.joins(second, card),
      await this.joins(third, card),
    ];
    for (const phone of phones) await phone.seesInLobby(3);
    return phones;
  }

  async end(): Promise<void> {
    for (const phone of this.#phones) await phone.page.context().close();
  }
}

/** Whether phones have browsers of today, or only what every supported one has. */
export type Age = "new" | "old";

export const test = base.extend<{
  evening: Evening;
  limits: Limits;
  age: Age;
  proxied: boolean;
  withTmdb: boolean;
}>({
  limits: ["on", { option: true }],
  age: ["new", { option: true }],
  // Whether the server listens behind a port on which the test lets a proxy listen.
  proxied: [false, { option: true }],
  // Whether there is a token for TMDB.
  withTmdb: [false, { option: true }],
  evening: async ({ browser, limits, age, proxied, withTmdb }, use, info) => {
    const port = await freePort();
    const telegram = await Telegram.start(`http://127.0.0.1:${port}`);
    const inner = proxied ? await freePort() : port;
    const tmdb = withTmdb ? await Tmdb.start() : null;
    const server = await Server.prepare(port, inner, telegram.url, limits, tmdb?.settings);
    try {
      await server.boot();
      const chat = await telegram.group();
      const people = await telegram.people(chat);
      const evening = new Evening(telegram, server, chat, people, browser, age, tmdb);
      await use(evening);
      await evening.end();
    } finally {
      await server.dispose();
      await telegram.stop();
      await tmdb?.stop();
      if (info.status !== info.expectedStatus) {
        await info.attach("sovpalo.log", { body: server.log, contentType: "text/plain" });
        await info.attach("telegram-sim.log", { body: telegram.log, contentType: "text/plain" });
      }
    }
  },
});

export { expect } from "@playwright/test";
