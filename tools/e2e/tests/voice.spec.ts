/** People in a room talk by voice: real connections between real browsers, with a microphone that beeps. */
import { expect, test } from "../support/evening.ts";
import type { Phone } from "../support/phone.ts";

test.use({
  launchOptions: {
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
      // All of them are on this machine, which may have no other network.
      "--allow-loopback-in-peer-connection",
      "--disable-features=WebRtcHideLocalIpsWithMdns",
    ],
  },
});

// Each look at how loud somebody is takes two seconds, and a busy machine takes its time.
test.setTimeout(300_000);

test("three phones hear each other, one is silent, one leaves", async ({ evening }) => {
  const phones = await evening.gathers(await evening.opensRoom(evening.people[0]));
  const [hers, his, theirs] = phones;

  await test.step("who comes in listens, and needs no microphone for it", async () => {
    for (const phone of phones) {
      await phone.part("voice-join").click();
      await expect(phone.part("voice-bar")).toBeVisible();
      await expect(phone.part("voice-mic")).toHaveAttribute("aria-pressed", "false");
    }
    for (const phone of phones) {
      await expect(phone.parts("voice-person-"), `${phone.name} sees all three`).toHaveCount(3);
      await expect(phone.app.locator(".voice-person.connected"), `${phone.name} reaches all`).toHaveCount(3);
    }
  });

  await test.step("each hears the two others", async () => {
    for (const phone of phones) {
      await phone.part("voice-mic").click();
      await expect(phone.part("voice-mic")).toHaveAttribute("aria-pressed", "true");
    }
    for (const phone of phones) {
      for (const other of phones.filter((one) => one !== phone)) await hears(phone, other);
    }
  });

  await test.step("who is silent is heard no more, and still hears", async () => {
    await hers.part("voice-mic").click();
    await expect(hers.part("voice-mic")).toHaveAttribute("aria-pressed", "false");
    await silent(his, hers);
    await silent(theirs, hers);
    await hears(hers, his);
  });

  await test.step("who holds the button is heard for so long", async () => {
    const button = await hers.part("voice-mic").boundingBox();
    if (button === null) throw new Error("no button");
    await hers.page.mouse.move(button.x + button.width / 2, button.y + button.height / 2);
    await hers.page.mouse.down();
    await hears(his, hers);
    await hers.page.mouse.up();
    await silent(his, hers);
  });

  await test.step("who leaves is gone", async () => {
    await theirs.part("voice-leave").click();
    await expect(theirs.part("voice-join")).toContainText("2");
    for (const phone of [hers, his]) await expect(phone.parts("voice-person-")).toHaveCount(2);
  });

  await test.step("a page that was loaded again is heard again", async () => {
    await his.reload();
    await expect(hers.parts("voice-person-")).toHaveCount(1);
    await his.part("voice-join").click();
    await his.part("voice-mic").click();
    await hears(hers, his);
  });
});

/** How loud somebody is shown to be, at its loudest within two seconds: the microphone beeps about once a second. */
async function loudest(phone: Phone, other: Phone): Promise<number> {
  const person = phone.part(`voice-person-${other.person.id}`);
  return person.evaluate(
    (element) =>
      new Promise<number>((resolve) => {
        let most = 0;
        const look = () => {
          most = Math.max(most, Number((element as HTMLElement).dataset["level"] ?? 0));
        };
        const timer = setInterval(look, 50);
        setTimeout(() => {
          clearInterval(timer);
          resolve(most);
        }, 2_000);
      }),
  );
}

async function hears(phone: Phone, other: Phone): Promise<void> {
  await expect
    .poll(() => loudest(phone, other), { message: `${phone.name} hears ${other.name}`, timeout: 30_000 })
    .toBeGreaterThan(5);
}

async function silent(phone: Phone, other: Phone): Promise<void> {
  await expect
    .poll(() => loudest(phone, other), {
      message: `${phone.name} does not hear ${other.name}`,
      timeout: 30_000,
    })
    .toBe(0);
}
