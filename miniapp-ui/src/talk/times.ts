/** Hours and days as people say them. Pure. */
import { localDay } from "./rows.ts";

const DAY = 24 * 60 * 60 * 1_000;

export function clockTime(at: number, language: string): string {
  // "7:03 PM", but "07:03" where the day has 24 hours.
  const hour = language === "en" ? "numeric" : "2-digit";
  return new Intl.DateTimeFormat(language, { hour, minute: "2-digit" }).format(at);
}

/** "today" and "yesterday" have words of their own; other days have their date, those of other years with the year. */
export function dayName(at: number, now: number, language: string): { word: "today" | "yesterday" } | string {
  const day = localDay(at);
  if (day === localDay(now)) return { word: "today" };
  if (day === localDay(now - DAY)) return { word: "yesterday" };
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const shape: Intl.DateTimeFormatOptions = { day: "numeric", month: "long" };
  if (!sameYear) shape.year = "numeric";
  return new Intl.DateTimeFormat(language, shape).format(at);
}
