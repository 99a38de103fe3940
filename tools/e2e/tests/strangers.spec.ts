/** People and links that have nothing to do with a room. */
import { expect, test } from "../support/evening.ts";
import { bot } from "../support/server.ts";

test("a stranger with the link to another room sees that room and nothing of this one", async ({
  evening,
}) => {
  const [anna] = evening.people;
  const stranger = await evening.telegram.newPerson("Глеб");
  const ours = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, ours);
  const secret = await hers.types("Только для своих");

  const chat = await evening.telegram.newGroup("Другая компания", [stranger]);
  const theirs = await evening.opensRoom(stranger, chat);
  const his = await evening.joins(stranger, theirs);

  expect(theirs.code).not.toBe(ours.code);
  await his.seesInLobby(1);
  await expect(his.part(`member-${anna.id}`)).toHaveCount(0);
  await expect(his.part(`pick-${secret}`)).toHaveCount(0);
  await hers.seesInLobby(1);
});

test("a link to a room that never was says so and leads home", async ({ evening }) => {
  const [anna] = evening.people;
  const phone = await evening.phone(anna);
  await phone.open({ url: `https://t.me/${bot.username}/${bot.app}?startapp=00000000` });
  await expect(phone.part("not-found")).toBeVisible();
  await phone.part("not-found").getByRole("button").first().click();
  await expect(phone.part("home")).toBeVisible();
});

test("a stranger's session gets a preview of a room and may do nothing in it", async ({
  evening,
  request,
}) => {
  const [anna] = evening.people;
  const stranger = await evening.telegram.newPerson("Глеб");
  const { code } = await evening.opensRoom(anna);
  const session = await request.post(`${evening.server.url}/api/auth/telegram`, {
    data: { init_data: (await evening.telegram.launch(stranger)).init_data },
  });
  expect(session.status()).toBe(200);
  const { access_token } = (await session.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}` };

  const seen = await request.get(`${evening.server.url}/api/rooms/${code}`, { headers });
  expect(seen.status()).toBe(200);
  const preview = (await seen.json()) as Record<string, unknown>;
  expect(preview, "a count of members and no names of theirs").toMatchObject({ code, members: 1 });
  const command = await request.post(`${evening.server.url}/api/rooms/${code}/commands`, {
    headers,
    data: { type: "start" },
  });
  expect(command.status()).toBe(403);
  expect(await command.json()).toMatchObject({ code: "not_a_member" });
});
