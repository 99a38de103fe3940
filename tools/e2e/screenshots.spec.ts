/**
 * Pictures of every screen, for people to look at, on a small phone and on a large one; and for each language and theme one sheet with all of
 * them. `cargo xtask contact-sheet` runs it.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "@playwright/test";
import { type Picture, sheetOf } from "./support/sheet.ts";
import { titlesElsewhere } from "./support/elsewhere.ts";
import { type Evening, test } from "./support/evening.ts";
import { rules } from "./support/rules.ts";
import { type Look, looks, tour, type Visit } from "./support/tour.ts";
import { troubles } from "./support/troubles.ts";

type Walk = (evening: Evening, look: Look, visit: Visit) => Promise<void>;

const FOLDER = resolve(process.env["CONTACT_SHEET"] ?? "screenshots");

const SIZES = [
  { name: "small", width: 360, height: 640 },
  { name: "large", width: 430, height: 932 },
] as const;

/** Changes the size, and opens again what has closed for that. */
async function resizes(
  page: Page,
  viewport: { width: number; height: number },
  opens?: () => Promise<void>,
): Promise<void> {
  await page.setViewportSize(viewport);
  await settles(page);
  await opens?.();
}

/** A size that has just changed is laid out and known to everybody. A frame that is not on the screen draws nothing: it is not waited for. */
async function settles(page: Page): Promise<void> {
  for (const frame of page.frames())
    await frame.evaluate(
      () =>
        new Promise((done) => {
          setTimeout(done, 500);
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));
        }),
    );
}

test.use({ limits: "off" });

/** Pictures the screens of these walks in one look, one after the other, and all of them on a sheet. */
function pictures(name: string, look: Look, walks: readonly Walk[]): void {
  test(`pictures (${name})`, async ({ evening, browser }) => {
    // The walk is long, and longer on a busy machine.
    test.setTimeout(1_200_000);
    const folder = join(FOLDER, name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const pictures: Picture[] = [];
    let number = 0;
    const takes = async (page: Page, file: string): Promise<void> => {
      // What moves once is shown at its end, what moves for ever as if it stood.
      await page.screenshot({ path: join(folder, file), animations: "disabled" });
    };
    const visit = async (screen: string, page: Page, opens?: () => Promise<void>): Promise<void> => {
      number += 1;
      const begin = `${number.toString().padStart(2, "0")}-${screen}`;
      const before = page.viewportSize();
      if (before === null) throw new Error("the page has no size");
      if (before.width > before.height) {
        await takes(page, `${begin}.png`);
        pictures.push({ screen, files: [`${name}/${begin}.png`] });
        return;
      }
      const files: string[] = [];
      for (const { name: size, ...viewport } of SIZES) {
        await resizes(page, viewport, opens);
        await takes(page, `${begin}-${size}.png`);
        files.push(`${name}/${begin}-${size}.png`);
      }
      await resizes(page, before, opens);
      pictures.push({ screen, files });
    };
    for (const walk of walks) await walk(evening, look, visit);

    const sheet = join(FOLDER, `${name}.html`);
    await writeFile(sheet, sheetOf(name, pictures));
    const context = await browser.newContext({
      viewport: { width: 2_000, height: 1_200 },
      deviceScaleFactor: 1,
    });
    const page = await context.newPage();
    await page.goto(pathToFileURL(sheet).href);
    await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true });
    await context.close();
  });
}

for (const look of looks) {
  const name = `${look.language}-${look.theme}`;
  pictures(name, look, [tour, rules, troubles]);
  test.describe(() => {
    test.use({ withTmdb: true });
    pictures(`${name}-tmdb`, look, [titlesElsewhere]);
  });
}
