/** A round together: who is how far, a nudge, who comes late, and what the room keeps of the evening. */
import { expect, test } from "../support/evening.ts";
import { Telegram } from "../support/telegram.ts";

/** Reminds a member of their cards, from their face. */
const wave = /👋/u;

test("who is done nudges who is not, on their phone and by the bot", async ({ evening }) => {
  const [anna, boris, vera] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(boris, card);
  for (const title of ["One", "Two"]) await hers.types(title);
  await hers.start();
  await hers.swipes(() => "skip");

  await test.step("his face says how far he is, and she nudges him", async () => {
    const face = hers.part(`progress-${boris.id}`);
    await expect(face).toHaveAttribute("data-state", "here");
    await his.swipe("skip");
    await expect(face).toHaveAttribute("data-swiped", "1");
    await expect(hers.part(`progress-${boris.id}`).getByRole("button")).toHaveAccessibleName(/1/);
    await face.getByRole("button").click();
    await hers.part("nudge").click();
    await expect(hers.part("nudged"), "once in a round").toBeVisible();
    await expect(hers.part("nudge")).toHaveCount(0);
    await expect(his.part("toast"), "he sees who waits").toContainText(anna.first_name);
    await hers.page.keyboard.press("Escape");
  });

  await test.step("who joins late is announced", async () => {
    const theirs = await evening.phone(vera);
    await theirs.open(card);
    await theirs.topTitle();
    await expect(hers.part("toast")).toContainText(vera.first_name);
    await theirs.page.goto("about:blank");
    await expect(hers.part(`progress-${vera.id}`)).toHaveAttribute("data-state", "offline");
  });

  await test.step("who has allowed it and put the phone away is told by the bot", async () => {
    const chat = { id: vera.id, type: "private", members: [vera.id] };
    const asked = await evening.telegram.say(vera, chat, "/start");
    await evening.telegram.hears(chat, asked, (message) => message.from?.is_bot === true);
    await hers.part(`nudge-${vera.id}`).click();
    await evening.telegram.hears(chat, asked, (message) => wave.test(Telegram.text(message)));
    await expect(hers.part(`nudge-${vera.id}`), "once").toHaveCount(0);
  });
});

test("a room keeps its evenings, how a film was, and what is never dealt again", async ({ evening }) => {
  const [anna, boris] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(boris, card);
  const wanted = await hers.types("Wanted");
  await hers.types("Another");
  await hers.start();
  for (const phone of [hers, his]) {
    await phone.swipes((title) => (title === wanted ? "like" : "skip"));
  }
  await hers.seesMatch("Wanted");
  await hers.closeMatch();
  if (await his.match.isVisible()) await his.closeMatch();
  for (const phone of [hers, his]) await expect(phone.part("results")).toBeVisible();

  await test.step("both say how it was", async () => {
    for (const [phone, face] of [
      [hers, "love"],
      [his, "asleep"],
    ] as const) {
      await phone.part("evenings").click();
      await phone.part(`past-${wanted}`).click();
      await phone.part(`face-${face}`).click();
      await expect(phone.part(`face-${face}`)).toHaveAttribute("aria-pressed", "true");
      await expect(phone.part("mark-watched")).toHaveAttribute("aria-checked", "true");
    }
    await expect(his.part(`past-${wanted}`)).toContainText("😍😴");
  });

  await test.step("he never wants to see it here again, and the next deck is without it", async () => {
    await his.part("mark-never").click();
    await expect(his.part("mark-never")).toHaveAttribute("aria-checked", "true");
    await expect(his.part("never")).toContainText("Wanted");
    await hers.page.keyboard.press("Escape");
    await his.page.keyboard.press("Escape");
    await hers.part("another-round").click();
    await expect(hers.part("never-line"), "the lobby says so").toBeVisible();
    await hers.start();
    const { dealt } = await hers.swipes(() => "skip");
    expect(dealt).toHaveLength(1);
    expect(dealt).not.toContain(wanted);
  });
});
