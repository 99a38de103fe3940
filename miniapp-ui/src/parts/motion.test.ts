// @vitest-environment jsdom
import { describe, expect, it, vi } from "vitest";

import { isLowEnd, movesLess } from "./motion";

const media = { matches: false };
vi.stubGlobal("matchMedia", () => media);

describe("how much moves", () => {
  it.each([
    [{ hardwareConcurrency: 2, deviceMemory: 4 }, true],
    [{ hardwareConcurrency: 8, deviceMemory: 2 }, true],
    [{ hardwareConcurrency: 1 }, true],
    [{ hardwareConcurrency: 4, deviceMemory: 4 }, false],
    // An iPhone before iOS 15.4 says nothing, and later ones nothing of their memory.
    [{}, false],
    [{ hardwareConcurrency: 4 }, false],
  ])("is less on a phone with %j: %s", (device, less) => {
    expect(isLowEnd(device)).toBe(less);
  });

  it("follows the person's wish at once", () => {
    vi.stubGlobal("navigator", { hardwareConcurrency: 8 });
    expect(movesLess()).toBe(false);
    media.matches = true;
    expect(movesLess()).toBe(true);
  });
});
