/**
 * Where a title that matched is to be found: a trailer, and who has it to watch. Searches at others' sites, since nobody here knows more
 * than its name and year.
 *
 * Must never: be asked by the server or opened by itself. What is looked for is told to nobody before a tap.
 */
import type { Title } from "../generated/wire";
import type { Language } from "../text/texts";

/** What of a title is looked for. */
export type Wanted = Pick<Title, "id" | "name" | "year">;

/** Countries that JustWatch has under the same words; elsewhere its addresses are in each country's language. */
const JUSTWATCH: Partial<Record<string, string>> = {
  AU: "au",
  CA: "ca",
  GB: "uk",
  IE: "ie",
  IN: "in",
  NZ: "nz",
  US: "us",
};

/** A search for its trailer; `query` puts what is looked for into words. */
export function trailerSearch({ name, year }: Wanted, query: (name: string) => string): string {
  const full = year === null ? name : `${name} ${year}`;
  return search("https://www.youtube.com/results", "search_query", query(full));
}

/** A list of the services that have it, in somebody's language, and in their country where that is known (`GB`). */
export function whereToWatch({ name }: Wanted, language: Language, region: string | null): string {
  if (language === "ru") return search("https://www.kinopoisk.ru/index.php", "kp_query", name);
  const country = JUSTWATCH[region?.toUpperCase() ?? ""] ?? "us";
  return search(`https://www.justwatch.com/${country}/search`, "q", name);
}

/** The country that a browser's language names, `GB` of `en-GB`; null: none. */
export function regionOf(locale: string): string | null {
  return /^[a-z]{2,3}(?:[-_][a-z]{4})?[-_]([a-z]{2})(?![a-z])/i.exec(locale)?.[1]?.toUpperCase() ?? null;
}

function search(page: string, field: string, text: string): string {
  return `${page}?${field}=${encodeURIComponent(text)}`;
}
