/** An advertisement between a seek and the film: it says nothing of how long the seek took. */
import fc from "fast-check";
import { expect, it } from "vitest";

import { SimulatedPhone } from "./testing/simulatedPlayer";

/** So long after the advertisement the film is back in its place: two seeks, the first of which teaches how long they take. In ms. */
const BACK = 9_000;

const players = fc.record({
  play: fc.integer({ min: 0, max: 300 }),
  seek: fc.integer({ min: 100, max: 600 }),
  seekJitter: fc.integer({ min: 0, max: 60 }),
  jitter: fc.constant(0),
  coarse: fc.integer({ min: 200, max: 260 }),
  rates: fc.constant("quarters" as const),
  saysSeeking: fc.boolean(),
  capabilities: fc.constant({ rate: false, seek: true, live: false, ads: true, exact: false }),
  duration_s: fc.constant(null),
});

it("a phone that comes late and is shown an advertisement first is in step soon after it", () => {
  fc.assert(
    fc.property(
      players,
      fc.integer({ min: 50, max: 1_500 }),
      fc.integer({ min: 800, max: 3_400 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (manners, at, lasts, chance) => {
        const phone = new SimulatedPhone(manners, () => chance, [{ what: "ad", at, lasts }]);
        phone.says({ playing: true, position_s: 40 }, 0);
        phone.run(at + lasts + BACK + 10_000);
        const after = phone.behind.filter((one) => one.at >= at + lasts + BACK);
        expect(after.length, "it runs").toBeGreaterThan(0);
        expect(Math.max(...after.map(({ s }) => Math.abs(s)))).toBeLessThanOrEqual(0.35);
      },
    ),
  );
});
