/** Several people and one film: who decides, who is waited for, what comes next, and who comes back. */
import {
  APART,
  apart,
  follows,
  goesToCinema,
  picture,
  plays,
  putsOn,
  stands,
  tapsFilm,
} from "../support/cinema.ts";
import { expect, test } from "../support/evening.ts";
import { Film } from "../support/film.ts";
import type { Phone } from "../support/phone.ts";

/** Longer than any of these tests, so that it never ends by itself. */
const LONG = { duration_s: 120, hasSound: false };
/** The same film under another address. */
const SECOND = `${Film.file}?second`;

/** Who decides what is on, in the sheet of the room's menu. */
async function gives(host: Phone, control: "host" | "everyone"): Promise<void> {
  await host.part("menu").click();
  await host.part("access").click();
  const choice = host.part(`access-control-${control}`);
  await choice.click();
  await expect(choice).toHaveAttribute("aria-checked", "true");
  await host.page.keyboard.press("Escape");
  await host.page.keyboard.press("Escape");
  await expect(host.part("access-sheet")).toHaveCount(0);
}

test("a guest is told that the host decides, until the host lets everyone", async ({ evening }) => {
  const film = await Film.make(LONG);
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(ben, card);
  for (const phone of [hers, his]) await film.serve(phone.page.context());
  try {
    await gives(hers, "host");
    await goesToCinema(hers);
    await putsOn(hers, Film.file);
    await follows(his);
    await plays(his);

    await tapsFilm(his);
    await expect(his.part("toast"), "he is told who decides").toBeVisible();
    await expect(his.part("film-toggle")).toHaveAttribute("aria-disabled", "true");
    expect((await picture(hers))?.paused, "and the film runs on").toBe(false);

    await hers.part("cinema-leave").click();
    await gives(hers, "everyone");
    await expect(his.part("film-toggle"), "without loading anything again").toHaveAttribute(
      "aria-disabled",
      "false",
    );
    await tapsFilm(his);
    await stands(his);
    await follows(hers);
    await stands(hers);
  } finally {
    await film.dispose();
  }
});

test("who has put a film on waits for whom it does not come, and goes on without them", async ({
  evening,
}) => {
  const film = await Film.make(LONG);
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(ben, card);
  let letThrough = (): void => undefined;
  let held = Promise.resolve();
  await film.serve(hers.page.context());
  await film.serve(his.page.context(), () => held);
  try {
    for (const phone of [hers, his]) await goesToCinema(phone);
    await putsOn(hers, Film.file);
    for (const phone of [hers, his]) await plays(phone);
    await hers.part("playlist-open").click();
    await hers.part("clear").click();
    await hers.part("playlist").getByRole("button").first().click();
    await expect(his.part("cinema-empty")).toBeVisible();

    held = new Promise((resolve) => (letThrough = resolve));
    await putsOn(hers, SECOND);
    await expect(hers.part("waiting-for"), "for whom").toContainText(ben.first_name);
    await hers.part("without-them").click();
    await plays(hers);
    await expect(hers.part("waiting-for")).toHaveCount(0);

    letThrough();
    await plays(his);
    await expect.poll(() => apart(hers, his), "he is where she is").toBeLessThan(APART);
  } finally {
    letThrough();
    await film.dispose();
  }
});

test("the next film follows for everybody, and who loads the page again is in step again", async ({
  evening,
}) => {
  const film = await Film.make(LONG);
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(ben, card);
  for (const phone of [hers, his]) await film.serve(phone.page.context());
  try {
    await goesToCinema(hers);
    await putsOn(hers, Film.file);
    await follows(his);
    await plays(his);

    await hers.part("playlist-open").click();
    await putsOn(hers, SECOND);
    await expect(hers.part("playlist-items").getByRole("listitem")).toHaveCount(1);
    await hers.part("next").click();
    for (const phone of [hers, his]) {
      await expect
        .poll(async () => (await picture(phone))?.url, `${phone.name} sees the next one`)
        .toBe(SECOND);
      await plays(phone);
    }

    await his.reload();
    await expect(his.part("cinema"), "he is led back to the film").toBeVisible();
    await plays(his);
    await expect.poll(() => apart(hers, his), "in step").toBeLessThan(APART);
  } finally {
    await film.dispose();
  }
});

test("a match leads into the cinema, and the cinema to its trailer", async ({ evening }) => {
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(ben, card);
  const wanted = await hers.types("Кино на двоих");
  await his.seesInLobby(2);
  await hers.start();
  for (const phone of [hers, his]) {
    await phone.topTitle();
    await phone.part("like").click();
  }
  await hers.seesMatch("Кино на двоих");
  await expect(hers.part("match-trailer")).toHaveAttribute("href", /^https:\/\/www\.youtube\.com\//u);
  await expect(hers.part("match-where")).toHaveAttribute("href", /^https:/u);
  await hers.part("match-watch").click();
  await expect(hers.part("cinema-empty")).toBeVisible();
  await expect(hers.part(`trailer-${wanted}`)).toBeVisible();
  await expect(hers.match).toHaveCount(0);
  await hers.part("cinema-leave").click();
  await expect(hers.part("results")).toBeVisible();
});
