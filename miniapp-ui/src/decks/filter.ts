/** What a deck by a filter is narrowed to, and what a tap on one of its chips makes of it. Nothing here knows the page. */
import type { DeckChoice, TitleFilter } from "../generated/wire";

/** The genres that are offered, the most asked for first. */
export const GENRES = [
  "comedy",
  "drama",
  "action",
  "adventure",
  "sci-fi",
  "fantasy",
  "thriller",
  "crime",
  "mystery",
  "romance",
  "animation",
  "horror",
  "family",
  "musical",
  "biography",
  "history",
  "war",
  "western",
  "documentary",
];
/** The countries that most titles are from. */
export const COUNTRIES = ["US", "GB", "FR", "SU", "RU", "JP", "DE", "IT", "ES", "KR", "IN", "SE", "DK", "AU"];
/** A filter names at most so many; the server takes no more. */
export const MOST_COUNTRIES = 8;
/** In minutes. */
export const RUNTIMES = [60, 90, 120, 150];
export const RATINGS = [6, 7, 8];
/** By their first years. The first one stands for all before it, too, and the last one for all that will come. */
export const DECADES = [1950, 1960, 1970, 1980, 1990, 2000, 2010, 2020];
const [OLDEST, NEWEST] = [1950, 2020];

/** The filter of a deck, if it has one. */
export function filterOf(deck: DeckChoice | null): TitleFilter | null {
  return deck === null || typeof deck === "string" ? null : deck.filter;
}

/** A filter without the fields that do not narrow. */
export function tidy(filter: { [Field in keyof TitleFilter]?: TitleFilter[Field] | undefined }): TitleFilter {
  const kept = Object.entries(filter).filter(
    ([, value]) => value !== undefined && value !== "" && value !== false,
  );
  return Object.fromEntries(kept);
}

/** The items of a list that is written with commas. */
export function listed(list: string | undefined): string[] {
  return (list ?? "").split(",").filter((item) => item !== "");
}

/** The list with an item, or without it if it was there; `undefined`: it is empty. */
export function toggled(list: string | undefined, item: string): string | undefined {
  const items = listed(list);
  const next = items.includes(item) ? items.filter((other) => other !== item) : [...items, item];
  return next.length === 0 ? undefined : next.join(",");
}

const decadeOf = (year: number) => Math.min(NEWEST, Math.max(OLDEST, Math.floor(year / 10) * 10));

/** The first and the last decade that are meant; null: whichever. */
export function decades(filter: TitleFilter): { first: number; last: number } | null {
  const { from_year: from, to_year: to } = filter;
  if (from === undefined && to === undefined) return null;
  return {
    first: from === undefined ? OLDEST : decadeOf(from),
    last: to === undefined ? NEWEST : decadeOf(to),
  };
}

/** A tap on a decade: it joins those that are meant, a last or first one goes, and one in the middle stays alone. */
export function withDecade(filter: TitleFilter, decade: number): TitleFilter {
  const before = decades(filter);
  let [first, last] = [decade, decade];
  if (before !== null) {
    if (decade < before.first) last = before.last;
    else if (decade > before.last) first = before.first;
    else if (before.first === before.last)
      return tidy({ ...filter, from_year: undefined, to_year: undefined });
    else if (decade === before.first) [first, last] = [decade + 10, before.last];
    else if (decade === before.last) [first, last] = [before.first, decade - 10];
  }
  return tidy({
    ...filter,
    from_year: first === OLDEST ? undefined : first,
    to_year: last === NEWEST ? undefined : last + 9,
  });
}
