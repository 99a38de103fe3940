/** A filter in words: "Comedy, crime · 1990s · up to 2 h". */
import type { TitleFilter } from "../generated/wire";
import { countryName, genreName, runningTime } from "../text/names";
import { t } from "../text/texts";
import { listed } from "./filter";

export function filterWords(filter: TitleFilter): string {
  const genres = listed(filter.genre).map(genreName).join(", ");
  const words = [
    filter.q === undefined ? "" : `«${filter.q}»`,
    filter.kind === "film" ? t("filter-film") : filter.kind === "series" ? t("filter-series") : "",
    genres,
    filter.family === true ? t("deck-family") : "",
    years(filter),
    listed(filter.country).map(countryName).join(", "),
    filter.max_runtime === undefined ? "" : t("deck-up-to", { text: runningTime(filter.max_runtime) }),
    filter.min_rating === undefined ? "" : ratingFrom(filter.min_rating),
    filter.provider ?? "",
  ].filter((word) => word !== "");
  return words.length === 0 ? t("deck-anything") : capital(words.join(" · "));
}

export function ratingFrom(least: number): string {
  return t("deck-rating-from", { rating: String(least) });
}

/** A decade as its chip says it. */
export function decadeName(first: number): string {
  return t("deck-decade", { text: first < 2000 ? String(first % 100) : String(first) });
}

function years({ from_year: from, to_year: to }: TitleFilter): string {
  if (from === undefined) return to === undefined ? "" : t("deck-before", { text: String(to + 1) });
  if (to === undefined) return t("deck-since", { text: String(from) });
  if (from % 10 === 0 && to === from + 9) return decadeName(from);
  return from === to ? String(from) : `${String(from)}–${String(to)}`;
}

export function capital(text: string): string {
  const [first = "", ...rest] = Array.from(text);
  return first.toLocaleUpperCase() + rest.join("");
}
