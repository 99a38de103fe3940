/** What somebody types or pastes into the field for titles, and what they are offered. */
import { expect, test } from "../support/evening.ts";

test("an address is never a title: its film is found, or its site is named", async ({ evening }) => {
  const [anna] = evening.people;
  const hers = await evening.joins(anna, await evening.opensRoom(anna));
  const field = hers.part("search-input");
  const results = hers.parts("search-result-");

  await field.fill("https://www.imdb.com/title/tt0133093/?ref_=nv_sr_1");
  await expect(results).toHaveCount(1);
  await expect(hers.part("search-result-c30")).toBeVisible();
  await expect(hers.part("add-text")).toHaveCount(0);

  await field.fill("https://www.kinopoisk.ru/film/99999999/");
  await expect(results).toHaveCount(0);
  await expect(hers.part("unknown-link")).toContainText(/Kinopoisk|Кинопоиск/);
  await expect(hers.part("add-text")).toHaveCount(0);

  await field.fill("https://letterboxd.com/film/solaris-2002/");
  await expect(hers.part("add-text")).toContainText("Solaris (2002)");
  await expect(hers.part("unknown-link")).toHaveCount(0);
});

test("a film without the number that was typed is offered below what was typed", async ({ evening }) => {
  const [anna] = evening.people;
  const hers = await evening.joins(anna, await evening.opensRoom(anna));
  const offers = hers.app.locator(".results-list [data-testid]");

  await hers.part("search-input").fill("Рокки 2");
  await expect(offers.first()).toHaveAttribute("data-testid", "add-text");
  await expect(hers.part("search-result-c513"), "Rocky is near").toBeVisible();

  await hers.part("search-input").fill("крестный отец II");
  await expect(offers.first()).toHaveAttribute("data-testid", "search-result-c197");
});

test("what was typed is added by the tap that began on it, whatever is found in that moment", async ({
  evening,
}) => {
  const [anna] = evening.people;
  const hers = await evening.joins(anna, await evening.opensRoom(anna));
  let finds = (): void => undefined;
  const found = new Promise<void>((resolve) => {
    finds = resolve;
  });
  await hers.page.route("**/api/titles?*Солярис*", async (route) => {
    await found;
    await route.continue();
  });
  await hers.part("search-input").fill("Солярис 5");
  await hers.part("add-text").hover();
  await hers.page.mouse.down();
  finds();
  await expect(hers.parts("search-result-").first(), "the answer is there").toBeVisible();
  await hers.page.mouse.up();
  await expect(hers.parts("pick-").filter({ hasText: "Солярис 5" })).toBeVisible();
});
