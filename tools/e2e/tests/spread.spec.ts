/** What `cargo xtask spread` reckons with: its numbers, and the network that it puts before phones. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { Network } from "../spread/network.ts";
import { outcomeOf, table } from "../spread/outcome.ts";
import { Random } from "../spread/random.ts";
import { positionAt, quantile, settledAfter, spreads, type Track } from "../spread/statistics.ts";

/** A film that runs from here on, noted every 100 ms. */
const running = (from_s: number, from: number, to: number): Track =>
  Array.from({ length: Math.floor((to - from) / 100) + 1 }, (_, at) => ({
    at: from + at * 100,
    position_s: from_s + at / 10,
  }));

test("between two samples a film was between their positions, and where none are nobody knows", () => {
  const track: Track = [
    { at: 1_000, position_s: 10 },
    { at: 1_200, position_s: 10.2 },
    { at: 9_000, position_s: 18 },
  ];
  expect(positionAt(track, 1_050)).toBeCloseTo(10.05);
  expect(positionAt(track, 1_200)).toBe(10.2);
  expect(positionAt(track, 5_000), "too far from any").toBeNull();
  expect(positionAt(track, 999)).toBeNull();
  expect(positionAt([], 0)).toBeNull();
});

test("a quantile is a value that there was", () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
  expect(quantile(hundred, 0.5)).toBe(50);
  expect(quantile(hundred, 0.95)).toBe(95);
  expect(quantile(hundred, 1)).toBe(100);
  expect(quantile([7], 0.5)).toBe(7);
  expect(quantile([], 0.5)).toBeNaN();
});

test("the spread is from the last phone to the furthest, and each one's distance is from the middle", () => {
  const tracks = [running(10, 0, 2_000), running(10.2, 0, 2_000), running(9.9, 0, 2_000)];
  const [first] = spreads(tracks, [500, 600]);
  expect(first?.apart_ms).toBeCloseTo(300);
  expect(first?.each_ms.map((one) => Math.round(one ?? NaN))).toEqual([0, 200, -100]);
});

test("what a phone does while something happens to it counts no more than it does", () => {
  const tracks = [running(10, 0, 4_000), running(10, 0, 4_000), running(50, 0, 4_000)];
  const apart = (phone: number | null) =>
    spreads(tracks, [0, 4_000], [{ phone, from: 1_000, to: 3_000 }]).map(({ apart_ms }) =>
      Math.round(apart_ms),
    );
  expect(
    apart(2).filter((one) => one === 0),
    "without it the others are together",
  ).toHaveLength(20);
  expect(apart(2).filter((one) => one === 40_000)).toHaveLength(20);
  expect(apart(null), "where it happens to all there is nothing to look at").toHaveLength(20);
});

test("a phone whose film hangs is not left out", () => {
  const hung: Track = running(10, 0, 4_000).map(({ at, position_s }) => ({
    at,
    position_s: Math.min(position_s, 11),
  }));
  const found = spreads([running(10, 0, 4_000), hung], [0, 4_000]);
  expect(found.at(-1)?.apart_ms).toBeCloseTo(2_900);
});

test("a seek is settled once all are there and together, and stay so", () => {
  const seek = { at: 1_000, until: 12_000, to_s: 100 };
  const jumps = (late: number): Track => [
    ...running(10, 0, 1_000 + late - 100),
    ...running(100, 1_000 + late, 12_000),
  ];
  expect(settledAfter([jumps(300), jumps(300)], seek, 150), "once they run on from there").toBe(300);
  expect(
    settledAfter([jumps(300), jumps(800)], seek, 150),
    "half a second behind is not together",
  ).toBeNull();
  const catchesUp = [...jumps(800).filter(({ at }) => at < 4_000), ...running(102.7, 4_000, 12_000)];
  expect(settledAfter([jumps(300), catchesUp], seek, 150)).toBe(3_000);
  expect(settledAfter([running(10, 0, 12_000), running(10, 0, 12_000)], seek, 150), "nobody went").toBeNull();
});

test("an advertisement is looked away from, and a correction is one when nothing has happened", () => {
  const samples = (from_s: number, ad: boolean) =>
    running(from_s, 0, 60_000).map((one) => ({ ...one, runs: true, ad: ad && one.at < 10_000 }));
  const outcome = outcomeOf({
    name: "film",
    bar_ms: 150,
    span: [0, 60_000],
    noted: [
      [{ samples: samples(10, false), corrections: [] }],
      [
        {
          samples: samples(10.1, true),
          corrections: [
            { at: 5_000, what: "seek" },
            { at: 30_000, what: "rate" },
          ],
        },
      ],
    ],
    disturbances: [],
    sought: [],
    settling_ms: 5_000,
    busy: 0.5,
  });
  expect(outcome.minutes).toBeCloseTo(0.75, 2);
  expect(outcome.p95).toBeCloseTo(100);
  expect(outcome.corrections[0]).toBe(0);
  expect(outcome.corrections[1]).toBeCloseTo(1 / 0.75, 1);
  expect(table([outcome])).toContain("| film | 100 ms | 100 ms | 100 ms | 150 ms | – |");
});

test("the same seed is the same run", () => {
  const [one, other, third] = [new Random(7), new Random(7), new Random(8)];
  const drawn = (random: Random) => [random.next(), random.below(10), ...random.shuffled([1, 2, 3, 4, 5])];
  const first = drawn(one);
  expect(drawn(other)).toEqual(first);
  expect(drawn(third)).not.toEqual(first);
});

test("bytes pass a network both ways in order and whole, and later than they came", async ({ browser }) => {
  const body = Array.from({ length: 50_000 }, (_, at) => at).join();
  const server = createServer(({ url }, answer) => {
    answer.end(url === "/body" ? body : "<p>A page</p>");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const network = await Network.start({ up: 120, down: 80, jitter: 10 }, new Random(1));
  try {
    const context = await browser.newContext({ proxy: { server: network.url } });
    const page = await context.newPage();
    const began = performance.now();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(performance.now() - began, "there and back twice: to connect, and to ask").toBeGreaterThan(400);
    const came = await page.evaluate(async () => (await fetch("/body")).text());
    expect(came === body, "every byte in its place").toBe(true);
    await context.close();
  } finally {
    await network.stop();
    server.closeAllConnections();
    server.close();
  }
});
