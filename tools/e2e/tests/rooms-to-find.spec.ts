/** A room that anybody can find, and a password that not everybody knows. */
import { expect, test } from "../support/evening.ts";
import { bot } from "../support/server.ts";

test("a stranger finds an open room, knocks with its password, and is made a moderator", async ({
  evening,
}) => {
  const [anna] = evening.people;
  const gleb = await evening.telegram.newPerson("Глеб");
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);

  await test.step("the host lists the room and sets a password", async () => {
    await hers.part("menu").click();
    await hers.part("access").click();
    await hers.part("access-listed").click();
    await expect(hers.part("access-listed")).toHaveAttribute("aria-checked", "true");
    await hers.part("access-password").click();
    await hers.part("access-password-field").fill("сезам");
    await hers.part("access-password-save").click();
    await expect(hers.part("access-password")).toHaveAttribute("aria-checked", "true");
    await hers.page.keyboard.press("Escape");
    await hers.page.keyboard.press("Escape");
  });

  const his = await evening.phone(gleb);
  await test.step("he finds it by its name and knocks", async () => {
    await his.open({ url: `https://t.me/${bot.username}/${bot.app}` });
    await his.part("find-rooms").click();
    const found = his.part(`found-${card.code}`);
    await expect(found, "it is in the list").toBeVisible();
    await his.part("find-search").fill("nothing of that name");
    await expect(his.part("find-nothing")).toBeVisible();
    await his.part("find-search").fill("");
    await found.click();
    await his.part("preview-password").fill("тыква");
    await his.part("preview-join").click();
    await expect(his.part("preview-wrong")).toBeVisible();
    await his.part("preview-password").fill("сезам");
    await his.part("preview-join").click();
    await his.seesInLobby(2);
  });

  await test.step("the host makes him a moderator, then the host", async () => {
    await hers.part("menu").click();
    await hers.part(`person-${gleb.id}`).click();
    await hers.part("make-moderator").click();
    await expect(hers.part("make-moderator")).toHaveAttribute("aria-checked", "true");
    await hers.part("hand-over").click();
    await hers.part("confirm").click();
    await his.part("menu").click();
    await expect(his.part("access"), "the room is his to decide about").toBeVisible();
  });
});
