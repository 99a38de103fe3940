/** The talk under people's thumbs: a finger that rests, pulls and flings, and a keyboard that takes half of the screen. */
import { type Evening, expect, test } from "../support/evening.ts";
import { Finger, restOf } from "../support/finger.ts";
import type { Phone } from "../support/phone.ts";

/** A phone on which Ben has the talk open, with a message of Anna's in it. */
async function talking(evening: Evening): Promise<{ hers: Phone; his: Phone }> {
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(ben, card);
  await hers.opensTalk();
  await hers.says("Что смотрим?");
  await his.opensTalk();
  await expect(his.message("Что смотрим?")).toBeVisible();
  return { hers, his };
}

test("a finger that rests on a message opens what can be done with it", async ({ evening }) => {
  const { his } = await talking(evening);
  const finger = await Finger.on(his.page);
  await finger.puts(await restOf(his.message("Что смотрим?").locator(".bubble")));
  await expect(his.part("message-menu"), "it opens under the finger that still rests").toBeVisible();
  await finger.lifts();
  await expect(his.part("message-menu"), "and stays when that is gone").toBeVisible();
  await his.part("message-menu").getByRole("menuitemradio").first().tap();
  await expect(his.message("Что смотрим?").locator(".reaction")).toHaveCount(1);
});

test("a message pulled to the left is answered", async ({ evening }) => {
  const { his } = await talking(evening);
  const finger = await Finger.on(his.page);
  await finger.pulls(await restOf(his.message("Что смотрим?").locator(".bubble")), { x: -120, y: 4 });
  await expect(his.part("composer-mode")).toContainText("Что смотрим?");
});

test("the panel goes when it is pulled down far, and stays when it is pulled a little", async ({
  evening,
}) => {
  const { his } = await talking(evening);
  const finger = await Finger.on(his.page);
  const head = await restOf(his.part("talk").locator(".talk-names"));
  await finger.puts(head);
  await finger.draws({ x: head.x, y: head.y + 90 }, 160);
  await expect(his.part("talk"), "it follows the finger").not.toHaveCSS(
    "transform",
    "matrix(1, 0, 0, 1, 0, 0)",
  );
  await finger.draws({ x: head.x, y: head.y + 30 }, 160);
  await finger.lifts();
  await expect(his.part("talk"), "it springs back").toHaveCSS("transform", "matrix(1, 0, 0, 1, 0, 0)");
  await finger.pulls(head, { x: 0, y: 420 });
  await expect(his.part("talk")).toHaveCount(0);
  await expect(his.part("talk-peek")).toBeVisible();
});

test("the panel comes when its bar is pulled up", async ({ evening }) => {
  const { his } = await talking(evening);
  await his.part("talk-close").tap();
  await expect(his.part("talk")).toHaveCount(0);
  const finger = await Finger.on(his.page);
  await finger.pulls(await restOf(his.part("talk-peek")), { x: 0, y: -400 });
  await expect(his.part("composer")).toBeInViewport();
});

test.describe("above a keyboard", () => {
  const KEYBOARD = 330;

  /** Whether what is written and the newest message are above the keyboard, and the head is there as well. */
  async function seesAll(phone: Phone, top: number, bottom: number): Promise<void> {
    for (const part of [phone.part("composer"), phone.message("Договорились"), phone.part("talk-close")]) {
      await expect
        .poll(async () => {
          const box = await part.boundingBox();
          return box !== null && box.y >= top && box.y + box.height <= bottom;
        })
        .toBe(true);
    }
  }

  async function writing(evening: Evening): Promise<Phone> {
    const { his } = await talking(evening);
    for (let line = 1; line <= 12; line += 1) await his.says(`Строка ${line}`);
    await his.says("Договорились");
    await expect(his.message("Договорились")).toBeInViewport();
    await his.part("composer").tap();
    return his;
  }

  test.use({ limits: "off" });

  test("that makes the window smaller, one sees what one writes and what was said last", async ({
    evening,
  }) => {
    const his = await writing(evening);
    await his.page.setViewportSize({ width: 390, height: 844 - KEYBOARD });
    await seesAll(his, 0, 844 - KEYBOARD);
    await his.page.setViewportSize({ width: 390, height: 844 });
    await expect(his.message("Договорились")).toBeInViewport();
    const box = await his.part("composer").boundingBox();
    expect(box?.y, "without the keyboard it is at the bottom again").toBeGreaterThan(844 - 120);
  });

  test("that lies over the page, too", async ({ evening }) => {
    const his = await writing(evening);
    const frame = his.page.frames().find((one) => one.parentFrame() !== null);
    // No browser on a desk has such a keyboard: this is what one on a phone tells a page about it.
    await frame?.evaluate((keyboard) => {
      const seen = window.visualViewport;
      if (seen === null) throw new Error("there is no visual viewport");
      const [height, top] = [seen.height - keyboard, 60];
      Object.defineProperty(seen, "height", { configurable: true, get: () => height });
      Object.defineProperty(seen, "offsetTop", { configurable: true, get: () => top });
      seen.dispatchEvent(new Event("resize"));
    }, KEYBOARD);
    const app = await his.page.locator("iframe").boundingBox();
    const [top, bottom] = [(app?.y ?? 0) + 60, (app?.y ?? 0) + 60 + (app?.height ?? 0) - KEYBOARD];
    await seesAll(his, top, bottom);
  });
});
