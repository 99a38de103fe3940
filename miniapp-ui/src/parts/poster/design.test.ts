import { describe, expect, it } from "vitest";

import { contrast } from "../../telegram/contrast";
import { film } from "../../testing/rooms";
import { design, letterSize } from "./design";
import { MOTIFS } from "./motifs";

const genres = Object.keys(MOTIFS);
const many = genres.flatMap((genre) =>
  Array.from({ length: 30 }, (_, index) => design({ ...film(`${genre}-${index}`), genres: [genre] })),
);

describe("a drawn poster", () => {
  it("is the same for everybody, always", () => {
    const title = { ...film("c42"), genres: ["sci-fi", "drama"] };
    expect(design(title)).toEqual(design(structuredClone(title)));
  });

  it("differs from title to title", () => {
    const scenes = new Set(many.map((look) => look.scene));
    expect(scenes.size / many.length).toBeGreaterThan(0.9);
  });

  it("has words that can be read on its ground (WCAG AA)", () => {
    for (const { colours } of many) {
      const { ink, deep } = colours;
      expect(contrast(ink, deep), `${ink} on ${deep}`).toBeGreaterThan(4.5);
    }
  });

  it("contains drawing only, whatever a title is called", () => {
    const hostile = {
      ...film('"><script>alert(1)</script>'),
      name: "<img onerror=alert(1)>",
      genres: ["<svg>"],
    };
    expect(design(hostile).scene).not.toMatch(/script|alert|img|onerror/);
    for (const { scene } of many) expect(scene).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("has smaller letters for longer names", () => {
    const short = letterSize("Дюна", "capitals");
    const long = letterSize("Невероятные приключения итальянцев в России", "grotesk");
    expect(short).toBeGreaterThan(long);
    expect(long).toBeGreaterThanOrEqual(6);
    expect(letterSize("", "serif")).toBeGreaterThan(0);
    expect(letterSize("ы".repeat(100), "serif")).toBe(6);
  });
});
