import { describe, expect, it } from "vitest";

import { contrast, readable } from "./contrast";

describe("a colour", () => {
  it("that can be read stays as Telegram chose it", () => {
    expect(readable("#2f5f9e", "#ffffff")).toBe("#2f5f9e");
  });

  it("that cannot is moved just until it can, on any ground", () => {
    for (const ground of ["#ffffff", "#f0f0f0", "#17212b", "#000000", "#50a8eb", "#888888", "#fff"]) {
      for (const colour of ["#50a8eb", "#ffffff", "#000000", "#8774e1", "#ffd479", "#777777"]) {
        expect(contrast(readable(colour, ground), ground), `${colour} on ${ground}`).toBeGreaterThanOrEqual(
          4.5,
        );
      }
    }
  });
});
