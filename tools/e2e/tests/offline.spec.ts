/** A phone in a tunnel. */
import { expect, test } from "../support/evening.ts";

for (const mode of ["drop", "stall"] as const) {
  test(`a phone that is offline for a while (${mode}) loses nothing and is dealt nothing again`, async ({
    evening,
  }) => {
    const [anna] = evening.people;
    const [hers, second, third] = await evening.gathers(await evening.opensRoom(anna));
    for (const name of ["Раз", "Два", "Три"]) await hers.types(name);
    await hers.start();
    const first = await second.swipe("like");

    await second.network(mode);
    if (mode === "drop") await expect(second.part("offline-banner")).toBeVisible();
    const inTheTunnel = [await second.swipe("like"), await second.swipe("like")];
    for (const phone of [hers, third]) await phone.swipes(() => "like");
    await second.network("up");

    await expect(second.part("offline-banner")).toHaveCount(0);
    const { dealt } = await second.swipes(() => "skip");
    expect(dealt, "nothing was dealt again").toEqual([]);
    for (const phone of [hers, second, third]) {
      await phone.swipes(() => "skip");
      await expect(phone.part("results"), `${phone.name} sees the results`).toBeVisible();
      for (const title of [first, ...inTheTunnel]) {
        await expect(phone.matched(title), `${phone.name} sees every match`).toBeVisible();
      }
    }
  });
}

test("a whole queue is swiped without a network, also across a reload right after it", async ({
  evening,
}) => {
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(ben, card);
  const names = ["Раз", "Два", "Три", "Четыре", "Пять"];
  for (const name of names) await hers.types(name);
  for (const name of ["Six", "Seven", "Eight", "Nine", "Ten"]) await his.types(name);
  await hers.start();
  await his.topTitle();
  await expect(his.part("ahead"), "the next cards have come").toHaveAttribute("data-filled", "true");

  await his.network("drop");
  await expect(his.part("offline-banner")).toBeVisible();
  const swiped: string[] = [];
  for (let card = 0; card < 10; card += 1) swiped.push(await his.swipe("like"));
  expect(new Set(swiped).size, "each card once").toBe(10);
  await expect(his.part("waiting"), "there is nothing left").toBeVisible();
  await his.network("up");
  await his.reload();
  await expect(his.through, "everything was counted").toBeVisible();
  await hers.swipes(() => "like");
  await expect(hers.part("results")).toBeVisible();
  for (const title of swiped) await expect(hers.matched(title)).toBeVisible();
});
