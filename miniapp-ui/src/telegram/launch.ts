/**
 * What Telegram told the page when it opened it: parameters in the address's fragment, as its clients write
 * them. Kept for the tab's life, because a reload of some clients loses the fragment.
 */

/** Colours by Telegram's names, `#rrggbb`. */
export type ThemeParams = Partial<Record<string, string>>;

export interface Launch {
  /** The signed string as it came; empty outside of Telegram. */
  initData: string;
  /** From the signed string, unchecked: good for choosing a language, never for trust. */
  user: { id: number; language: string } | null;
  hash: string;
  startParam: string | null;
  version: string;
  platform: string;
  theme: ThemeParams;
  /** Whether the app has the whole screen: as it was opened, and as the client has said since. */
  fullscreen: boolean;
}

const KEPT = "sovpalo.launch";

export function readLaunch(fragment: string, kept: Storage | null): Launch {
  const fromAddress = new URLSearchParams(fragment.replace(/^#/, ""));
  let params = fromAddress;
  try {
    if (fromAddress.has("tgWebAppData")) kept?.setItem(KEPT, fromAddress.toString());
    else params = new URLSearchParams(kept?.getItem(KEPT) ?? "");
  } catch {
    // Storage is blocked: the fragment alone has to do.
  }
  const initData = params.get("tgWebAppData") ?? "";
  const signed = new URLSearchParams(initData);
  return {
    initData,
    user: readUser(signed.get("user")),
    hash: signed.get("hash") ?? "",
    startParam: params.get("tgWebAppStartParam") ?? signed.get("start_param"),
    version: params.get("tgWebAppVersion") ?? "6.0",
    platform: params.get("tgWebAppPlatform") ?? "unknown",
    theme: readTheme(params.get("tgWebAppThemeParams")),
    fullscreen: /^(1|true)$/.test(params.get("tgWebAppFullscreen") ?? ""),
  };
}

function readUser(text: string | null): Launch["user"] {
  const user = readJson(text);
  if (user === null || typeof user.id !== "number") return null;
  return { id: user.id, language: typeof user.language_code === "string" ? user.language_code : "en" };
}

/** Telegram knows some fifteen colours. */
const MOST_COLOURS = 64;

/** Only colours are taken: whatever else is there never reaches a style sheet. */
export function readTheme(source: string | Record<string, unknown> | null): ThemeParams {
  const theme = typeof source === "string" ? readJson(source) : source;
  const colours = Object.entries(theme ?? {})
    .slice(0, MOST_COLOURS)
    .flatMap(([name, value]) => {
      const colour = readColour(value);
      return colour !== null && /^[a-z_]{1,40}$/.test(name) ? [[name, colour] as const] : [];
    });
  return Object.fromEntries(colours);
}

/** `#rrggbb` of what may be short or have an alpha, which a ground cannot have. */
function readColour(value: unknown): string | null {
  if (typeof value !== "string" || !/^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(value)) return null;
  const long = value.length <= 5 ? value.replace(/[0-9a-f]/gi, "$&$&") : value;
  return long.slice(0, 7);
}

function readJson(text: string | null): Record<string, unknown> | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
