import { describe, expect, it } from "vitest";

import { contrast } from "./contrast";
import { tones } from "./tones";

const day: Record<string, string> = {
  "--text": "#000",
  "--panel": " #ffffff",
  "--ground": "#efeff4",
  "--accent": "#246cbf",
  "--accent-text": "#1960ac",
  "--like": "#1fa971",
};

describe("the tones", () => {
  it("lie between the theme's colours", () => {
    const mixed = tones((name) => day[name] ?? "");
    expect(mixed).toMatchObject({ "--quiet": "#4d4d4d", "--line": "#0000001c", "--bar": "#efeff4e0" });
    expect(contrast(mixed["--quiet"] ?? "", "#ffffff")).toBeGreaterThan(4.5);
  });

  it("are all left out where a browser tells no colours", () => {
    expect(tones(() => "")).toEqual({});
    expect(tones(() => "color-mix(in srgb, red, blue)")).toEqual({});
  });
});
