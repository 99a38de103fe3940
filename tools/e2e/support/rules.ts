/**
 * A walk through what the rules of a room bring: a deck by chance, a round that time ends, what one says on purpose, a nudge, a final round,
 * what is never dealt again; and the screens of a round with letters of twice the size.
 */
import { expect } from "@playwright/test";
import type { Evening } from "./evening.ts";
import type { Phone } from "./phone.ts";
import { type Look, people, type Visit } from "./tour.ts";

const words = {
  ru: { people: ["Аня", "Борис", "Вера"], group: "По правилам" },
  en: { people: ["Anna", "Ben", "Vera"], group: "By the rules" },
} as const;

/** The shortest round that time ends, in minutes, and what the settings begin with. */
const SHORTEST = 3;
const USUAL = 7;

/** Walks through them in one look. Who does not wait for the end of its time has the host end the round. */
export async function rules(
  evening: Evening,
  look: Look,
  visit: Visit,
  ends: "by time" | "by hand" = "by time",
): Promise<void> {
  const { telegram } = evening;
  const { people: names, group } = words[look.language];
  const [anna, ben, vera] = await people(telegram, look, names);
  const card = await evening.opensRoom(anna, await telegram.newGroup(group, [anna, ben, vera]));
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(ben, card);

  const before = await hers.part("deck-name").textContent();
  await hers.part("surprise").click();
  await expect(hers.part("deck-name")).not.toHaveText(before ?? "");
  await visit("surprise", hers.page);
  await byTheClock(hers, visit);
  await visit("lobby-of-a-timed-round", his.page);

  await hers.start();
  await hers.topTitle();
  await visit("timed-round", hers.page);
  await signals(hers, his, visit);
  await looksAtMoreTime(hers, visit);
  await nudges(hers, his, visit);
  const late = await evening.phone(vera);
  // The toast is gone after a few seconds, so that it is waited for from the beginning.
  await Promise.all([expect(hers.part("toast")).toContainText(vera.first_name), late.open(card)]);
  await late.topTitle();
  await visit("somebody-comes-late", hers.page);
  // Two films that somebody likes are enough for a final round.
  for (const phone of [his, late]) for (let cards = 0; cards < 2; cards += 1) await phone.swipe("like");
  await lettersAtTwiceTheSize(his, "swipe", visit);
  if (ends === "by hand") {
    await finishes(hers);
  } else {
    await expect(hers.part("time-left")).toHaveClass(/\bsoon\b/, { timeout: SHORTEST * 60_000 });
    await visit("last-seconds", hers.page);
  }
  await expect(hers.part("results")).toBeVisible({ timeout: 30_000 });
  await visit("results-of-a-timed-round", hers.page);
  await lettersAtTwiceTheSize(hers, "results", visit);

  await hers.part("final-round").click();
  await hers.topTitle();
  await visit("final-round", hers.page);
  for (const phone of [hers, his]) await phone.swipes(() => "like");
  await late.swipes(() => "skip");
  await expect(hers.part("results")).toBeVisible();
  await visit("top-of-a-final-round", hers.page);
  await neverAgain(hers, visit);
}

/** The host lets time end the round, and allows a veto. */
async function byTheClock(hers: Phone, visit: Visit): Promise<void> {
  await hers.part("menu").click();
  await hers.part("settings").click();
  const sheet = hers.part("settings-sheet");
  await sheet.getByRole("radio", { name: String(USUAL) }).click();
  for (let minutes = USUAL; minutes > SHORTEST; minutes -= 1) {
    await sheet.locator(".stepper").first().getByRole("button").first().click();
  }
  await hers.part("veto-allowed").click();
  await expect(hers.part("veto-allowed")).toHaveAttribute("aria-checked", "true");
  await visit("settings-of-a-timed-round", hers.page);
  await hers.part("save-settings").click();
  await expect(sheet).toHaveCount(0);
  await expect(hers.part("rule-line")).toContainText(String(SHORTEST));
}

/** A super-like of hers, and a veto of his. */
async function signals(hers: Phone, his: Phone, visit: Visit): Promise<void> {
  await hers.swipe("super-like");
  await expect(hers.part("signalled")).toBeVisible();
  await visit("super-liked", hers.page);
  await his.part("details-button").click();
  await expect(his.part("veto")).toBeVisible();
  await visit("veto-in-the-details", his.page);
  await his.part("veto").click();
  await expect(his.part("signalled")).toBeVisible();
  await visit("vetoed", his.page);
}

/** Looks at how much more time a host may give, and gives none. */
async function looksAtMoreTime(hers: Phone, visit: Visit): Promise<void> {
  await hers.part("menu").click();
  await hers.part("extend").click();
  await expect(hers.part("extend-5")).toBeVisible();
  await visit("extend", hers.page);
  await hers.page.keyboard.press("Escape");
  await expect(hers.part("extend-sheet")).toHaveCount(0);
}

/** She reminds him of his cards. */
async function nudges(hers: Phone, his: Phone, visit: Visit): Promise<void> {
  const face = hers.part(`progress-${his.person.id}`);
  await face.getByRole("button").click();
  await expect(hers.part("nudge")).toBeVisible();
  await visit("nudge", hers.page);
  await hers.part("nudge").click();
  await expect(his.part("toast")).toContainText(hers.person.first_name);
  await visit("nudged", his.page);
  await hers.page.keyboard.press("Escape");
  await expect(hers.part("person-sheet")).toHaveCount(0);
}

/** The host has seen enough. */
async function finishes(hers: Phone): Promise<void> {
  await hers.part("menu").click();
  await hers.part("finish").click();
  await hers.part("confirm").click();
}

/** What the room is never to deal again. */
async function neverAgain(hers: Phone, visit: Visit): Promise<void> {
  await hers.parts("result-").first().click();
  await hers.part("never-switch").click();
  await expect(hers.part("never-switch")).toHaveAttribute("aria-checked", "true");
  await visit("never-again", hers.page);
}

/** The letters are twice as large as they were, as a browser's own setting has it. */
async function lettersAtTwiceTheSize(phone: Phone, screen: string, visit: Visit): Promise<void> {
  await phone.letters(200);
  await visit(`${screen}-at-200-percent`, phone.page);
  await phone.letters(100);
}
