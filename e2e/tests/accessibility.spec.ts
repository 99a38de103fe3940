/** Everybody in the chat can use every screen, in either theme and language. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "../support/evening.ts";
import { looks, tour } from "../support/tour.ts";

test.use({ limits: "off" });

for (const look of looks) {
  test(`every screen passes axe (${look.language}, ${look.theme})`, async ({ evening }) => {
    test.slow();
    const found: string[] = [];
    await tour(evening, look, async (screen, page) => {
      const builder = new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]);
      // Around the app is the simulated phone; outside of Telegram there is only the app.
      const framed = (await page.locator("iframe").count()) > 0;
      if (framed) builder.include(["iframe", "html"]);
      const { violations, passes } = await builder.analyze();
      const depth = Math.max(...passes.flatMap(({ nodes }) => nodes.map((node) => node.target.length)));
      expect(depth, `${screen}: axe looked inside the frame`).toBe(framed ? 2 : 1);
      for (const { id, help, nodes } of violations) {
        const where = nodes.map((node) => `    ${node.target.join(" ")}: ${node.failureSummary ?? ""}`);
        found.push(`${screen}: ${id} (${help})\n${where.join("\n")}`);
      }
    });
    expect(found, found.join("\n\n")).toEqual([]);
  });
}
