/** A phone that forgets everything between two swipes. */
import { expect, test } from "../support/evening.ts";

test("a reload in the middle of swiping loses no swipe and deals nothing again", async ({ evening }) => {
  const [anna] = evening.people;
  const [hers, second, third] = await evening.gathers(await evening.opensRoom(anna));
  for (const name of ["Раз", "Два", "Три", "Четыре"]) await hers.types(name);
  await second.types("Five");
  await third.types("Шесть");
  await hers.start();

  const before = [await second.swipe("like"), await second.swipe("skip"), await second.swipe("like")];
  await second.reload();
  const { dealt, stop } = await second.swipes(() => "skip");

  expect(stop).toBe("waiting");
  expect([...before, ...dealt].toSorted(), "each title was dealt once").toEqual(
    [...new Set([...before, ...dealt])].toSorted(),
  );
  expect(before.length + dealt.length).toBe(6);

  // What was liked before the reload still counts: the other two complete those matches.
  const liked = [before[0], before[2]];
  for (const phone of [hers, third]) {
    await phone.swipes((title) => (liked.includes(title) ? "like" : "skip"));
  }
  for (const phone of [hers, second, third]) {
    await phone.swipes(() => "skip");
    await expect(phone.part("results"), `${phone.name} sees the results`).toBeVisible();
    for (const title of liked) await expect(phone.matched(title ?? "")).toBeVisible();
  }
});

test("a swipe that the server never answered survives a reload", async ({ evening }) => {
  const [anna] = evening.people;
  const [hers, second, third] = await evening.gathers(await evening.opensRoom(anna));
  const wanted = await hers.types("Только одно");
  await hers.start();
  await hers.swipe("like");
  await third.swipe("like");

  expect(await second.topTitle()).toBe(wanted);
  await second.network("stall");
  await second.swipe("like");
  await expect(hers.match, "nobody knows of it yet").toHaveCount(0);
  const back = second.reload();
  await second.network("up");
  await back;

  for (const phone of [hers, second, third]) await phone.seesMatch("Только одно");
});
