/** A deck by a filter, and one by chance: the whole way from the chips to the cards. */
import { expect, test } from "../support/evening.ts";

test("a host plays with what fits a filter, and everybody reads which", async ({ evening }) => {
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(ben, card);

  await hers.part("choose-deck").click();
  await hers.part("deck-by-filter").click();
  const take = hers.part("take-filter");
  await expect(take).toBeEnabled();
  await expect(take).toHaveText(/\d/);
  const films = await take.textContent();
  await hers.part("genre-comedy").click();
  await hers.part("decade-1990").click();
  await expect(hers.part("genre-comedy")).toHaveAttribute("aria-pressed", "true");
  await expect(take, "it counts anew").not.toHaveText(films ?? "");
  await expect(take).toHaveAttribute("aria-busy", "false");
  await take.click();
  await expect(hers.part("deck-sheet")).toHaveCount(0);
  await expect(hers.part("deck-name")).toContainText(/comedy|комедия/);
  await expect(his.part("deck-name"), "he reads it, too").toContainText(/comedy|комедия/);
  await expect(his.part("choose-deck"), "and changes nothing").toBeDisabled();

  await hers.start();
  const stop = await hers.swipes(() => "skip");
  expect(stop.dealt.length, "an evening's deck").toBe(20);
});

test("what nothing fits is not taken, and a surprise is one tap", async ({ evening }) => {
  const [anna] = evening.people;
  const hers = await evening.joins(anna, await evening.opensRoom(anna));
  await hers.part("choose-deck").click();
  await hers.part("deck-by-filter").click();
  for (const chip of ["genre-western", "country-SU", "decade-2020", "family"]) await hers.part(chip).click();
  await expect(hers.part("take-filter")).toBeDisabled();
  await hers.page.keyboard.press("Escape");
  await expect(hers.part("deck-sheet")).toHaveCount(0);

  const before = await hers.part("deck-name").textContent();
  await hers.part("surprise").click();
  await expect(hers.part("deck-name")).not.toHaveText(before ?? "");
  await expect(hers.part("deck-field")).toContainText(/\d+ (title|фильм)/);
  await expect(hers.part("start")).toBeEnabled();
});
