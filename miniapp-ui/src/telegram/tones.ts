/**
 * Tones between the theme's colours: quiet words, lines, soft grounds. Mixed here rather than by `color-mix()`, which a third of
 * the supported browsers lack.
 */
import { mix } from "./contrast";

/** How much of which colour, on which ground; without a ground the tone lets through what is below. */
const TONES: Record<string, readonly [colour: string, share: number, ground?: string]> = {
  "--quiet": ["--text", 0.7, "--panel"],
  "--placeholder": ["--text", 0.5, "--panel"],
  "--switch-off": ["--text", 0.22, "--panel"],
  "--faint": ["--text", 0.1, "--panel"],
  "--line": ["--text", 0.11],
  "--press": ["--text", 0.07],
  "--track": ["--text", 0.16],
  "--bar": ["--ground", 0.88],
  "--accent-soft": ["--accent", 0.12, "--panel"],
  "--accent-ink": ["--accent-text", 0.84, "--text"],
  "--like-soft": ["--like", 0.18, "--panel"],
  "--like-ink": ["--like", 0.6, "--text"],
};

/** Every tone, from the colours that `colour` has by name as `#rrggbb`. What cannot be mixed is left out. */
export function tones(colour: (name: string) => string): Record<string, string> {
  const mixed = Object.entries(TONES).flatMap(([name, [from, share, on]]) => {
    const [above, below] = [asHex(colour(from)), on === undefined ? null : asHex(colour(on))];
    if (above === null || (on !== undefined && below === null)) return [];
    return [[name, below === null ? seeThrough(above, share) : mix(above, share, below)] as const];
  });
  return Object.fromEntries(mixed);
}

function seeThrough(colour: string, share: number): string {
  const alpha = Math.round(share * 255)
    .toString(16)
    .padStart(2, "0");
  return colour + alpha;
}

/** A build shortens `#ffffff`. */
function asHex(value: string): string | null {
  const colour = value.trim();
  if (/^#[0-9a-f]{6}$/i.test(colour)) return colour;
  return /^#[0-9a-f]{3}$/i.test(colour) ? colour.replace(/[0-9a-f]/gi, "$&$&") : null;
}
