/** Somebody has to go. */
import { expect, test } from "../support/evening.ts";

test("who leaves stops counting, and what the others both like becomes a match", async ({ evening }) => {
  const [anna] = evening.people;
  const card = await evening.opensRoom(anna);
  const [hers, second, third] = await evening.gathers(card);
  await hers.types("Остаться");
  await hers.start();
  await hers.swipe("like");
  await second.swipe("like");
  await expect(hers.match, "one of three has not swiped yet").toHaveCount(0);

  await third.leaves();

  for (const phone of [hers, second]) await phone.seesMatch("Остаться");
  await expect(third.part("home"), "who left is at home").toBeVisible();
  await expect(third.match).toHaveCount(0);
});
