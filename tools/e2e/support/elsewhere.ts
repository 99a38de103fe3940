/** A walk through the screens that look otherwise where there is a token for TMDB: with its titles and posters, and without while it is away. */
import { expect, type Locator } from "@playwright/test";
import type { Evening } from "./evening.ts";
import { type Look, people, type Visit } from "./tour.ts";

const words = {
  ru: { group: "Киновечер", looked: "Тихой бухты", other: "Маяк у моря" },
  en: { group: "Movie night", looked: "Quiet Bay", other: "A lighthouse by the sea" },
} as const;

/** Titles that only the stand-in has. */
const LIGHTHOUSE = "tmdb-movie-4001";
const SERIES = "tmdb-tv-4002";

/** Scrolls to something, on a page of whatever size. */
async function seen(what: Locator): Promise<void> {
  await what.scrollIntoViewIfNeeded();
}

export async function titlesElsewhere(evening: Evening, look: Look, visit: Visit): Promise<void> {
  const { telegram, tmdb } = evening;
  const { group, looked, other } = words[look.language];
  const [anna, ben, vera] = await people(telegram, look, ["Аня", "Борис", "Вера"]);
  const chat = await telegram.newGroup(group, [anna, ben, vera]);
  const card = await evening.opensRoom(anna, chat);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(ben, card);

  await hers.part("search-input").fill(looked);
  await expect(hers.part(`search-result-${LIGHTHOUSE}`).locator("img")).toBeVisible();
  await visit("search-with-tmdb", hers.page, () => seen(hers.part(`search-result-${SERIES}`)));
  for (const title of [LIGHTHOUSE, SERIES]) {
    await hers.part("search-input").fill(looked);
    await hers.part(`search-result-${title}`).click();
    await expect(hers.part(`pick-${title}`)).toBeVisible();
  }
  await hers.part("search-input").fill("");
  await visit("picks-with-tmdb", hers.page);

  await hers.part("choose-deck").click();
  await hers.part("deck-by-filter").click();
  await hers.part("provider-Netflix").click();
  await expect(hers.part("take-filter")).toHaveText(/\b2\b/);
  await visit("deck-of-a-provider", hers.page, () => seen(hers.part("provider-Netflix")));
  await hers.part("take-filter").click();
  await expect(hers.part("deck-sheet")).toHaveCount(0);

  // The posters that were seen are on the server's disk by now; that of the card is one more size.
  await fetch(`${evening.server.url}/api/posters/tmdb/w500/lighthouselighthouse.jpg`);
  await tmdb?.stop();
  await hers.part("search-input").fill(other);
  await expect(hers.part("search-incomplete")).toBeVisible();
  await visit("search-while-tmdb-is-away", hers.page);
  await hers.part("search-input").fill("");

  await hers.start();
  // The deck is dealt by chance.
  while ((await hers.topTitle()) !== LIGHTHOUSE) await hers.swipe("skip");
  await visit("swipe-with-tmdb", hers.page);
  await hers.part("details-button").click();
  await expect(hers.part("sources")).toBeVisible();
  await visit("details-with-tmdb", hers.page);
  await hers.page.keyboard.press("Escape");
  await expect(hers.part("details")).toHaveCount(0);
  await his.swipes((title) => (title === LIGHTHOUSE ? "like" : "skip"));
  await hers.swipe("like");
  await expect(hers.match).toBeVisible();
  await visit("match-with-tmdb", hers.page);
}
