/** What people say on purpose: a super-like lifts a title for the others, a veto takes it out. */
import type { Phone } from "../support/phone.ts";
import { expect, test } from "../support/evening.ts";

const TITLES = ["Карта А", "Карта Б", "Карта В", "Карта Г", "Карта Д", "Карта Е", "Карта Ж", "Карта З"];

/** Skips so many cards; which they were. */
async function skips(phone: Phone, cards: number): Promise<string[]> {
  const skipped: string[] = [];
  for (let card = 0; card < cards; card += 1) skipped.push(await phone.swipe("skip"));
  return skipped;
}

test("a super-like brings a title forward for the others, and says whose it was once it has matched", async ({
  evening,
}) => {
  const [anna, boris, vera] = evening.people;
  const phones = await evening.gathers(await evening.opensRoom(anna));
  const [hers, his, third] = phones;
  for (const title of TITLES.slice(0, 5)) await hers.types(title);
  for (const title of TITLES.slice(5)) await his.types(title);
  await hers.start();

  // The last card of the deck, by key, as whoever uses no finger does.
  await skips(hers, TITLES.length - 1);
  const wanted = await hers.topTitle();
  await hers.page.keyboard.press("ArrowUp");
  await expect(hers.topCard).toHaveCount(0);
  await expect(hers.part("signalled"), "she reads what comes of it").toBeVisible();
  await expect(hers.part("super-like"), "one in a round").toBeDisabled();
  await expect(his.part(`progress-${anna.id}`)).toHaveAttribute("data-swiped", String(TITLES.length));

  for (const phone of [his, third]) {
    // At the step of five cards it comes forward. What is on top by then stays there.
    await skips(phone, 6);
    expect(await phone.topTitle(), `${phone.name} has it before the seventh card`).toBe(wanted);
    await expect(phone.part("signalled"), "and is not told whose it is").toHaveCount(0);
    await phone.swipe("like");
  }
  for (const phone of phones) {
    await expect(phone.match, `${phone.name} sees the match`).toBeVisible();
    const named = phone.part("match-super-likes");
    await expect(named).toContainText(anna.first_name);
    await expect(named).not.toContainText(boris.first_name);
    await expect(named).not.toContainText(vera.first_name);
    await phone.closeMatch();
  }
});

test("a veto that the host has allowed takes a title out for everybody, and can be taken back before that", async ({
  evening,
}) => {
  const [anna] = evening.people;
  const phones = await evening.gathers(await evening.opensRoom(anna));
  const [hers, his] = phones;
  for (const title of TITLES.slice(0, 5)) await hers.types(title);
  for (const title of TITLES.slice(5)) await his.types(title);
  await hers.part("menu").click();
  await hers.part("settings").click();
  await hers.part("veto-allowed").click();
  await expect(hers.part("veto-allowed")).toHaveAttribute("aria-checked", "true");
  await hers.part("save-settings").click();
  await hers.start();

  const first = await his.topTitle();
  await his.part("details-button").click();
  await his.part("veto").click();
  await expect.poll(() => his.topTitle()).not.toBe(first);
  await expect(his.part("signalled"), "he reads what comes of it").toBeVisible();
  await his.part("undo").click();
  await expect.poll(() => his.topTitle(), "nobody has come to a step").toBe(first);

  // One that is last for the others, so that they have not swiped it by their step.
  await skips(his, 6);
  const unwanted = await his.topTitle();
  await his.part("details-button").click();
  await his.part("veto").click();
  await expect.poll(() => his.topTitle()).not.toBe(unwanted);
  await expect(his.part("signalled"), "it is said once").toHaveCount(0);

  const { dealt, stop } = await hers.swipes(() => "skip");
  expect(stop).toBe("waiting");
  expect(dealt, "it is out of her cards").not.toContain(unwanted);
  await expect(his.part(`progress-${anna.id}`), "and behind her all the same").toHaveAttribute(
    "data-swiped",
    String(TITLES.length),
  );
});
