/**
 * A walk through what can go wrong, and what the Mini App says then: nobody is signed in, the room is not for everybody, something does not
 * answer. The server is the real one; between it and the phone answers are put that it gives rarely.
 */
import { expect, type Route } from "@playwright/test";
import { type Card, type Evening } from "./evening.ts";
import type { Phone } from "./phone.ts";
import { bot } from "./server.ts";
import type { Person } from "./telegram.ts";
import type { Look, Visit } from "./tour.ts";

/** A refusal as the server makes them. */
const refusal = (status: number, code: string) => ({
  status,
  contentType: "application/problem+json",
  headers: status === 429 ? { "Retry-After": "60" } : {},
  body: JSON.stringify({ type: "about:blank", title: code, status, code, detail: code }),
});

/** Whatever keeps somebody from being signed in, and what the page shows then. */
const SIGNING_IN: readonly { screen: string; shows: string; answer: (route: Route) => Promise<void> }[] = [
  ...["init_data_expired", "init_data_spent", "init_data_invalid", "clock_differs", "refresh_invalid"].map(
    (code) => ({
      screen: `ended-${code.replaceAll("_", "-")}`,
      shows: "session-ended",
      answer: (route: Route) => route.fulfill(refusal(401, code)),
    }),
  ),
  {
    screen: "asked-too-often",
    shows: "waiting-for-server",
    answer: (route) => route.fulfill(refusal(429, "too_many")),
  },
  { screen: "broken", shows: "broken", answer: (route) => route.fulfill(refusal(400, "strange")) },
  { screen: "unreachable", shows: "unreachable", answer: (route) => route.abort() },
];

/** Walks through them in one look. */
export async function troubles(evening: Evening, look: Look, visit: Visit): Promise<void> {
  const { telegram } = evening;
  const isRussian = look.language === "ru";
  const someone = async (name: string): Promise<Person> => {
    const person = await telegram.newPerson(name, look.language);
    await telegram.dark(person, look.theme === "dark");
    return person;
  };
  const anna = await someone(isRussian ? "Аня" : "Anna");
  const gleb = await someone(isRussian ? "Глеб" : "Greg");
  const chat = await telegram.newGroup(isRussian ? "Киновечер" : "Movie night", [anna, gleb]);
  const card = await evening.opensRoom(anna, chat);

  await outside(await evening.phone(gleb), card, visit);
  await atTheDoor(await evening.phone(gleb), card, isRussian ? "Аня" : "Anna", visit);

  const hers = await evening.joins(anna, card);
  await hers.page.context().route("**/api/titles?*", (route) => route.abort());
  await hers.part("search-input").fill(isRussian ? "Матрица" : "The Matrix");
  await expect(hers.part("search-failed")).toBeVisible();
  await visit("search-failed", hers.page);
  await hers.open({ url: `https://t.me/${bot.username}/${bot.app}` });
  await hers.part("account").click();
  await hers.part("erase").click();
  await expect(hers.part("confirm")).toBeVisible();
  await visit("erase", hers.page);
  await hers.part("confirm").click();
  await expect(hers.part("forgotten")).toBeVisible();
  await visit("forgotten", hers.page);
}

/** Signing in does not work. */
async function outside(phone: Phone, card: Card, visit: Visit): Promise<void> {
  let answer: (route: Route) => Promise<void> = (route) => route.continue();
  await phone.page.context().route("**/api/auth/telegram", (route) => answer(route));
  for (const trouble of SIGNING_IN) {
    answer = trouble.answer;
    await phone.open(card);
    await expect(phone.part(trouble.shows), trouble.screen).toBeVisible({ timeout: 60_000 });
    await visit(trouble.screen, phone.page);
  }
  await phone.page.context().close();
}

/** Somebody is signed in, and the room does not let them in by the link alone. */
async function atTheDoor(phone: Phone, card: Card, host: string, visit: Visit): Promise<void> {
  const context = phone.page.context();
  await context.route("**/api/auth/telegram", async (route) => {
    const response = await route.fetch();
    const session = (await response.json()) as object;
    await route.fulfill({ response, json: { ...session, room: null } });
  });
  let answer: (route: Route) => Promise<void> = (route) => route.continue();
  await context.route(`**/api/rooms/${card.code}`, (route) => answer(route));
  const preview = (access: object, members: number) => ({
    ...{ code: card.code, name: host, phase: "lobby", host_name: host, members },
    access: { listed: false, password: false, capacity: 8, control: "everyone", ...access },
  });
  const doors = [
    {
      screen: "preview",
      shows: "preview",
      answer: (route: Route) => route.fulfill({ json: preview({}, 2) }),
    },
    {
      screen: "preview-locked-and-full",
      shows: "preview-full",
      answer: (route: Route) => route.fulfill({ json: preview({ password: true, capacity: 2 }, 2) }),
    },
    {
      screen: "removed",
      shows: "removed",
      answer: (route: Route) => route.fulfill(refusal(403, "not_allowed")),
    },
  ];
  for (const door of doors) {
    answer = door.answer;
    await phone.open(card);
    await expect(phone.part(door.shows), door.screen).toBeVisible();
    await visit(door.screen, phone.page);
  }
  await context.close();
}
