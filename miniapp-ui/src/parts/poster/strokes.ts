/**
 * Marks of SVG on a field of 200 × 300. Markup is built from numbers and our own colours only; no word of
 * anybody's ever gets in here.
 */
import type { Chance } from "./chance";
import type { Palette } from "./palette";

/** A scene, from a seed and colours. */
export type Draw = (chance: Chance, colours: Palette) => string;

export const n = (value: number) => String(Math.round(value * 10) / 10);
export const circle = (x: number, y: number, r: number, rest: string) =>
  `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" ${rest}/>`;
export const path = (d: string, rest: string) => `<path d="${d}" ${rest}/>`;
export const rect = (x: number, y: number, w: number, h: number, rest: string) =>
  `<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" ${rest}/>`;
export const fill = (colour: string, opacity = 1) =>
  opacity === 1 ? `fill="${colour}"` : `fill="${colour}" fill-opacity="${n(opacity)}"`;
export const line = (colour: string, width: number, opacity = 1) =>
  `fill="none" stroke="${colour}" stroke-width="${n(width)}" stroke-opacity="${String(opacity)}"`;
export const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join("");
