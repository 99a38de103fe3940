/** The evening that all of this exists for. */
import { expect, test } from "../support/evening.ts";
import { Telegram } from "../support/telegram.ts";

/** Everybody reads it in their own language. */
const matrix = /Матрица|The Matrix/u;

test("three people go from /new to a match on every phone and in the chat", async ({ evening }) => {
  const [anna] = evening.people;
  const card = await evening.opensRoom(anna);
  const phones = await evening.gathers(card);
  const [hers, second, third] = phones;

  const wanted = await hers.finds("matrix", matrix);
  await hers.types("Кино, которого нет");
  await second.types("A film nobody made");
  await third.types("Ещё одно");
  for (const phone of phones) await phone.ready();
  await hers.start();

  for (const phone of [hers, second]) {
    const { dealt, stop } = await phone.swipes((title) => (title === wanted ? "like" : "skip"));
    expect(dealt, `${phone.name} was dealt all four titles, each once`).toHaveLength(4);
    expect(new Set(dealt).size).toBe(4);
    expect(stop, `${phone.name} waits for the others`).toBe("waiting");
  }
  for (;;) {
    const title = await third.topTitle();
    await third.swipe(title === wanted ? "like" : "skip");
    if (title === wanted) break;
  }

  for (const phone of phones) await phone.seesMatch(matrix);
  const notice = await evening.telegram.hears(card.chat, card.message, (message) =>
    matrix.test(Telegram.text(message)),
  );
  expect(notice.from?.is_bot, "the bot told the chat").toBe(true);

  await third.swipes(() => "skip");
  for (const phone of phones) {
    if (await phone.match.isVisible()) await phone.closeMatch();
    await expect(phone.part("results"), `${phone.name} sees the results`).toBeVisible();
    await expect(phone.matched(wanted)).toBeVisible();
  }
});

test("everybody swiping at once sees the same match, once", async ({ evening }) => {
  const [anna] = evening.people;
  const phones = await evening.gathers(await evening.opensRoom(anna));
  const [hers] = phones;
  const wanted = await hers.types("За одним столом");
  await hers.start();

  const tops = await Promise.all(phones.map((phone) => phone.topTitle()));
  expect(tops).toEqual([wanted, wanted, wanted]);
  await Promise.all(phones.map((phone) => phone.part("like").click()));
  await Promise.all(phones.map((phone) => phone.seesMatch("За одним столом")));
  for (const phone of phones) {
    await phone.closeMatch();
    await expect(phone.part("results")).toBeVisible();
    await expect(phone.parts("result-"), `${phone.name} sees one result`).toHaveCount(1);
  }
});
