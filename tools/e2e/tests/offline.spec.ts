/** A phone in a tunnel. */
import { expect, test } from "../support/evening.ts";

for (const mode of ["drop", "stall"] as const) {
  test(`a phone that is offline for a while (${mode}) loses nothing and is dealt nothing again`, async ({
    evening,
  }) => {
    const [anna] = evening.people;
    const [hers, second, third] = await evening.gathers(await evening.opensRoom(anna));
    for (const name of ["Раз", "Два", "Три"]) await hers.types(name);
    await hers.start();
    const first = await second.swipe("like");

    await second.network(mode);
    if (mode === "drop") await expect(second.part("offline-banner")).toBeVisible();
    const inTheTunnel = [await second.swipe("like"), await second.swipe("like")];
    for (const phone of [hers, third]) await phone.swipes(() => "like");
    await second.network("up");

    await expect(second.part("offline-banner")).toHaveCount(0);
    const { dealt } = await second.swipes(() => "skip");
    expect(dealt, "nothing was dealt again").toEqual([]);
    for (const phone of [hers, second, third]) {
      await phone.swipes(() => "skip");
      await expect(phone.part("results"), `${phone.name} sees the results`).toBeVisible();
      for (const title of [first, ...inTheTunnel]) {
        await expect(phone.matched(title), `${phone.name} sees every match`).toBeVisible();
      }
    }
  });
}
