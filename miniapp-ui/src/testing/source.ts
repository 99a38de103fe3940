/** The source as text, and what its files import of one another: for tests that hold how it hangs together. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const ROOT = join(import.meta.dirname, "..");

/** Every file, relative to `src`. */
export const files: readonly string[] = readdirSync(ROOT, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(tsx?|css)$/.test(entry.name))
  .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));

export function text(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

export function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file) || /(^|\/)testing\//.test(file);
}

/** What a file imports, types and code that is fetched later included. */
export function imports(file: string): string[] {
  return named(file, /(?:\bfrom\s+|\bimport\s+|\bimport\(\s*)"(\.[^"?]+)"/g);
}

/** What a file needs before it can run. */
export function needs(file: string): string[] {
  return named(file, /^(?:import|export)\s(?!type\b)(?:[^;"]*?\bfrom\s+)?"(\.[^"?]+)"/gm);
}

/** These and everything that they lead to. */
export function reachable(entrances: readonly string[], next: (file: string) => string[]): Set<string> {
  const found = new Set<string>();
  const walk = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    for (const one of next(file)) walk(one);
  };
  for (const file of entrances) walk(file);
  return found;
}

function named(file: string, pattern: RegExp): string[] {
  if (!/\.tsx?$/.test(file)) return [];
  return [...text(file).matchAll(pattern)].flatMap(([, specifier = ""]) => {
    const path = resolve(ROOT, dirname(file), specifier);
    const end = ["", ".ts", ".tsx"].find((one) => /\.\w+$/.test(path + one) && existsSync(path + one));
    const inside = relative(ROOT, path + (end ?? ""));
    return inside.startsWith("..") || end === undefined ? [] : [inside];
  });
}
