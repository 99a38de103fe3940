/** Two evenings under one roof. */
import { expect, test } from "../support/evening.ts";

test("two rooms at once do not hear each other, even with one person in both", async ({ evening }) => {
  const [anna, ben, vera] = evening.people;
  const chat = await evening.telegram.newGroup("Вторая компания", [ben, vera]);
  const first = await evening.opensRoom(anna);
  const second = await evening.opensRoom(ben, chat);

  const hers = await evening.joins(anna, first);
  const verasFirst = await evening.joins(vera, first);
  const bens = await evening.joins(ben, second);
  const verasSecond = await evening.joins(vera, second);
  await hers.types("Первая комната");
  await bens.types("Second room");
  await hers.start();
  await bens.start();

  await hers.swipe("like");
  await bens.swipe("skip");
  await verasSecond.swipe("like");
  await verasFirst.swipe("like");

  for (const phone of [hers, verasFirst]) await phone.seesMatch("Первая комната");
  for (const phone of [bens, verasSecond]) {
    await expect(phone.part("results"), `${phone.name}'s second room has ended`).toBeVisible();
    await expect(phone.match, "and nothing matched in it").toHaveCount(0);
  }
});
