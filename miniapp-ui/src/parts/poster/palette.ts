/** Colours that belong together, by mood. Text stands on `deep`, with AA contrast against `ink`. */
import type { Chance } from "./chance";

export interface Palette {
  ground: string;
  deep: string;
  bright: string;
  pale: string;
  ink: string;
}

export type Mood = "warm" | "cool" | "dark" | "soft" | "earth";

type Row = readonly [ground: string, deep: string, bright: string, pale: string, ink: string];

const MOODS: Record<Mood, readonly [Row, ...Row[]]> = {
  warm: [
    ["#e4572e", "#5e170d", "#ffc857", "#ffe8c2", "#fff4e0"],
    ["#f09a36", "#6b2a0b", "#d8412f", "#fff0cf", "#fff6e5"],
    ["#d9376e", "#4d0c30", "#ffb4a2", "#ffe3dc", "#fff0ee"],
    ["#ee6c4d", "#3b1c38", "#ffd6a5", "#8f3b76", "#fff1e3"],
    ["#f4c430", "#6a2413", "#e2472f", "#fff6d6", "#fff6df"],
    ["#c8344c", "#3c0a1c", "#f6a04d", "#fde2c8", "#fff0e6"],
  ],
  cool: [
    ["#28518f", "#0b1836", "#7cc0ff", "#f6c453", "#eef5ff"],
    ["#12707f", "#052a33", "#63dcc4", "#fb9a3c", "#e9fbf7"],
    ["#4b3fb0", "#191140", "#8f90ff", "#f7b801", "#f1efff"],
    ["#2c6e91", "#0a2a3d", "#6fdcab", "#d6fbd9", "#effff5"],
    ["#1f3a68", "#0a1226", "#ff6b6b", "#b8d8ff", "#eff5ff"],
    ["#5a6fd8", "#1a1f52", "#ffd166", "#dfe5ff", "#f3f5ff"],
  ],
  dark: [
    ["#26262b", "#0a0a0c", "#d7263d", "#f1f0ea", "#f7f4ee"],
    ["#2c303d", "#0c0d12", "#9fb0d8", "#e8c547", "#f3f4f8"],
    ["#471530", "#15050d", "#f0476f", "#ffb8d1", "#ffeef4"],
    ["#173a32", "#06110e", "#7bd389", "#e0e7c8", "#effaf1"],
    ["#33203f", "#0f0815", "#c08cff", "#ffd9a0", "#f7f0ff"],
    ["#3a1a14", "#120706", "#ff7a45", "#f4d9c6", "#fff2ea"],
  ],
  soft: [
    ["#f6bd60", "#743019", "#6f9e92", "#fff7e6", "#fffaf0"],
    ["#7fb79d", "#1c443a", "#f7d08a", "#fdf6e3", "#fdf9ec"],
    ["#95b0f5", "#262f6e", "#ffd1dd", "#ffffff", "#ffffff"],
    ["#f29fb4", "#6c1b3d", "#fff1c9", "#c8e7ff", "#fff7f9"],
    ["#74c3d6", "#12414f", "#ffe08a", "#ff9a76", "#f2fcff"],
    ["#b99be0", "#38225c", "#ffe9a8", "#fbd3e9", "#fbf6ff"],
  ],
  earth: [
    ["#b5651d", "#4a2508", "#f2d0a4", "#3b7a78", "#fff3e2"],
    ["#8a9a5b", "#2e3816", "#f0e2b6", "#c8553d", "#fbf7e6"],
    ["#c39a58", "#4a3016", "#8c3f2b", "#f7ead0", "#fff7e8"],
    ["#6f6b78", "#27252c", "#eeb868", "#f3ede4", "#faf6f0"],
    ["#a4533b", "#34160d", "#e9c48f", "#54787d", "#fff2e8"],
    ["#557a6b", "#172b24", "#e6b35a", "#eadfc4", "#f8f5ea"],
  ],
};

export function paletteFor(mood: Mood, chance: Chance): Palette {
  const [ground, deep, bright, pale, ink] = chance.one(MOODS[mood]);
  return { ground, deep, bright, pale, ink };
}
