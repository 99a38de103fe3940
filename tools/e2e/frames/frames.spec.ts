/**
 * How long the frames take in which a card is dragged and thrown, in a whole app against the real server, on a processor that is four
 * times slower. `cargo xtask frames` runs it. It reports, and fails only where it could not measure.
 */
import type { BrowserContext, Locator } from "@playwright/test";
import { expect, test } from "../support/evening.ts";
import { Finger, middleOf } from "../support/finger.ts";
import type { Phone } from "../support/phone.ts";
import { Busy } from "../spread/busy.ts";
import { quantile } from "../spread/statistics.ts";
import { MOMENTS, type Moment, type Times, noTimes, record, recorded } from "./recorder.ts";

const CARDS = Number(process.env["FRAMES_CARDS"] ?? 40);
const SLOWED = Number(process.env["FRAMES_SLOWED"] ?? 4);
/** In ms, while a finger holds the card. A screen of 60 Hz has a frame every 16.7 ms. */
const GOAL = { p99: 20, most: 32 } as const;
const DECK = "everybody-agrees";
const SAID: Record<Moment, string> = {
  held: "while a finger holds a card",
  flying: "while a card flies or springs back",
  still: "while nothing moves",
};

const log = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** One line of the report. */
function row(name: string, times: readonly number[]): string {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const over = times.filter((time) => time > GOAL.most).length;
  const figures = [0.5, 0.99, 1].map((share) => ms(quantile(times, share)));
  return `| ${[name, ...figures, over, times.length].join(" | ")} |`;
}

/** The app's document in the simulated phone. */
function appOf(phone: Phone): ReturnType<Phone["page"]["mainFrame"]> {
  const app = phone.page.frames().find((frame) => frame.parentFrame() !== null);
  if (app === undefined) throw new Error("the phone shows no app");
  return app;
}

/** What a hand does with a card: every fourth is put back first, every third goes to the other side. */
async function moves(card: Locator, finger: Finger, index: number): Promise<void> {
  const { x, y, width } = await middleOf(card);
  const side = index % 3 === 0 ? -1 : 1;
  if (index % 4 === 0) {
    const aside = { x: x + side * width * 0.25, y: y + 30 };
    await finger.puts({ x, y });
    await finger.draws(aside, 320);
    await finger.draws(aside, 120);
    await finger.lifts();
  }
  await finger.puts({ x, y });
  await finger.draws({ x: x + side * width * 0.2, y: y + 12 }, 240);
  await finger.draws({ x: x + side * width * 0.55, y: y + 24 }, 130);
  await finger.lifts();
}

/** Swipes the card on top. */
async function throws(phone: Phone, finger: Finger, index: number): Promise<void> {
  const title = await phone.topTitle();
  await moves(phone.topCard, finger, index);
  await expect(
    phone.app.locator(`[data-testid=${JSON.stringify(`card-${title}`)}]`),
    "the card has flown away",
  ).toHaveCount(0);
}

/**
 * A page that does nothing but have one square follow the finger and spring back: what this machine and browser are good for, held against the
 * app in the same run.
 */
async function bareTimes(context: BrowserContext): Promise<Times> {
  const page = await context.newPage();
  await page.setContent(
    "<style>div { position: fixed; inset: 60px 20px 200px; background: steelblue; touch-action: none }</style><div></div>",
  );
  const square = page.locator("div");
  await square.evaluate((square: HTMLElement) => {
    let from: { x: number; y: number } | null = null;
    square.addEventListener("pointerdown", ({ x, y }) => (from = { x, y }));
    addEventListener("pointermove", ({ x, y }) => {
      if (from !== null) square.style.transform = `translate(${x - from.x}px, ${y - from.y}px)`;
    });
    addEventListener("pointerup", () => {
      from = null;
      square.animate([{ transform: square.style.transform }, { transform: "none" }], 300);
      square.style.transform = "none";
    });
  });
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWED });
  const finger = await Finger.on(page);
  await record(page.mainFrame());
  for (let index = 0; index < CARDS; index += 1) {
    await moves(square, finger, index);
    await expect
      .poll(() => square.evaluate((square) => square.getAnimations().length), { intervals: [50] })
      .toBe(0);
  }
  const times = await recorded(page.mainFrame());
  await page.close();
  return times;
}

// All phones share one address.
test.use({ limits: "off" });

test("cards follow the finger and fly without a missed frame", async ({ evening }) => {
  test.setTimeout(CARDS * 15_000 + 300_000);
  const [anna, ben] = evening.people;
  const phone = await evening.phone(anna);
  // How this machine's few processors are used is the test's choice: what is measured is the phone that moves everything.
  await phone.page.addInitScript(() => {
    Object.defineProperty(navigator, "hardwareConcurrency", { get: () => 8 });
    Object.defineProperty(navigator, "deviceMemory", { get: () => 8 });
  });
  // Around the app is the simulated Telegram, in the same process: it shows no news of its chats meanwhile.
  await phone.page.route("**/sim/events", (route) => route.fulfill({ status: 204 }));
  const session = await phone.page.context().newCDPSession(phone.page);
  const finger = await Finger.on(phone.page);
  const times = noTimes();
  const busy = new Busy();
  let thrown = 0;
  while (thrown < CARDS) {
    await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
    const card = await evening.opensRoom(anna, await evening.telegram.newGroup("Frames", [anna, ben]));
    await phone.open(card);
    await phone.part("choose-deck").click();
    await phone.part(`deck-${DECK}`).click();
    await phone.start();
    await phone.topTitle();
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWED });
    await record(appOf(phone));
    // Of a deck the last few cards are left: behind them there is nothing to be drawn.
    for (let here = 0; here < 16 && thrown < CARDS; here += 1, thrown += 1)
      await throws(phone, finger, thrown);
    const noted = await recorded(appOf(phone));
    for (const moment of MOMENTS) {
      times.between[moment].push(...noted.between[moment]);
      times.work[moment].push(...noted.work[moment]);
    }
  }
  for (const moment of ["held", "flying"] as const)
    expect(times.between[moment].length, `frames were noted ${SAID[moment]}`).toBeGreaterThan(CARDS * 10);
  log(
    `\n${CARDS} cards dragged and thrown, processor ÷ ${SLOWED}, machine ${Math.round(busy.share * 100)} % busy`,
  );
  log("| | p50 | p99 | most | over 32 ms | frames |\n| --- | ---: | ---: | ---: | ---: | ---: |");
  for (const moment of MOMENTS) {
    log(row(`between two frames, ${SAID[moment]}`, times.between[moment]));
    log(row(`the page's work for a frame, ${SAID[moment]}`, times.work[moment]));
  }
  const bare = await bareTimes(phone.page.context());
  log(row("between two frames, while a finger holds the square of a bare page", bare.between.held));
  log(row("between two frames, while that square springs back", bare.between.flying));
  const { held } = times.between;
  const isMet = quantile(held, 0.99) <= GOAL.p99 && quantile(held, 1) <= GOAL.most;
  log(
    `goal ${isMet ? "met" : "not met"}: ${SAID.held}, p99 at most ${GOAL.p99} ms, none over ${GOAL.most} ms\n`,
  );
});
