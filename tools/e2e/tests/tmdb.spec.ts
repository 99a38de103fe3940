/** Where there is a token for TMDB: its titles are found, seen, dealt by who offers them, and done without when it is away. */
import type { Locator } from "@playwright/test";
import { expect, test } from "../support/evening.ts";

test.use({ withTmdb: true });

const LIGHTHOUSE = "tmdb-movie-4001";

/** Waits until a poster has come. */
async function seen(poster: Locator): Promise<void> {
  await expect
    .poll(() => poster.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(1);
}

test("a title of TMDB is found, picked and dealt with its poster, and told whose data it is", async ({
  evening,
}) => {
  const [anna] = evening.people;
  const hers = await evening.joins(anna, await evening.opensRoom(anna));
  await hers.part("search-input").fill("Quiet Bay");
  const found = hers.part(`search-result-${LIGHTHOUSE}`);
  await seen(found);
  await found.click();
  const pick = hers.part(`pick-${LIGHTHOUSE}`);
  await seen(pick);
  await hers.reload();
  await expect(pick.locator(".poster"), "the same in a few pixels is a part of the title").toHaveCSS(
    "background-image",
    /^url\("data:image\/png/,
  );

  await hers.start();
  await seen(hers.topCard);
  await hers.part("details-button").click();
  const details = hers.part("details");
  await expect(details).toContainText("Jean Director");
  await expect(details).toContainText("Netflix");
  await expect(hers.part("sources")).toContainText("TMDB");
  await expect(hers.part("sources")).toContainText("JustWatch");
});

test("a deck of a provider has what it offers here, and an evening goes on when TMDB does not", async ({
  evening,
}) => {
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(ben, card);
  await hers.part("choose-deck").click();
  await hers.part("deck-by-filter").click();
  await hers.part("provider-Netflix").click();
  // The catalogue's Matrix, and the Lighthouse.
  await expect(hers.part("take-filter")).toHaveText(/\b2\b/);
  await hers.part("take-filter").click();
  await expect(hers.part("deck-name")).toContainText("Netflix");
  await expect(his.part("deck-name"), "he reads it, too").toContainText("Netflix");
  await expect(his.part("deck-tiny"), "with how few there are").toContainText("2");
  await hers.start();
  await expect(his.topCard).toBeVisible();

  await evening.tmdb?.stop();
  const dealt = [await hers.swipes(() => "like"), await his.swipes(() => "like")];
  for (const stop of dealt) expect([...stop.dealt].sort()).toEqual(["c30", LIGHTHOUSE]);
  await expect(his.matched(LIGHTHOUSE)).toBeVisible();
});
