/** What a phone has to fetch before there is anything to swipe. */
import { gzipSync } from "node:zlib";
import type { Response } from "@playwright/test";
import { expect, test } from "../support/evening.ts";

/** Script and style, compressed. */
const budget = 60_000;

test("the first card needs no more than 60 KB of script and style", async ({ evening }) => {
  const [anna, ben] = evening.people;
  const card = await evening.opensRoom(anna);
  const hers = await evening.joins(anna, card);
  await hers.types("Первая карточка");
  await hers.start();

  const fetched: Response[] = [];
  const his = await evening.phone(ben);
  his.page.on("response", (response) => {
    const kind = response.request().resourceType();
    // The simulated phone around the app is not the app's weight.
    const inside = response.frame() !== his.page.mainFrame();
    if (inside && (kind === "script" || kind === "stylesheet")) fetched.push(response);
  });
  await his.open(card);
  await his.topTitle();

  let weight = 0;
  for (const response of fetched) weight += gzipSync(await response.body()).length;
  expect(fetched, "the app did fetch something").not.toHaveLength(0);
  expect(weight, fetched.map((response) => response.url()).join("\n")).toBeLessThanOrEqual(budget);
});
