/** A film is watched together: by several phones, in step, with whoever comes late. */
import { APART, apart, picture, plays, stands, tapsFilm } from "../support/cinema.ts";
import { expect, test } from "../support/evening.ts";
import { Film } from "../support/film.ts";
import { Telegram } from "../support/telegram.ts";

test("a film that one puts on plays for everybody at once, and stops for everybody", async ({ evening }) => {
  const film = await Film.make();
  const [anna, ben, vera] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.phone(ben);
  let bringCinema = (): void => undefined;
  const broughtCinema = new Promise<void>((resolve) => (bringCinema = resolve));
  await his.page.context().route("**/assets/Watching-*.js", async (route) => {
    await broughtCinema;
    await route.continue();
  });
  await his.open(card);
  await his.seesInLobby(2);
  for (const phone of [hers, his]) await film.serve(phone.page.context());
  try {
    await test.step("she pastes an address, and both see it", async () => {
      await hers.part("menu").click();
      await hers.part("watch-together").click();
      await expect(hers.part("cinema-empty")).toBeVisible();
      await hers.part("address").fill("http://10.0.0.1/film.mp4");
      await expect(hers.part("address-take"), "an address of nobody's").toBeDisabled();
      await hers.part("address").fill(Film.file);
      await hers.part("address-take").click();
      await plays(hers);
      // On a slow phone the cinema's code comes late; who was in the lobby before the film stays there until they tap.
      bringCinema();
      await expect(his.part("now-playing")).toBeVisible();
      await his.part("now-playing").click();
      for (const phone of [hers, his]) await plays(phone);
      await expect.poll(() => apart(hers, his), "they are in step").toBeLessThan(APART);
    });

    await test.step("he pauses, and her film stands where his does", async () => {
      await tapsFilm(his);
      for (const phone of [hers, his]) await stands(phone);
      await expect(hers.part("toast")).toContainText(ben.first_name);
      await expect.poll(() => apart(hers, his), "on the same picture").toBeLessThan(0.1);
    });

    await test.step("she goes back to the beginning and on", async () => {
      await hers.part("film-seek").fill("2");
      await expect.poll(async () => (await picture(his))?.at, "his goes there too").toBeCloseTo(2, 0);
      await tapsFilm(hers);
      for (const phone of [hers, his]) await plays(phone);
    });

    await test.step("who comes late comes in where the others are, and holds nobody up", async () => {
      const late = await evening.phone(vera);
      await film.serve(late.page.context());
      await late.open(card);
      await expect(late.part("cinema"), "something is on: the cinema is open").toBeVisible();
      await plays(late);
      expect((await picture(hers))?.paused, "nobody waited").toBe(false);
      await expect.poll(() => apart(hers, late), "and in step").toBeLessThan(APART);
      await expect(hers.part(`watcher-${vera.id}`)).toBeVisible();
    });

    await test.step("what is felt floats over the film, and stays in the talk", async () => {
      await his.part("cheer-🔥").click();
      await expect(hers.message("🔥")).toBeVisible();
    });

    await test.step("back leads to the room, with a bar that leads in again", async () => {
      await hers.part("cinema-leave").click();
      await expect(hers.part("lobby")).toBeVisible();
      await expect(hers.part("now-playing")).toBeVisible();
    });
  } finally {
    await film.dispose();
  }
});

test("a film plays on a phone that lies on its side, with the talk beside it", async ({ evening }) => {
  const film = await Film.make();
  const [anna] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.phone(anna);
  await film.serve(hers.page.context());
  try {
    // The card's other button leads straight into the cinema, where nothing is on yet.
    const [, cinema] = Telegram.buttons(card.message);
    await hers.open({ chat: card.chat, url: cinema?.url ?? "" });
    await expect(hers.part("cinema-empty")).toBeVisible();
    await hers.part("address").fill(Film.file);
    await hers.part("address-take").click();
    await plays(hers);
    await hers.page.setViewportSize({ width: 844, height: 390 });
    await expect(hers.part("composer"), "the talk is beside the film").toBeVisible();
    const stage = await hers.part("stage").boundingBox();
    expect(stage?.height, "the film has all of the height").toBeGreaterThan(300);
    await hers.part("cinema-quiet").click();
    await expect(hers.part("composer"), "and goes").toBeHidden();
    await plays(hers);
  } finally {
    await film.dispose();
  }
});
