/** A round that time ends, on two phones with one clock. */
import { type Phone } from "../support/phone.ts";
import { expect, test } from "../support/evening.ts";

/** The seconds that a phone says are left; null where it says none. */
async function secondsOn(phone: Phone): Promise<number> {
  const [, minutes = "", seconds = ""] = /(\d+):(\d\d)/.exec(await phone.part("time-left").innerText()) ?? [];
  return Number(minutes) * 60 + Number(seconds);
}

test("a timed round counts down alike on every phone, and its host puts the end off", async ({ evening }) => {
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(ben, card);

  await hers.part("menu").click();
  await hers.part("settings").click();
  await hers.part("settings-sheet").getByRole("radio", { name: /7/ }).click();
  await hers.part("save-settings").click();
  await expect(his.part("rule-line"), "the goal is said to everybody").toContainText("7");
  await hers.types("Время");
  await his.types("Вперёд");
  await hers.start();

  for (const phone of [hers, his]) await expect(phone.part("time-left")).toHaveText(/\b[67]:\d\d\b/);
  expect(Math.abs((await secondsOn(hers)) - (await secondsOn(his))), "one clock").toBeLessThanOrEqual(2);
  const before = await secondsOn(his);
  await expect.poll(() => secondsOn(his), { message: "it runs" }).toBeLessThan(before);

  await his.part("menu").click();
  await expect(his.part("extend"), "only the host has more time to give").toHaveCount(0);
  await his.page.keyboard.press("Escape");
  await hers.part("menu").click();
  await hers.part("extend").click();
  await hers.part("extend-5").click();
  for (const phone of [hers, his]) await expect(phone.part("time-left")).toHaveText(/\b1[12]:\d\d\b/);

  await his.reload();
  await expect(his.part("time-left"), "who comes back has the same end").toHaveText(/\b1[12]:\d\d\b/);

  // A match is no end of it.
  for (const phone of [hers, his]) await phone.swipe("like");
  await expect(hers.part("time-left")).toHaveText(/\b1[012]:\d\d\b/);
});
