/** An evening behind a proxy that lets no WebSocket through. */
import { expect, test } from "../support/evening.ts";
import { Proxy } from "../support/proxy.ts";

/** The words of the two languages in which the phones are. */
const slower = /This network lets no live connection through|Эта сеть не пропускает живое соединение/u;

test.use({ proxied: true });
// A socket is tried again once a minute.
test.slow();

for (const upgrades of ["stripped", "refused"] as const) {
  test(`behind a proxy whose upgrades are ${upgrades} an evening ends with a match, by HTTP`, async ({
    evening,
  }) => {
    const proxy = await Proxy.listen(evening.server.port, evening.server.inner, upgrades);
    try {
      const [anna, ben] = evening.people;
      const card = await evening.opensRoom(anna);
      const [hers, his] = [await evening.joins(anna, card), await evening.joins(ben, card)];
      for (const phone of [hers, his]) {
        await expect(phone.part("slow-banner"), `${phone.name} is told why`).toHaveText(slower);
        await expect(phone.part("offline-banner"), "which is not that there is no connection").toHaveCount(0);
        await phone.seesInLobby(2);
      }

      const wanted = await hers.types("Наша дача");
      await his.types("Наша зима");
      await his.ready();
      await hers.start();
      await hers.swipes((title) => (title === wanted ? "like" : "skip"));
      while ((await his.topTitle()) !== wanted) await his.swipe("skip");
      await his.part("like").click();
      for (const phone of [hers, his]) await phone.seesMatch("Наша дача");
      await his.closeMatch();
      await his.swipes(() => "skip");
      for (const phone of [hers, his]) {
        if (await phone.match.isVisible()) await phone.closeMatch();
        await expect(phone.part("results"), `${phone.name} sees the results`).toBeVisible();
        await expect(phone.matched(wanted)).toBeVisible();
        await expect(phone.parts("result-"), "what was liked, once").toHaveCount(1);
      }
      if (upgrades === "stripped") expect(evening.server.log).toContain("proxy_set_header Upgrade");
      expect(
        evening.server.log.split("proxy_set_header Upgrade").length,
        "it is said once a minute",
      ).toBeLessThan(4);

      proxy.set("passed");
      for (const phone of [hers, his]) {
        await expect(phone.part("slow-banner"), `${phone.name} is back on a socket`).toHaveCount(0, {
          timeout: 70_000,
        });
      }
    } finally {
      await proxy.close();
    }
  });
}

test("a phone goes from a socket to HTTP and back in the middle of swiping, and loses nothing", async ({
  evening,
}) => {
  const proxy = await Proxy.listen(evening.server.port, evening.server.inner, "passed");
  try {
    const [anna, ben] = evening.people;
    const card = await evening.opensRoom(anna);
    const [hers, his] = [await evening.joins(anna, card), await evening.joins(ben, card)];
    await hers.seesInLobby(2);
    for (const name of ["Раз", "Два", "Три"]) await hers.types(name);
    await hers.start();
    await expect(his.part("slow-banner"), "sockets work").toHaveCount(0);
    const dealt = [await his.swipe("like")];
    proxy.set("refused");
    dealt.push(await his.swipe("like"));
    await expect(his.part("slow-banner")).toHaveText(slower);
    dealt.push(await his.swipe("like"));
    proxy.set("passed");
    await hers.swipes(() => "like");
    for (const phone of [hers, his]) {
      await phone.swipes(() => "like");
      await expect(phone.part("results"), `${phone.name} sees the results`).toBeVisible();
      for (const title of dealt) await expect(phone.matched(title)).toBeVisible();
    }
    expect(new Set(dealt).size, "nothing was dealt twice").toBe(3);
  } finally {
    await proxy.close();
  }
});
