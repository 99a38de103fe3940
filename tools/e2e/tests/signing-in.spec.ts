/** Launch data that is old, spent, or presented too often: nobody is turned away for nothing, and whoever is hears what helps. */
import type { Phone } from "../support/phone.ts";
import { expect, test } from "../support/evening.ts";

/** What the server says to launch data, instead of looking at it: so often, and then no more. */
async function refusing(phone: Phone, times: number, status: number, code: string): Promise<() => number> {
  let asked = 0;
  await phone.page.context().route("**/api/auth/telegram", async (route) => {
    asked += 1;
    if (asked > times) return route.continue();
    return route.fulfill({
      status,
      contentType: "application/problem+json",
      headers: status === 429 ? { "Retry-After": "2" } : {},
      body: JSON.stringify({ type: "about:blank", title: code, status, code, detail: code }),
    });
  });
  return () => asked;
}

/** Signs the page's own session out behind its back, as its person could on the same launch data elsewhere. */
async function signsOut(phone: Phone): Promise<void> {
  const frame = phone.page.frames().find((one) => one.parentFrame() !== null);
  const status = await frame?.evaluate(async () => {
    const post = (path: string, token: string | null, body: object) =>
      fetch(path, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(body),
      });
    const launch = new URLSearchParams(sessionStorage.getItem("sovpalo.launch") ?? "");
    const init_data = launch.get("tgWebAppData");
    const session = (await (await post("/api/auth/telegram", null, { init_data })).json()) as {
      access_token: string;
    };
    return (await post("/api/auth/logout", session.access_token, {})).status;
  });
  expect(status).toBe(204);
}

test("whoever signed out is offered Telegram's own link, which leads back into the room", async ({
  evening,
}) => {
  const [anna] = evening.people;
  const phone = await evening.joins(anna, await evening.opensRoom(anna));
  await signsOut(phone);
  await expect(phone.part("session-ended"), "the page notices by itself").toBeVisible();
  await phone.reload();
  await expect(phone.part("session-ended"), "the same launch data again").toBeVisible();
  await phone.part("reopen").click();
  await phone.seesInLobby(1);
});

test("a page that can keep nothing signs in by the same launch data each time", async ({ evening }) => {
  const [anna] = evening.people;
  const phone = await evening.joins(anna, await evening.opensRoom(anna));
  for (let time = 0; time < 3; time += 1) {
    const frame = phone.page.frames().find((one) => one.parentFrame() !== null);
    await frame?.evaluate(() => {
      localStorage.clear();
    });
    await phone.reload();
    await phone.seesInLobby(1);
  }
});

test("a kept session lets somebody into the room of a new link whose launch data is not taken", async ({
  evening,
}) => {
  const [anna, ben] = evening.people;
  const phone = await evening.joins(anna, await evening.opensRoom(anna));
  const asked = await refusing(phone, 10, 401, "init_data_expired");
  const other = await evening.opensRoom(ben);
  await evening.joins(ben, other);
  await phone.open(other);
  await phone.seesInLobby(2);
  expect(asked(), "the new launch was tried first").toBe(1);
});

test("a page that asked too often says how long it waits, and goes on by itself", async ({ evening }) => {
  const [anna] = evening.people;
  const phone = await evening.phone(anna);
  const asked = await refusing(phone, 1, 429, "too_many");
  await phone.open(await evening.opensRoom(anna));
  await expect(phone.part("waiting-for-server")).toContainText(/\b[12]\b/);
  await phone.seesInLobby(1);
  expect(asked()).toBe(2);
});

test("clocks that differ are named, and trying again helps once they agree", async ({ evening }) => {
  const [anna] = evening.people;
  const phone = await evening.phone(anna);
  await refusing(phone, 1, 401, "clock_differs");
  await phone.open(await evening.opensRoom(anna));
  await expect(phone.part("session-ended")).toContainText(/clock|часы/i);
  await phone.part("retry").click();
  await phone.seesInLobby(1);
});
