/** The moment that an address names. */

/** No film is longer, in seconds: a later moment is none. PROTOCOL bounds positions as well. */
export const START_LATEST_S = 48 * 3_600;

/** `90`, `90s`, `1h2m3s`, `1:02:03`, and what stands before a comma of `90,120`; anything else is the beginning. */
export function seconds(text: string | null | undefined): number {
  const moment = (text ?? "").replace(/^npt:/, "").split(",")[0] ?? "";
  const clock = /^(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)$/.exec(moment);
  const units = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/i.exec(moment);
  const [, hours, minutes, rest] = clock ?? units ?? [];
  const total = Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(rest ?? 0);
  return Number.isFinite(total) && total <= START_LATEST_S ? total : 0;
}
