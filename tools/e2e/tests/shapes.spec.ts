/** Screens of every shape, and letters of twice the size: nothing is cut off, and nothing lies over anything. */
import type { Locator } from "@playwright/test";
import { expect, test } from "../support/evening.ts";
import type { Phone } from "../support/phone.ts";

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const SHAPES = [
  { name: "a small phone", width: 320, height: 568, wide: false },
  { name: "a phone", width: 390, height: 844, wide: false },
  { name: "a phone on its side", width: 844, height: 390, wide: true },
  { name: "a tablet", width: 820, height: 1180, wide: false },
  { name: "a tablet on its side", width: 1180, height: 820, wide: true },
] as const;
const BUTTONS = ["undo", "skip", "super-like", "like", "details-button"];
const LONG = "Необыкновенно длинное название, какого ни у кого нет";

async function boxOf(what: Locator): Promise<Box> {
  const box = await what.boundingBox();
  if (box === null) throw new Error("it is not on the screen");
  return box;
}

function isInside(inner: Box, outer: Box): boolean {
  const spare = 1;
  return (
    inner.x >= outer.x - spare &&
    inner.y >= outer.y - spare &&
    inner.x + inner.width <= outer.x + outer.width + spare &&
    inner.y + inner.height <= outer.y + outer.height + spare
  );
}

function meet(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

/** What sticks out of the page to a side. */
async function outside(phone: Phone): Promise<string[]> {
  return phone.app.locator("body").evaluate(() => {
    const width = document.documentElement.clientWidth;
    return [...document.querySelectorAll("button, h1, h2, p")]
      .filter((one) => one.closest(".card, .sparks, .visually-hidden, [aria-hidden='true']") === null)
      .filter((one) => {
        const { left, right, width: own } = one.getBoundingClientRect();
        return own > 0 && (left < -1 || right > width + 1);
      })
      .map((one) => `${one.tagName} ${one.className} ${one.textContent}`);
  });
}

for (const percent of [100, 200]) {
  test(`the card, its text and its buttons stand beside each other at ${percent} %`, async ({ evening }) => {
    const [anna, ben] = evening.people;
    const card = await evening.opensRoom(anna);
    const phone = await evening.joins(anna, card);
    await evening.joins(ben, card);
    for (const title of [LONG, "Два", "Три"]) await phone.types(title);
    await phone.start();
    await phone.topTitle();
    const looked: string[] = [];
    for (const { name, width, height, wide } of SHAPES) {
      await phone.page.setViewportSize({ width, height });
      await phone.letters(percent);
      const whole = await boxOf(phone.page.locator("iframe"));
      await expect(phone.part("beside"), `${name}: text beside the card`).toHaveCount(wide ? 1 : 0);
      const top = await boxOf(phone.topCard);
      const problems: string[] = [];
      if (!isInside(top, whole)) problems.push("the card is cut off");
      if (top.width < 150 || top.height < 150) problems.push(`the card is ${top.width} × ${top.height}`);
      const title = await boxOf(phone.topCard.locator(".name"));
      if (!isInside(title, top)) problems.push("the card's title is cut off");
      const buttons = await Promise.all(BUTTONS.map((button) => boxOf(phone.part(button))));
      for (const [at, button] of buttons.entries()) {
        if (!isInside(button, whole)) problems.push(`${BUTTONS[at] ?? ""} is cut off`);
        if (meet(button, top)) problems.push(`${BUTTONS[at] ?? ""} lies over the card`);
        if (button.width < 44) problems.push(`${BUTTONS[at] ?? ""} is too small for a finger`);
      }
      if (wide && meet(await boxOf(phone.part("beside")), top)) problems.push("text lies over the card");
      if (wide && Math.abs(top.width / top.height - 2 / 3) > 0.02) problems.push("the card is no poster");
      if (name === "a tablet" && top.width < 560) problems.push("the card stays small");
      for (const one of await outside(phone)) problems.push(`sticks out: ${one}`);
      looked.push(...problems.map((problem) => `${name}: ${problem}`));
    }
    expect(looked).toEqual([]);
  });
}

test("a match is whole on every shape of screen, at twice the size too", async ({ evening }) => {
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(ben, card);
  await hers.types(LONG);
  await hers.start();
  for (const phone of [hers, his]) {
    await phone.topTitle();
    await phone.part("like").click();
  }
  await hers.seesMatch(LONG);
  const problems: string[] = [];
  for (const { name, width, height } of SHAPES) {
    await hers.page.setViewportSize({ width, height });
    for (const percent of [100, 200]) {
      await hers.letters(percent);
      const whole = await boxOf(hers.page.locator("iframe"));
      for (const part of ["match-continue", "match-watch", "match-calendar"]) {
        await hers.part(part).scrollIntoViewIfNeeded();
        if (!isInside(await boxOf(hers.part(part)), whole)) problems.push(`${name}, ${percent} %: ${part}`);
      }
      for (const one of await outside(hers)) problems.push(`${name}, ${percent} %: sticks out: ${one}`);
    }
  }
  expect(problems).toEqual([]);
});
