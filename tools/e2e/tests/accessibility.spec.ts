/** Everybody in the chat can use every screen, in either theme and language. */
import type { Frame, Page } from "@playwright/test";
import axe, { type AxeResults } from "axe-core";
import { titlesElsewhere } from "../support/elsewhere.ts";
import { expect, test } from "../support/evening.ts";
import { rules } from "../support/rules.ts";
import { looks, tour, type Visit } from "../support/tour.ts";
import { troubles } from "../support/troubles.ts";

test.use({ limits: "off" });

// Colours follow the theme and lengths the language: each of both once is enough.
const judgedLooks = looks.filter(({ language, theme }) => (language === "ru") === (theme === "dark"));

for (const look of judgedLooks) {
  const name = `${look.language}, ${look.theme}`;
  test(`every screen passes axe (${name})`, async ({ evening }) => {
    // The walk is long, and longer on a busy machine.
    test.setTimeout(600_000);
    await passes(async (visit) => {
      await tour(evening, look, visit);
      await troubles(evening, look, visit);
      await rules(evening, look, visit, "by hand");
    });
  });

  test.describe(() => {
    test.use({ withTmdb: true });
    test(`every screen with titles of TMDB passes axe (${name})`, async ({ evening }) => {
      await passes((visit) => titlesElsewhere(evening, look, visit));
    });
  });
}

/** Axe has nothing to say of any screen of a walk. */
async function passes(walk: (visit: Visit) => Promise<void>): Promise<void> {
  const found: string[] = [];
  await walk(async (screen, page) => {
    const { violations, passes } = await judged(await appIn(page));
    expect(passes.length, `${screen}: axe found something to judge`).toBeGreaterThan(0);
    for (const { id, help, nodes } of violations) {
      const where = nodes.map((node) => `    ${node.target.join(" ")}: ${node.failureSummary ?? ""}`);
      found.push(`${screen}: ${id} (${help})\n${where.join("\n")}`);
    }
  });
  expect(found, found.join("\n\n")).toEqual([]);
}

/** The Mini App's own document: around it is the simulated phone; outside of Telegram it is the page. */
async function appIn(page: Page): Promise<Frame> {
  const frame = page.locator("iframe");
  if ((await frame.count()) === 0) return page.mainFrame();
  const app = await (await frame.elementHandle()).contentFrame();
  if (app === null) throw new Error("the phone's frame is empty");
  return app;
}

/**
 * What axe says of a document. It is run inside of it: from outside, axe gives a frame one second to take
 * its script and passes silently over one that is busy for longer.
 */
async function judged(app: Frame): Promise<AxeResults> {
  if (!(await app.evaluate(() => "axe" in window))) await app.evaluate(axe.source);
  return app.evaluate(() => {
    // What fades in is judged as it is once it is there.
    for (const animation of document.getAnimations()) {
      if (Number.isFinite(animation.effect?.getComputedTiming().endTime)) animation.finish();
    }
    return window.axe.run(document, {
      runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] },
    });
  });
}

declare global {
  interface Window {
    axe: typeof axe;
  }
}
