/** The power goes out. */
import { expect, test } from "../support/evening.ts";

test("kill -9 in the middle of an evening loses nothing that a phone was told", async ({ evening }) => {
  const [anna] = evening.people;
  const card = await evening.opensRoom(anna);
  const phones = await evening.gathers(card);
  const [hers, second, third] = phones;
  for (const name of ["Раз", "Два", "Три"]) await hers.types(name);
  await hers.start();
  const liked = await hers.swipe("like");
  await expect(second.part(`progress-${anna.id}`), "the server has told others of it").toHaveAttribute(
    "data-swiped",
    "1",
  );

  await evening.server.kill();
  // Nobody is at home, and the phone does not care.
  const unheard = await hers.swipe("like");
  await evening.server.boot();

  const { dealt } = await hers.swipes(() => "skip");
  expect(dealt, "neither swipe is asked for again").not.toContain(liked);
  expect(dealt).not.toContain(unheard);
  for (const phone of [second, third]) await phone.swipes(() => "like");
  for (const phone of phones) {
    await phone.swipes(() => "skip");
    await expect(phone.part("results"), `${phone.name} sees the results`).toBeVisible();
    for (const title of [liked, unheard]) {
      await expect(phone.matched(title)).toBeVisible();
    }
  }
});
