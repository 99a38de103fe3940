/** Who sees what of somebody's swipes, as the app says it and keeps it. */
import { expect, test } from "../support/evening.ts";

test("on the first card of somebody's first round they read who sees what, and never again", async ({
  evening,
}) => {
  const [anna, boris] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(boris, card);
  for (const title of ["One", "Two", "Three"]) await hers.types(title);
  await hers.start();

  for (const phone of [hers, his]) {
    await expect(phone.part("secrecy"), `${phone.name} reads it before the first swipe`).toBeVisible();
    // The finger goes through it to the card.
    await phone.topCard.click({ position: { x: 100, y: 30 } });
    await expect(phone.part("details"), `${phone.name} can touch the card below`).toBeVisible();
    await phone.page.keyboard.press("Escape");
    await expect(phone.part("details")).toHaveCount(0);
  }
  await hers.swipe("like");
  await expect(hers.part("secrecy"), "it goes with the first swipe").toHaveCount(0);
  await expect(his.part(`progress-${anna.id}`), "he sees that she has swiped").toHaveAttribute(
    "data-swiped",
    "1",
  );

  await hers.part("undo").click();
  await expect(hers.part(`my-progress`)).toContainText("0");
  await hers.reload();
  await hers.topTitle();
  await hers.swipe("skip");
  await hers.reload();
  await hers.topTitle();
  await expect(hers.part("secrecy"), "she has read it").toHaveCount(0);
});
