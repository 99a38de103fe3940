/**
 * How a title without a poster looks: colours, scene, type. Drawn from the title's own data, so that
 * everybody in the room sees the same poster, today and next year.
 */
import type { Title } from "../../generated/wire";
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

/** The colours alone, which cost next to nothing. */
export function coloursOf(title: Title): Palette {
  return begun(title).colours;
}

function begun(title: Title) {
  const chance = new Chance(seedOf(title.id));
  const genre = telling(title.genres, chance);
  const motif: Motif = MOTIFS[genre ?? ""] ?? ANY_MOTIF;
  return { chance, genre, motif, colours: paletteFor(chance.one(motif.moods), chance) };
}

/** The whole look. */
export function design(title: Title): Design {
  const { chance, genre, motif, colours } = begun(title);
  const draw = chance.one(motif.draw);
  const voice = VOICES.find(([, genres]) => genre !== null && genres.includes(genre))?.[0] ?? "grotesk";
  return {
    colours,
    scene: chance.heads() ? draw(chance, colours) : mirrored(draw(chance, colours)),
    voice,
    size: letterSize(title.name, voice),
  };
}

function mirrored(scene: string): string {
  return `<g transform="matrix(-1 0 0 1 200 0)">${scene}</g>`;
}

function telling(genres: readonly string[], chance: Chance): string | null {
  const known = genres.filter((genre) => genre in MOTIFS);
  const rare = known.filter((genre) => !COMMON.has(genre));
  const [first, ...others] = rare.length > 0 ? rare : known;
  return first === undefined ? null : chance.one([first, ...others]);
}

/** The widths of letters as parts of their size, on the wide side: Cyrillic capitals are. */
const LETTER: Record<Voice, number> = { capitals: 0.8, grotesk: 0.68, serif: 0.74, round: 0.7 };
/** What the words may take of a poster that is 100 wide and 150 high. */
const WIDTH = 86;
const HEIGHT = 48;

/** As large as the longest word and the number of lines allow. */
export function letterSize(name: string, voice: Voice): number {
  for (let size = 18; size > 6; size -= 0.5) {
    const perLine = Math.floor(WIDTH / (size * LETTER[voice]));
    if (lines(name, perLine) * size * 1.04 <= HEIGHT) return size;
  }
  return 6;
}

/** How many lines a name takes; a word that does not fit into one never fits. */
function lines(name: string, perLine: number): number {
  let count = 1;
  let used = 0;
  // A word ends at a space and after a hyphen.
  for (const word of name.match(/[^\s-]*-|[^\s-]+/g) ?? []) {
    if (word.length > perLine) return Infinity;
    if (used > 0 && used + 1 + word.length > perLine) {
      count += 1;
      used = word.length;
    } else used += word.length + (used > 0 ? 1 : 0);
  }
  return count;
}
