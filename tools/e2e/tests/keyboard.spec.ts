/** A round without a finger: everything that can be touched can be reached, in the order in which it is seen. */
import { expect, test } from "../support/evening.ts";
import type { Phone } from "../support/phone.ts";

/** The test id of what the keyboard stands on. */
async function stands(phone: Phone): Promise<string> {
  return phone.app.locator("body").evaluate(() => document.activeElement?.getAttribute("data-testid") ?? "");
}

test("a round is swiped by keyboard alone", async ({ evening }) => {
  const [anna] = evening.people;
  const phone = await evening.joins(anna, await evening.opensRoom(anna));
  for (const title of ["Раз", "Два", "Три"]) await phone.types(title);
  await phone.start();
  const first = await phone.topTitle();
  const { keyboard } = phone.page;

  await phone.part("menu").focus();
  const order: string[] = [];
  for (let stop = 0; stop < 5; stop += 1) {
    await keyboard.press("Tab");
    order.push(await stands(phone));
  }
  expect(order, "as it is seen; there is nothing to undo").toEqual([
    `card-${first}`,
    "skip",
    "super-like",
    "like",
    "details-button",
  ]);

  await phone.topCard.focus();
  await keyboard.press("Enter");
  await expect(phone.part("details")).toBeVisible();
  await keyboard.press("ArrowRight");
  expect(await phone.topTitle(), "behind what is open nothing is swiped").toBe(first);
  await keyboard.press("Escape");
  await expect(phone.part("details")).toHaveCount(0);
  expect(await stands(phone), "and the card has the focus again").toBe(`card-${first}`);

  await keyboard.press("ArrowRight");
  await expect.poll(() => phone.topTitle()).not.toBe(first);
  const second = await phone.topTitle();
  expect(await stands(phone), "whoever swipes so is on the next card").toBe(`card-${second}`);
  await keyboard.press("ArrowUp");
  await expect.poll(() => phone.topTitle(), "up is a super-like").not.toBe(second);
  const third = await phone.topTitle();
  await expect(phone.part("super-like")).toBeDisabled();
  await keyboard.press("ArrowUp");
  expect(await phone.topTitle(), "and there is one in a round").toBe(third);
  await keyboard.press("Backspace");
  await expect.poll(() => phone.topTitle()).toBe(second);
  await keyboard.press("Backspace");
  await expect.poll(() => phone.topTitle()).toBe(first);

  await keyboard.press("ArrowLeft");
  await expect.poll(() => phone.topTitle()).toBe(second);
  await keyboard.press("ArrowLeft");
  await expect.poll(() => phone.topTitle()).not.toBe(second);
  await keyboard.press("ArrowLeft");
  await expect(phone.part("results")).toBeVisible();
});

test("a match is left by Escape, and Tab stays in it", async ({ evening }) => {
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(ben, card);
  await hers.types("Карточка");
  await hers.start();
  for (const phone of [hers, his]) {
    await phone.topTitle();
    await phone.part("like").click();
  }
  await hers.seesMatch("Карточка");
  const stops = new Set<string>();
  for (let stop = 0; stop < 6; stop += 1) {
    stops.add(await stands(hers));
    await hers.page.keyboard.press("Tab");
  }
  expect([...stops].filter((stop) => !stop.startsWith("match-"))).toEqual([]);
  expect(stops).toContain("match-continue");
  await hers.part("match-continue").focus();
  await hers.page.keyboard.press("Escape");
  await expect(hers.match).toHaveCount(0);
});
