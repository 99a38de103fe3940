/**
 * One person's phone, alone in a browser context of its own, with the Mini App in its frame.
 *
 * Everything a test does here is what a thumb does. Everything it waits for can be seen.
 */
import { expect, type FrameLocator, type Locator, type Page } from "@playwright/test";
import type { Link, Network, Person, Telegram } from "./telegram.ts";

export type Verdict = "like" | "skip" | "super-like";

/** Where swiping stopped: the deck is through and others still swipe, or the round is over. */
export type Stop = "waiting" | "results";

export class Phone {
  readonly app: FrameLocator;

  constructor(
    readonly person: Person,
    readonly page: Page,
    private readonly telegram: Telegram,
  ) {
    this.app = page.frameLocator("iframe");
  }

  /** A part of the screen by its test id. */
  part(id: string): Locator {
    return this.app.getByTestId(id);
  }

  /** Everything whose test id begins like this. */
  parts(prefix: string): Locator {
    return this.app.locator(`[data-testid^="${prefix}"]`);
  }

  get topCard(): Locator {
    return this.app.locator('[data-top="true"]');
  }

  get match(): Locator {
    return this.part("match-screen");
  }

  /** "You are through": not the moment in which the next cards are on their way. */
  get through(): Locator {
    return this.part("waiting").locator(".dots");
  }

  /** A title among the matches of the results, where titles that were merely liked are listed too. */
  matched(title: string): Locator {
    return this.app.locator(`.matches [data-testid=${JSON.stringify(`result-${title}`)}]`);
  }

  /** Taps a link in a chat. */
  async open(link: Link): Promise<void> {
    await this.page.goto(this.telegram.phone(this.person, link));
  }

  /** The app's page is loaded again with the launch data it had, as Telegram's clients do. */
  async reload(): Promise<void> {
    const frame = this.page.frames().find((one) => one.parentFrame() !== null);
    if (frame === undefined) throw new Error(`${this.name} has no app to reload`);
    await frame.evaluate(() => {
      document.documentElement.dataset["before"] = "reload";
      location.reload();
    });
    await expect(this.app.locator("html:not([data-before])"), "the page is a new one").toHaveCount(1);
  }

  /** The letters are so many times as large as they were, as a browser's own setting has it. */
  async letters(percent: number): Promise<void> {
    await this.app.locator("html").evaluate((root, size) => {
      root.style.fontSize = `${size}%`;
    }, percent);
  }

  async network(mode: Network): Promise<void> {
    await this.telegram.network(this.person, mode);
  }

  /** Waits until the lobby shows this many people. */
  async seesInLobby(people: number): Promise<void> {
    await expect(this.part("lobby"), `${this.name} is in the lobby`).toBeVisible();
    await expect(this.parts("member-"), `${this.name} sees ${people} people`).toHaveCount(people);
  }

  /** Adds a title by typing it, and returns its id. */
  async types(text: string): Promise<string> {
    await this.part("search-input").fill(text);
    await this.part("add-text").click();
    return this.#picked(text);
  }

  /** Pastes a text into the field for titles, by way of the real clipboard. */
  async pastes(text: string): Promise<void> {
    await this.page.evaluate(() => {
      const notes = document.createElement("textarea");
      notes.id = "notes";
      document.body.append(notes);
    });
    const notes = this.page.locator("#notes");
    await notes.fill(text);
    await notes.press("ControlOrMeta+a");
    await notes.press("ControlOrMeta+c");
    await notes.evaluate((element) => {
      element.remove();
    });
    await this.part("search-input").press("ControlOrMeta+v");
  }

  /** Finds a title of the catalogue and adds it; returns its id. */
  async finds(query: string, name: string | RegExp): Promise<string> {
    await this.part("search-input").fill(query);
    await this.parts("search-result-").filter({ hasText: name }).first().click();
    return this.#picked(name);
  }

  async #picked(name: string | RegExp): Promise<string> {
    const pick = this.parts("pick-").filter({ hasText: name }).first();
    await expect(pick, `${this.name} has picked ${String(name)}`).toBeVisible();
    // A title that was typed has a name of the phone's own until the server has given it an id.
    await expect(pick, `${String(name)} has its id`).not.toHaveAttribute("data-testid", /^pick-typed:/);
    return idOf(pick, "pick-");
  }

  /** Opens the talk over whatever the room shows. */
  async opensTalk(): Promise<void> {
    await this.part("talk-peek").click();
    await expect(this.part("composer"), `${this.name} can write`).toBeVisible();
  }

  async says(text: string): Promise<void> {
    await this.part("composer").fill(text);
    await this.part("send").click();
  }

  /** What was said with this in it. */
  message(text: string): Locator {
    return this.parts("message").filter({ hasText: text });
  }

  /** Leaves the room for good, and says that this is meant. */
  async leaves(): Promise<void> {
    await this.part("menu").click();
    await this.part("leave").click();
    await this.part("confirm").click();
  }

  async ready(): Promise<void> {
    await this.part("ready").click();
  }

  async start(): Promise<void> {
    await this.part("start").click();
  }

  /** The id of the title on top of the stack. */
  async topTitle(): Promise<string> {
    await expect(this.topCard, `${this.name} has a card on top`).toBeVisible();
    return idOf(this.topCard, "card-");
  }

  /** Swipes the card on top with the button of that verdict, and waits until it has gone. */
  async swipe(verdict: Verdict): Promise<string> {
    const title = await this.topTitle();
    await this.part(verdict).click();
    await expect(
      this.app.locator(`[data-testid=${JSON.stringify(`card-${title}`)}][data-top="true"]`),
    ).toHaveCount(0);
    return title;
  }

  /**
   * Swipes until there is nothing left to swipe, closing the matches that come up on the way.
   * Returns what was dealt, in order, and where it stopped.
   */
  async swipes(choose: (title: string) => Verdict): Promise<{ dealt: string[]; stop: Stop }> {
    const dealt: string[] = [];
    // A match may come up at any moment, also between a look at the top card and the tap on its button.
    await this.page.addLocatorHandler(this.match, () => this.closeMatch(), { noWaitAfter: true });
    try {
      for (;;) {
        const next = this.topCard.or(this.through).or(this.part("results"));
        await expect(next.first(), `${this.name} can go on or is done`).toBeVisible();
        if (await this.match.isVisible()) continue;
        if (await this.part("results").isVisible()) return { dealt, stop: "results" };
        if (await this.through.isVisible()) return { dealt, stop: "waiting" };
        // What was there a moment ago may have given way to something else: then it is looked at again.
        if (await this.topCard.isVisible()) dealt.push(await this.swipe(choose(await this.topTitle())));
      }
    } finally {
      await this.page.removeLocatorHandler(this.match);
    }
  }

  /** Waits for the match of this title to fill the screen. */
  async seesMatch(name: string | RegExp): Promise<void> {
    await expect(this.match, `${this.name} sees a match`).toBeVisible();
    await expect(this.part("match-title"), `${this.name} sees what matched`).toContainText(name);
  }

  /** Closes the match that is shown; the next one may be there at once. */
  async closeMatch(): Promise<void> {
    const title = await this.part("match-title").innerText();
    await this.part("match-continue").click();
    await expect(this.match.filter({ hasText: title })).toHaveCount(0);
  }

  get name(): string {
    return this.person.first_name;
  }
}

/** What comes after the prefix in a part's test id. */
export async function idOf(part: Locator, prefix: string): Promise<string> {
  const id = await part.getAttribute("data-testid");
  if (id?.startsWith(prefix) !== true) throw new Error(`${id ?? "nothing"} is no ${prefix}…`);
  return id.slice(prefix.length);
}
