/**
 * A walk through every screen of the Mini App, for whoever wants to look at them all.
 *
 * The looks differ in language and theme; the path is the same, so a screen that is missing in one of
 * them is missing in all.
 */
import { expect, type Page } from "@playwright/test";
import type { Evening } from "./evening.ts";
import { Film } from "./film.ts";
import type { Phone } from "./phone.ts";
import { bot } from "./server.ts";
import type { Person, Telegram } from "./telegram.ts";

export interface Look {
  readonly language: "ru" | "en";
  readonly theme: "light" | "dark";
}

export const looks: readonly Look[] = [
  { language: "ru", theme: "light" },
  { language: "ru", theme: "dark" },
  { language: "en", theme: "light" },
  { language: "en", theme: "dark" },
];

const words = {
  ru: {
    people: ["Аня", "Борис", "Вера"],
    group: "Киновечер",
    films: ["Матрица", "Амели", "Криминальное чтиво", "Сталкер", "Интерстеллар"],
    typed: "Тот фильм про медведя",
    nothing: "Никто не захочет",
    talk: [
      "Привет! Что смотрим?",
      "Я за комедию, неделя была такая, что хочется просто смеяться",
      "Договорились",
    ],
  },
  en: {
    people: ["Anna", "Ben", "Vera"],
    group: "Movie night",
    films: ["The Matrix", "Amélie", "Pulp Fiction", "Stalker", "Interstellar"],
    typed: "That one about a bear",
    nothing: "Nobody will want this",
    talk: ["Hi! What are we watching?", "I am for a comedy, it was one of those weeks", "Deal"],
  },
} as const;

/**
 * Called on every screen once it is there. What closes when the page changes its size, a menu, says how it is opened again; it is open
 * afterwards.
 */
export type Visit = (screen: string, page: Page, opens?: () => Promise<void>) => Promise<void>;

/** Three people whose phones have this look. */
export async function people(
  telegram: Telegram,
  { language, theme }: Look,
  names: readonly [string, string, string],
): Promise<[Person, Person, Person]> {
  const person = async (name: string): Promise<Person> => {
    const made = await telegram.newPerson(name, language);
    await telegram.dark(made, theme === "dark");
    return made;
  };
  const [first, second, third] = names;
  return [await person(first), await person(second), await person(third)];
}

/** Walks through all screens in one look. */
export async function tour(evening: Evening, look: Look, visit: Visit): Promise<void> {
  const { telegram } = evening;
  const { people: names, group, films, typed, nothing, talk } = words[look.language];
  const [anna, ben, vera] = await people(telegram, look, names);
  const chat = await telegram.newGroup(group, [anna, ben, vera]);
  const home = { url: `https://t.me/${bot.username}/${bot.app}` };

  const hers = await evening.phone(anna);
  await hers.open(home);
  await expect(hers.part("home")).toBeVisible();
  await visit("home-empty", hers.page);
  await hers.part("new-room").click();
  await expect(hers.part("create-room")).toBeVisible();
  await visit("new-room", hers.page);

  const card = await evening.opensRoom(anna, chat);
  await hers.open(card);
  await hers.seesInLobby(1);
  await visit("lobby-alone", hers.page);
  const wanted = await hers.finds(films[0], films[0]);
  await hers.part("search-input").fill(films[1].slice(0, 3));
  await expect(hers.parts("search-result-").first()).toBeVisible();
  await visit("lobby-search", hers.page);
  await hers.part("search-input").fill("");
  await hers.pastes([...films, typed, films[1], nothing].map((film, at) => `${at + 1}. ${film}`).join("\n"));
  await expect(hers.parts("listed-").first()).toBeVisible();
  await visit("pasted-list", hers.page);
  await hers.part("pasted-list").getByRole("button").first().click();
  await expect(hers.part("pasted-list")).toHaveCount(0);

  const his = await evening.joins(ben, card);
  const theirs = await evening.joins(vera, card);
  for (const film of films.slice(1, 3)) await his.finds(film, film);
  for (const film of films.slice(3)) await theirs.finds(film, film);
  await hers.types(typed);
  await his.ready();
  await theirs.ready();
  await hers.seesInLobby(3);
  await visit("lobby", hers.page);
  await visit("lobby-guest", his.page);
  await choosesDecks(hers, visit);
  await talks(hers, his, talk, visit);
  await opensUp(hers, his, visit);
  await sheets(hers, his, visit);

  await hers.start();
  await expect(hers.part("secrecy")).toBeVisible();
  await visit("swipe", hers.page);
  await hers.part(`progress-${ben.id}`).getByRole("button").click();
  await expect(hers.part("person-sheet")).toBeVisible();
  await visit("person", hers.page);
  await hers.page.keyboard.press("Escape");
  await expect(hers.part("person-sheet")).toHaveCount(0);
  await hers.topCard.click();
  await expect(hers.part("details")).toBeVisible();
  await visit("details", hers.page);
  await hers.part("details").getByRole("button").first().click();
  await expect(hers.part("details")).toHaveCount(0);

  await his.swipes((title) => (title === wanted ? "like" : "skip"));
  await visit("waiting", his.page);
  await theirs.swipes((title) => (title === wanted ? "like" : "skip"));
  await likesOnly(hers, wanted);
  await expect(hers.match).toBeVisible();
  await visit("match", hers.page);
  await hers.swipes(() => "skip");
  await expect(hers.part("results")).toBeVisible();
  await visit("results", hers.page);
  await remembers(hers, wanted, visit);

  await watches(hers, his, visit);

  const second = await evening.opensRoom(anna, chat);
  await hers.open(second);
  await hers.seesInLobby(1);
  await his.open(second);
  await hers.types(nothing);
  await hers.seesInLobby(2);
  await hers.start();
  await hers.topTitle();
  await telegram.network(anna, "drop");
  await expect(hers.part("offline-banner")).toBeVisible();
  await visit("offline", hers.page);
  await telegram.network(anna, "up");
  await hers.swipes(() => "like");
  await his.swipes(() => "skip");
  await expect(hers.part("results")).toBeVisible();
  await visit("results-no-match", hers.page);

  await hers.open(home);
  await expect(hers.part("home")).toBeVisible();
  await visit("home", hers.page);
  await hers.part("find-rooms").click();
  await expect(hers.parts("found-").first()).toBeVisible();
  await visit("rooms-to-find", hers.page);
  await hers.page.keyboard.press("Escape");
  await expect(hers.part("home")).toBeVisible();
  await hers.part("account").click();
  await expect(hers.part("account-sheet")).toBeVisible();
  await visit("account", hers.page);
  await hers.part("films").click();
  await expect(hers.part("films-sheet")).toBeVisible();
  await visit("my-films-empty", hers.page);
  await hers.part("films-import").click();
  await expect(hers.part("import-text")).toBeVisible();
  await visit("import", hers.page);
  await hers.part("import-text").fill([films[0], nothing].join("\n"));
  await hers.part("import-read").click();
  await expect(hers.part("import-sum")).toBeVisible();
  await visit("import-read", hers.page);
  await hers.part("import-wanted").click();
  await expect(hers.parts("film-").first()).toBeVisible();
  await visit("my-films", hers.page);
  await hers.page.keyboard.press("Escape");
  await expect(hers.part("account-sheet")).toBeVisible();
  await hers.part("devices").click();
  await expect(hers.part("device").first()).toBeVisible();
  await visit("devices", hers.page);
  await hers.page.keyboard.press("Escape");
  await expect(hers.part("account-sheet")).toBeVisible();
  await hers.part("achievements").click();
  await expect(hers.part("stats")).toBeVisible();
  await visit("achievements", hers.page);
  await hers.open({ url: `https://t.me/${bot.username}/${bot.app}?startapp=00000000` });
  await expect(hers.part("not-found")).toBeVisible();
  await visit("not-found", hers.page);
  await hers.page.goto(evening.server.url);
  await expect(hers.page.getByTestId("outside")).toBeVisible();
  await visit("outside-telegram", hers.page);
}

/** Looks at the decks, and takes none. */
async function choosesDecks(hers: Phone, visit: Visit): Promise<void> {
  await hers.part("choose-deck").click();
  await expect(hers.part("deck-soviet-comedies")).toBeVisible();
  await visit("decks", hers.page);
  await hers.part("deck-by-filter").click();
  await hers.part("genre-comedy").click();
  await hers.part("decade-1990").click();
  await expect(hers.part("take-filter")).toHaveAttribute("aria-busy", "false");
  await visit("deck-filter", hers.page);
  await hers.page.keyboard.press("Escape");
  await expect(hers.part("deck-sheet")).toHaveCount(0);
}

/** Two people talk over the room, and each closes the talk again. */
async function talks(
  hers: Phone,
  his: Phone,
  [first, second, third]: readonly [string, string, string],
  visit: Visit,
): Promise<void> {
  await his.opensTalk();
  await visit("talk-begun", his.page);
  await his.says(first);
  await his.says(second);
  await expect(hers.part("talk-unread")).toHaveText("2");
  await visit("talk-unread", hers.page);
  await hers.opensTalk();
  const opensMenu = async (): Promise<void> => {
    await expect(hers.part("message-menu")).toHaveCount(0);
    await hers.message(second).click({ button: "right" });
    await expect(hers.part("message-menu")).toBeVisible();
  };
  await opensMenu();
  await visit("talk-menu", hers.page, opensMenu);
  await hers.part("message-menu").getByRole("menuitemradio").first().click();
  await hers.says("🍿");
  await hers.says(third);
  await expect(his.message(third)).toBeVisible();
  await visit("talk", hers.page);
  await visit("talk-other", his.page);
  for (const phone of [hers, his]) {
    await phone.part("talk-close").click();
    await expect(phone.part("talk")).toHaveCount(0);
  }
}

/** What a room keeps of its evenings. */
async function remembers(hers: Phone, title: string, visit: Visit): Promise<void> {
  await hers.part("evenings").click();
  await hers.part(`past-${title}`).click();
  await hers.part("face-love").click();
  await expect(hers.part("mark-watched")).toHaveAttribute("aria-checked", "true");
  await visit("evenings", hers.page);
  await hers.page.keyboard.press("Escape");
  await expect(hers.part("history")).toHaveCount(0);
}

/** The host sets who gets in, two people talk by voice, and a listed room is there for anybody to find. */
async function opensUp(hers: Phone, his: Phone, visit: Visit): Promise<void> {
  await hers.part("menu").click();
  await hers.part("access").click();
  await hers.part("access-listed").click();
  await expect(hers.part("access-listed")).toHaveAttribute("aria-checked", "true");
  await visit("access", hers.page);
  for (const sheet of ["access-sheet", "room-menu"]) {
    await hers.page.keyboard.press("Escape");
    await expect(hers.part(sheet)).toHaveCount(0);
  }
  for (const phone of [his, hers]) {
    await phone.part("voice-join").click();
    await expect(phone.part("voice-bar")).toBeVisible();
  }
  await expect(hers.parts("voice-person-")).toHaveCount(2);
  await visit("voice", hers.page);
  for (const phone of [his, hers]) {
    await phone.part("voice-leave").click();
    await expect(phone.part("voice-bar")).toHaveCount(0);
  }
}

/** The sheets of a room that has not begun: each is opened, and closed as a keyboard closes it. */
async function sheets(hers: Phone, his: Phone, visit: Visit): Promise<void> {
  const ways: readonly { phone: Phone; taps: string[]; opened: string[] }[] = [
    { phone: hers, taps: ["qr"], opened: ["qr-sheet"] },
    { phone: hers, taps: ["choose-deck"], opened: ["deck-sheet"] },
    { phone: hers, taps: ["menu", "settings"], opened: ["settings-sheet"] },
    { phone: hers, taps: ["menu", `person-${his.person.id}`], opened: ["person-sheet", "room-menu"] },
    { phone: his, taps: ["menu", "report"], opened: ["report-sheet", "room-menu"] },
    { phone: his, taps: ["menu", "leave"], opened: ["confirm-sheet", "room-menu"] },
  ];
  for (const { phone, taps, opened } of ways) {
    for (const tap of taps) await phone.part(tap).click();
    await expect(phone.part(opened[0] ?? "")).toBeVisible();
    await visit(opened[0] ?? "", phone.page);
    for (const sheet of opened) {
      await phone.page.keyboard.press("Escape");
      await expect(phone.part(sheet)).toHaveCount(0);
    }
  }
}

/** Shows a screen on a phone that lies on its side, too. */
async function sideways(phone: Phone, screen: string, visit: Visit): Promise<void> {
  await phone.page.setViewportSize({ width: 844, height: 390 });
  await visit(`${screen}-on-its-side`, phone.page);
  await phone.page.setViewportSize({ width: 390, height: 844 });
}

/** Two people watch a film, upright and on the side, and go back to the room. */
async function watches(hers: Phone, his: Phone, visit: Visit): Promise<void> {
  const film = await Film.make();
  for (const phone of [hers, his]) await film.serve(phone.page.context());
  await his.closeMatch();
  await hers.part("menu").click();
  await visit("menu", hers.page);
  await hers.part("watch-together").click();
  await expect(hers.part("cinema-empty")).toBeVisible();
  await visit("cinema-empty", hers.page);
  await sideways(hers, "cinema-empty", visit);
  await hers.part("address").fill(Film.file);
  await hers.part("address-take").click();
  await expect(his.part("now-playing")).toBeVisible();
  await visit("now-playing", his.page);
  await his.part("now-playing").click();
  for (const phone of [hers, his])
    await expect(phone.part("stage")).toHaveAttribute("data-player", "playing", { timeout: 30_000 });
  await hers.part("film-controls").click({ position: { x: 12, y: 100 } });
  await visit("cinema", hers.page);
  await sideways(hers, "cinema", visit);
  await hers.part("film-toggle").click();
  await expect(his.part("stage")).toHaveAttribute("data-player", "paused");
  await visit("cinema-paused", his.page);
  await hers.part("tuning").click();
  await expect(hers.part("tuning-sheet")).toBeVisible();
  await visit("tuning", hers.page);
  await hers.page.keyboard.press("Escape");
  await expect(hers.part("tuning-sheet")).toHaveCount(0);
  await hers.part("playlist-open").click();
  await visit("playlist", hers.page);
  await sideways(hers, "playlist", visit);
  await hers.part("clear").click();
  await hers.part("playlist").getByRole("button").first().click();
  await hers.part("cinema-leave").click();
  await expect(hers.part("results")).toBeVisible();
  await film.dispose();
}

/** Skips until the wanted title is on top, and likes it. */
async function likesOnly(phone: Phone, wanted: string): Promise<void> {
  while ((await phone.topTitle()) !== wanted) await phone.swipe("skip");
  await phone.part("like").click();
}
