/** Where somebody is signed in: they see it, and sign out there. */
import { expect, test } from "../support/evening.ts";

test("signing out everywhere else ends the other phones and leaves this one", async ({ evening }) => {
  const [anna] = evening.people;
  const card = await evening.opensRoom(anna);
  const other = await evening.joins(anna, card);
  const third = await evening.joins(anna, card);
  const phone = await evening.joins(anna, card);

  await phone.part("menu").click();
  await phone.part("account").click();
  await phone.part("devices").click();
  await expect(phone.part("device"), "this one and two others").toHaveCount(3);
  await phone.part("device-out").first().click();
  await expect(phone.part("device")).toHaveCount(2);
  await expect(third.part("session-ended"), "the first of them was used last, and notices").toBeVisible();

  await phone.part("devices-out-all").click();
  await phone.part("confirm").click();
  await expect(phone.part("device"), "only this one is left").toHaveCount(1);
  await expect(other.part("session-ended")).toBeVisible();
  await phone.reload();
  await phone.seesInLobby(1);
});

test("a list that does not come is asked for again", async ({ evening }) => {
  const [anna] = evening.people;
  const phone = await evening.joins(anna, await evening.opensRoom(anna));
  let broken = true;
  await phone.page
    .context()
    .route("**/api/me/sessions", (route) =>
      broken ? route.fulfill({ status: 500, body: "" }) : route.continue(),
    );
  await phone.part("menu").click();
  await phone.part("account").click();
  await phone.part("devices").click();
  await expect(phone.part("devices-again")).toBeVisible();
  broken = false;
  await phone.part("devices-again").click();
  await expect(phone.part("device")).toHaveCount(1);
});
