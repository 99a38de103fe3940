/** What is said in a room is on everybody's phone, whatever they are doing. */
import { expect, test } from "../support/evening.ts";

test("people talk in their room, also without a network and over a reload", async ({ evening }) => {
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  const his = await evening.joins(ben, card);

  await test.step("what one says is on the other's phone, and counted as unread", async () => {
    await hers.opensTalk();
    await hers.says("Привет! Что смотрим?");
    await expect(his.part("talk-unread"), "he has not read it").toHaveText("1");
    await his.opensTalk();
    await expect(his.message("Что смотрим?")).toBeVisible();
    await his.says("Солярис");
    await expect(hers.message("Солярис")).toBeVisible();
  });

  await test.step("what is said without a network is said when there is one", async () => {
    await his.network("drop");
    await his.says("Я в тоннеле");
    await expect(his.message("Я в тоннеле"), "it is shown at once").toBeVisible();
    await expect(hers.message("Я в тоннеле")).toHaveCount(0);
    await his.network("up");
    await expect(hers.message("Я в тоннеле")).toBeVisible({ timeout: 20_000 });
    await expect(hers.message("Я в тоннеле"), "and once").toHaveCount(1);
  });

  await test.step("a reload finds everything where it was", async () => {
    await hers.reload();
    await hers.opensTalk();
    await expect(hers.message("Привет!")).toBeVisible();
    await expect(hers.message("Я в тоннеле")).toBeVisible();
  });
});
