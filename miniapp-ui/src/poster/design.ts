/**
 * How a title without a poster looks: colours, scene, type. Drawn from the title's own data, so that
 * everybody in the room sees the same poster, today and next year.
 */
import type { Title } from "../generated/wire";
import { Chance, seedOf } from "./chance";
import { ANY_MOTIF, MOTIFS, type Motif } from "./motifs";
import { type Palette, paletteFor } from "./palette";

export type Voice = "grotesk" | "capitals" | "serif" | "round";

export interface Design {
  colours: Palette;
  /** SVG markup for a field of 200 × 300. */
  scene: string;
  voice: Voice;
  /** The size of the title's letters, in hundredths of the poster's width. */
  size: number;
}

const VOICES: readonly (readonly [Voice, readonly string[]])[] = [
  ["capitals", ["action", "sci-fi", "thriller", "horror", "war", "sport", "crime", "western"]],
  ["serif", ["drama", "romance", "history", "biography", "noir", "mystery", "fantasy"]],
  ["round", ["animation", "family", "short"]],
];

/** Genres that say more about a picture than the ones that most titles have. */
const COMMON = new Set(["drama", "adventure", "action"]);

export function design(title: Title): Design {
  const chance = new Chance(seedOf(title.id));
  const genre = telling(title.genres, chance);
  const motif: Motif = MOTIFS[genre ?? ""] ?? ANY_MOTIF;
  const colours = paletteFor(chance.one(motif.moods), chance);
  const draw = chance.one(motif.draw);
  const voice = VOICES.find(([, genres]) => genre !== null && genres.includes(genre))?.[0] ?? "grotesk";
  return {
    colours,
    scene: draw(chance, colours),
    voice,
    size: letterSize(title.name, voice),
  };
}

function telling(genres: readonly string[], chance: Chance): string | null {
  const known = genres.filter((genre) => genre in MOTIFS);
  const rare = known.filter((genre) => !COMMON.has(genre));
  const [first, ...others] = rare.length > 0 ? rare : known;
  return first === undefined ? null : chance.one([first, ...others]);
}

/** As large as the longest word and the number of lines allow. Capitals are wider. */
export function letterSize(name: string, voice: Voice): number {
  const width = voice === "capitals" ? 0.72 : 0.6;
  const longest = Math.max(...name.split(/[\s-]+/).map((word) => word.length), 1);
  const byWord = 86 / (longest * width);
  const byLength = Math.sqrt((86 * 62) / (Math.max(name.length, 1) * width * 1.15));
  return Math.round(Math.max(6.5, Math.min(19, byWord, byLength)) * 10) / 10;
}
