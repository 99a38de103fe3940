/** Telegram's clients at their worst: they refuse, keep silent and say nonsense. */
import { expect, test } from "../support/evening.ts";
import { bot } from "../support/server.ts";

test("a clipboard that refuses is said, and the link is there to be copied by hand", async ({ evening }) => {
  const [anna] = evening.people;
  const card = await evening.opensRoom(anna);
  const phone = await evening.phone(anna);
  await phone.page.addInitScript(() => {
    const writeText = (): Promise<void> => Promise.reject(new DOMException("denied", "NotAllowedError"));
    Object.defineProperty(navigator, "clipboard", { value: { writeText } });
    Object.defineProperty(document, "execCommand", { value: () => false });
  });
  await phone.open(card);
  await phone.part("copy-link").click();
  await expect(phone.part("copy-text")).toHaveValue(card.url);
  await expect(phone.part("toast"), "nobody claims that it was copied").toHaveCount(0);
});

test("a question that Telegram never answers blocks nothing and ends by itself", async ({ evening }) => {
  const [anna] = evening.people;
  const phone = await evening.phone(anna);
  await phone.page.addInitScript(() => {
    // The page around the app hears nothing of the question.
    const deaf = (event: MessageEvent): void => {
      if (String(event.data).includes("web_app_request_write_access")) event.stopImmediatePropagation();
    };
    if (window.parent === window) addEventListener("message", deaf, true);
  });
  await phone.open({ url: `https://t.me/${bot.username}/${bot.app}` });
  await phone.part("account").click();
  const messages = phone.part("notifications");
  if ((await messages.getAttribute("aria-checked")) === "true") await messages.click();
  await expect(messages).toHaveAttribute("aria-checked", "false");
  await messages.click();
  await expect(messages, "it shows what is wanted").toHaveAttribute("aria-checked", "true");
  await phone.part("language-en").click();
  await expect(phone.part("language-en"), "the sheet lives").toHaveAttribute("aria-checked", "true");
  await expect(messages, "and the switch goes back").toHaveAttribute("aria-checked", "false");
  await expect(phone.part("toast")).toContainText("did not answer");
});

test("a page whose storage is blocked, and that is loaded again, comes back to its room", async ({
  evening,
}) => {
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const phone = await evening.phone(ben);
  await phone.page.addInitScript(() => {
    for (const name of ["localStorage", "sessionStorage"]) {
      const denied = (): never => {
        throw new DOMException("denied", "SecurityError");
      };
      if (window.parent !== window) Object.defineProperty(window, name, { get: denied });
    }
  });
  await phone.open(card);
  await phone.types("Сквозь перезагрузку");
  for (let times = 0; times < 3; times += 1) await phone.reload();
  await expect(phone.parts("pick-").filter({ hasText: "Сквозь перезагрузку" }).first()).toBeVisible();
});

test("a browser below the floor is told so, in words, and shown nothing else", async ({ evening }) => {
  const [anna] = evening.people;
  const phone = await evening.phone(anna);
  await phone.page.addInitScript(() => {
    if (window.parent !== window) Object.defineProperty(CSS, "supports", { value: () => false });
  });
  await phone.open({ url: `https://t.me/${bot.username}/${bot.app}` });
  await expect(phone.app.locator("#startup")).toContainText("too old");
  await expect(phone.part("home")).toHaveCount(0);
});
