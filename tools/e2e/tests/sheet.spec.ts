/** A sheet under somebody's finger: what pulls it away, and what only scrolls in it. */
import type { Locator } from "@playwright/test";
import { type Evening, expect, test } from "../support/evening.ts";
import { Finger, middleOf } from "../support/finger.ts";
import type { Phone } from "../support/phone.ts";

/** A phone with a room's menu open. */
async function opened(evening: Evening): Promise<{ phone: Phone; finger: Finger; sheet: Locator }> {
  const [anna] = evening.people;
  const phone = await evening.joins(anna, await evening.opensRoom(anna));
  await phone.part("menu").tap();
  const sheet = phone.part("room-menu");
  await expect(sheet).toHaveCSS("transform", "matrix(1, 0, 0, 1, 0, 0)");
  return { phone, finger: await Finger.on(phone.page), sheet };
}

test("a sheet goes when it is pulled down far, and stays when it is pulled a little", async ({ evening }) => {
  const { phone, finger, sheet } = await opened(evening);
  const head = await middleOf(sheet.locator(".sheet-head h2"));
  await finger.puts(head);
  await finger.draws({ x: head.x, y: head.y + 60 }, 160);
  await finger.draws({ x: head.x, y: head.y + 30 }, 160);
  await expect(sheet, "it follows the finger").not.toHaveCSS("transform", "matrix(1, 0, 0, 1, 0, 0)");
  await finger.lifts();
  await expect(sheet, "it springs back").toHaveCSS("transform", "matrix(1, 0, 0, 1, 0, 0)");
  // What is in it may have come meanwhile.
  const { x, y } = await middleOf(sheet.locator(".sheet-head h2"));
  const { height } = await middleOf(sheet);
  await finger.puts({ x, y });
  await finger.draws({ x, y: y + height * 0.8 }, 300);
  await finger.lifts();
  await expect(sheet).toHaveCount(0);
  await expect(phone.part("menu"), "what opened it has the focus again").toBeFocused();
});

test("a finger on what is longer than a sheet scrolls it", async ({ evening }) => {
  const { phone, finger, sheet } = await opened(evening);
  await phone.page.setViewportSize({ width: 390, height: 320 });
  const body = sheet.locator(".sheet-body");
  const middle = await middleOf(body);
  await finger.puts(middle);
  await finger.draws({ x: middle.x, y: middle.y - 120 }, 300);
  await finger.lifts();
  await expect.poll(() => body.evaluate((part) => part.scrollTop)).toBeGreaterThan(40);
  await finger.puts(middle);
  await finger.draws({ x: middle.x, y: middle.y + 40 }, 300);
  await finger.lifts();
  await expect(sheet, "it scrolls back and is not pulled away").toHaveCSS(
    "transform",
    "matrix(1, 0, 0, 1, 0, 0)",
  );
});
