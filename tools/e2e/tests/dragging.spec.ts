/** Cards under a real finger. */
import type { Evening } from "../support/evening.ts";
import { expect, test } from "../support/evening.ts";
import { Finger, middleOf, restOf } from "../support/finger.ts";
import type { Phone } from "../support/phone.ts";

/** Somebody alone in a round of three cards, with a finger on their phone. */
async function swipes(evening: Evening): Promise<{ phone: Phone; finger: Finger }> {
  const [anna] = evening.people;
  const phone = await evening.joins(anna, await evening.opensRoom(anna));
  for (const title of ["Раз", "Два", "Три"]) await phone.types(title);
  await phone.start();
  await phone.topTitle();
  return { phone, finger: await Finger.on(phone.page) };
}

test("a card follows the finger, takes the colour of its side, and goes back where it is let go", async ({
  evening,
}) => {
  const { phone, finger } = await swipes(evening);
  const title = await phone.topTitle();
  const rest = await restOf(phone.topCard);
  const aside = rest.width * 0.2;

  await finger.puts(rest);
  await finger.draws({ x: rest.x + aside, y: rest.y }, 160);
  await expect.poll(async () => (await middleOf(phone.topCard)).x - rest.x).toBeGreaterThan(aside * 0.9);
  const opacity = (side: string): Promise<number> =>
    phone.topCard.locator(`.tint.${side}`).evaluate((tint) => Number(getComputedStyle(tint).opacity));
  const before = await opacity("like");
  expect(before).toBeGreaterThan(0.3);
  expect(before).toBeLessThan(0.95);
  expect(await opacity("skip")).toBe(0);
  await finger.draws({ x: rest.x + rest.width * 0.4, y: rest.y }, 120);
  await expect.poll(() => opacity("like"), "beyond the point of no return").toBe(1);
  await finger.draws({ x: rest.x - aside, y: rest.y }, 200);
  await expect.poll(() => opacity("skip")).toBeGreaterThan(0.3);
  expect(await opacity("like")).toBe(0);
  // Resting, so that nothing is thrown.
  await finger.draws({ x: rest.x - aside, y: rest.y }, 150);
  await finger.lifts();
  await expect.poll(async () => Math.abs((await middleOf(phone.topCard)).x - rest.x)).toBeLessThan(1);
  expect(await phone.topTitle(), "it is still the same").toBe(title);
  expect(await opacity("skip"), "with nothing of the colour left").toBe(0);
});

test("a card that is thrown is swiped, however little it was dragged; up is for one of a round", async ({
  evening,
}) => {
  const { phone, finger } = await swipes(evening);
  const first = await phone.topTitle();
  const { x, y, width, height } = await restOf(phone.topCard);
  await finger.puts({ x, y });
  await finger.draws({ x: x + 5, y: y - height * 0.4 }, 120);
  await finger.lifts();
  await expect.poll(() => phone.topTitle(), "up is a super-like").not.toBe(first);
  await expect(phone.part("super-like")).toBeDisabled();
  const second = await phone.topTitle();
  await finger.puts({ x, y });
  await finger.draws({ x: x + 5, y: y - height * 0.4 }, 120);
  await finger.lifts();
  await expect.poll(async () => Math.abs((await middleOf(phone.topCard)).y - y)).toBeLessThan(1);
  expect(await phone.topTitle(), "the one of this round is given").toBe(second);
  await phone.part("undo").click();
  await expect.poll(() => phone.topTitle()).toBe(first);

  await finger.puts({ x, y });
  await finger.draws({ x: x - width * 0.24, y }, 64);
  await finger.lifts();
  await expect.poll(() => phone.topTitle()).not.toBe(first);
  await expect(phone.part("my-progress")).toContainText("1");
  await phone.part("undo").click();
  await expect.poll(() => phone.topTitle()).toBe(first);
});

test("a card is caught on its way back, and a tap opens what is known of it", async ({ evening }) => {
  const { phone, finger } = await swipes(evening);
  const title = await phone.topTitle();
  const { x, y, width } = await restOf(phone.topCard);
  await finger.puts({ x, y });
  await finger.draws({ x: x + width * 0.25, y }, 200);
  await finger.draws({ x: x + width * 0.25, y }, 150);
  await finger.lifts();
  await finger.puts({ x: x + width * 0.2, y });
  await finger.draws({ x: x + width * 0.5, y }, 160);
  await finger.lifts();
  await expect.poll(() => phone.topTitle()).not.toBe(title);

  await phone.topCard.tap();
  await expect(phone.part("details")).toBeVisible();
});

test("where less is to move, a card that is swiped fades where it lies", async ({ evening }) => {
  const [anna] = evening.people;
  const phone = await evening.phone(anna);
  await phone.page.emulateMedia({ reducedMotion: "reduce" });
  await phone.open(await evening.opensRoom(anna));
  await phone.types("Раз");
  await phone.types("Два");
  await phone.start();
  const title = await phone.topTitle();
  const { x } = await restOf(phone.topCard);
  await phone.part("like").click();
  const gone = phone.app.locator(`[data-testid=${JSON.stringify(`card-${title}`)}]`);
  const seen: number[] = [];
  await expect
    .poll(async () => {
      // Not waited for: it may go at any moment.
      const places = await gone.evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect()));
      seen.push(...places.map((place) => place.x + place.width / 2));
      return places.length;
    })
    .toBe(0);
  for (const middle of seen) expect(Math.abs(middle - x)).toBeLessThan(1);
});
