/** Telling a chat what matched, with the bot's message where the client can and with a link where it cannot. */
import type { Locator } from "@playwright/test";
import { expect, test, type Evening } from "../support/evening.ts";
import type { Phone } from "../support/phone.ts";
import type { Message } from "../support/telegram.ts";
import { Telegram } from "../support/telegram.ts";

const FILM = "Про всех нас";

/** Two people have matched; the host looks at it. */
async function matches(evening: Evening): Promise<Phone> {
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(ben, card);
  await hers.types(FILM);
  await hers.start();
  for (const phone of [hers, his]) {
    await phone.topTitle();
    await phone.part("like").click();
  }
  await hers.seesMatch(FILM);
  return hers;
}

/** The client's own list of chats. */
const chooser = (phone: Phone): Locator => phone.page.getByRole("dialog", { name: /Share to…|Поделиться…/ });

test("a match is told in another chat, by its member and by way of the bot", async ({ evening }) => {
  const [anna, , vera] = evening.people;
  const others = await evening.telegram.newGroup("Другие", [anna, vera]);
  const first = await evening.telegram.say(vera, others, "Что смотрите?");
  const hers = await matches(evening);
  await hers.part("match-share").click();
  await chooser(hers).getByRole("button", { name: "Другие" }).click();
  const isIt = (message: Message): boolean => Telegram.text(message).includes(FILM);
  const told = await evening.telegram.hears(others, first, isIt);
  expect(told.from?.id, "it is hers").toBe(anna.id);
  expect(Telegram.buttons(told)[0]?.url, "with a way into the room").toContain("startapp=");
  await expect(hers.match, "and the moment goes on").toBeVisible();
});

test("whoever chooses no chat is asked nothing else", async ({ evening }) => {
  const hers = await matches(evening);
  await hers.part("match-share").click();
  await expect(chooser(hers)).toBeVisible();
  await hers.page.locator(".layer").click({ position: { x: 4, y: 4 } });
  await expect(chooser(hers)).toHaveCount(0);
  await expect(hers.part("match-share")).toHaveAttribute("aria-busy", "false");
});

test("where the bot cannot prepare a message the link is shared", async ({ evening }) => {
  const [anna, , vera] = evening.people;
  const others = await evening.telegram.newGroup("Другие", [anna, vera]);
  const first = await evening.telegram.say(vera, others, "Что смотрите?");
  const hers = await matches(evening);
  await hers.page.context().route("**/share", (route) => route.abort());
  await hers.part("match-share").click();
  await chooser(hers).getByRole("button", { name: "Другие" }).click();
  const told = await evening.telegram.hears(others, first, (message) =>
    Telegram.text(message).includes(FILM),
  );
  expect(Telegram.text(told)).toContain("startapp=");
});
