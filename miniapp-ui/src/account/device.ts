/**
 * What a browser's own description of itself says about the device, as people call it. A guess, for a person to recognise their own by;
 * nothing is decided by it.
 */

/** Words in `locales/…/devices.ftl`, in the order in which they are tried: many call themselves by several of these names. */
const DEVICES: [RegExp, string][] = [
  [/iPhone|iPod/, "device-iphone"],
  [/iPad/, "device-ipad"],
  [/^(?!.*\bMobile\b)(?!.*Telegram-Android).*Android/, "device-android-tablet"],
  [/Android/, "device-android"],
  [/Windows/, "device-windows"],
  [/CrOS/, "device-chromebook"],
  [/Mac OS X|Macintosh/, "device-mac"],
  [/Linux|X11/, "device-linux"],
];

/** Proper names: the same in every language. Each browser also calls itself by the names of those after it. */
const PROGRAMS: [RegExp, string][] = [
  [/Telegram/, "Telegram"],
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/YaBrowser\//, "Yandex"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\/|Chromium\//, "Chrome"],
  [/Safari\//, "Safari"],
];

export interface Device {
  /** The id of its word. */
  word: string;
  program: string | null;
}

export function deviceOf(userAgent: string): Device {
  return { word: first(DEVICES, userAgent) ?? "device-other", program: first(PROGRAMS, userAgent) };
}

function first(names: [RegExp, string][], userAgent: string): string | null {
  return names.find(([sign]) => sign.test(userAgent))?.[1] ?? null;
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** How long ago that was, in words; null within the last minute, and where clocks differ. */
export function ago(at: string, now: number, language: string): string | null {
  const seconds = (now - Date.parse(at)) / 1000;
  for (const [unit, length] of STEPS) {
    if (!(seconds >= length)) continue;
    return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(
      -Math.floor(seconds / length),
      unit,
    );
  }
  return null;
}
