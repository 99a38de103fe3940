/**
 * Colours that can be read. Telegram's themes are people's own, and some put pale words on a pale ground; a
 * colour is moved towards black or white just as far as WCAG AA asks, and not at all where it is fine.
 */

/** What WCAG 2.1 asks of text of ordinary size. */
const ENOUGH = 4.5;

type Rgb = readonly [number, number, number];

/** Relative luminance of `#rrggbb` (WCAG 2.1), 0 black to 1 white. */
export function luminance(colour: string): number {
  const [r, g, b] = channels(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** The nearest colour that stands out against `ground`. */
export function readable(colour: string, ground: string): string {
  const towards: Rgb = luminance(ground) > 0.18 ? [0, 0, 0] : [255, 255, 255];
  let best = colour;
  for (let part = 0; part <= 1; part += 0.04) {
    best = mixed(channels(colour), towards, part);
    if (contrast(best, ground) >= ENOUGH) break;
  }
  return best;
}

function channels(colour: string): Rgb {
  const full = colour.length === 4 ? colour.replace(/[0-9a-f]/gi, "$&$&") : colour;
  const at = (from: number) => Number.parseInt(full.slice(from, from + 2), 16);
  return [at(1), at(3), at(5)];
}

/** So much of a colour (0 to 1) on a ground, as one colour. */
export function mix(colour: string, share: number, ground: string): string {
  return mixed(channels(ground), channels(colour), share);
}

function mixed(from: Rgb, to: Rgb, part: number): string {
  const hex = from.map((value, index) =>
    Math.round(value + ((to[index] ?? 0) - value) * part)
      .toString(16)
      .padStart(2, "0"),
  );
  return `#${hex.join("")}`;
}
