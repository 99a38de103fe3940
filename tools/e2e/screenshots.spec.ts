/** Pictures of every screen, for people to look at: `npm run screenshots` fills `screenshots/`. */
import { test } from "./support/evening.ts";
import { looks, tour } from "./support/tour.ts";

test.use({ limits: "off" });

for (const look of looks) {
  test(`pictures (${look.language}, ${look.theme})`, async ({ evening }) => {
    // The walk is long, and longer on a busy machine.
    test.setTimeout(600_000);
    let number = 0;
    await tour(evening, look, async (screen, page) => {
      number += 1;
      const name = `${number.toString().padStart(2, "0")}-${screen}.png`;
      const path = `screenshots/${look.language}-${look.theme}/${name}`;
      // What moves once is shown at its end, what moves for ever as if it stood.
      await page.screenshot({ path, animations: "disabled" });
    });
  });
}
