/** Words for the catalogue's keys: genres, countries, running times. */
import type { Title } from "../generated/wire";
import { language, t } from "./texts";

export function genreName(key: string): string {
  const id = `genre-${key}`;
  const name = t(id);
  return name === id ? key : name;
}

/** States that no list of today's countries names any more. */
const GONE = new Set(["SU", "CS", "YU", "DD"]);

export function countryName(code: string): string {
  if (GONE.has(code)) return t(`country-${code}`);
  try {
    return new Intl.DisplayNames([language()], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

export function runningTime(minutes: number): string {
  if (minutes < 60) return t("minutes", { count: minutes });
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return rest === 0 ? t("hours-only", { hours }) : t("hours", { hours, minutes: rest });
}

export function rating(value: number): string {
  return value.toLocaleString(language(), { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/** The short facts of a title, for one line under its name. */
export function titleFacts(title: Title): string[] {
  return [
    title.year === null ? null : String(title.year),
    title.kind === "series" ? t("kind-series") : null,
    ...title.genres.slice(0, 2).map(genreName),
  ].filter((fact) => fact !== null);
}
