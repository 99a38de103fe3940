/**
 * Telegram's look as CSS variables, live: colours, the stable height of the viewport, the insets of notches
 * and of Telegram's own buttons. Set through the object model, which the content security policy allows.
 */
import { luminance, readable } from "./contrast";
import { type Bounds, fields, hear, insets, isSaneHeight, stableHeight } from "./events";
import { type ThemeParams, readTheme } from "./launch";
import type { Telegram } from "./client";
import { tones } from "./tones";

/** Keeps the page's variables equal to Telegram's for as long as it lives. */
export function followTelegram(tg: Telegram): void {
  const root = document.documentElement;
  let theme: ThemeParams = tg.launch.theme;
  const paint = () => {
    const dark = theme.bg_color === undefined ? prefersDark.matches : luminance(theme.bg_color) < 0.35;
    root.dataset.theme = dark ? "dark" : "light";
    root.dataset.platform = tg.launch.platform;
    for (const [name, colour] of Object.entries(theme)) {
      if (colour !== undefined) root.style.setProperty(`--tg-${name.replaceAll("_", "-")}`, colour);
    }
    for (const [name, colour] of Object.entries(legible(theme))) root.style.setProperty(name, colour);
    const now = getComputedStyle(root);
    const mixed = tones((name) => now.getPropertyValue(name));
    for (const [name, colour] of Object.entries(mixed)) root.style.setProperty(name, colour);
    const ground = theme.secondary_bg_color ?? theme.bg_color;
    if (ground !== undefined) tg.headerColour(ground);
  };
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  prefersDark.addEventListener("change", paint);
  paint();
  if (!tg.present) return;

  hear("theme_changed", (payload) => {
    theme = { ...theme, ...readTheme(fields(fields(payload).theme_params)) };
    paint();
  });
  followViewport(root);
  followInsets(root, "safe_area_changed", "safe");
  followInsets(root, "content_safe_area_changed", "content-safe");
}

/** The last height that can be so is kept; one that the window has left behind gives way to the window's own. */
function followViewport(root: HTMLElement): void {
  let kept: number | null = null;
  hear("viewport_changed", (payload) => {
    const height = stableHeight(payload, bounds());
    if (height === null) return;
    kept = height;
    root.style.setProperty("--stable-height", `${height}px`);
  });
  addEventListener("resize", () => {
    if (kept === null || isSaneHeight(kept, bounds())) return;
    kept = null;
    root.style.removeProperty("--stable-height");
  });
}

function followInsets(
  root: HTMLElement,
  event: "safe_area_changed" | "content_safe_area_changed",
  name: string,
): void {
  hear(event, (payload) => {
    for (const [side, size] of Object.entries(insets(payload, bounds()))) {
      root.style.setProperty(`--${name}-${side}`, `${size}px`);
    }
  });
}

function bounds(): Bounds {
  return { width: innerWidth, height: innerHeight, screen: screen.height };
}

/** The colours that carry words, as near to the theme's as they can be read. */
function legible(theme: ThemeParams): Record<string, string> {
  const panel = theme.section_bg_color ?? theme.bg_color;
  const colours: Record<string, string> = {};
  const set = (name: string, colour: string | undefined, ground: string | undefined) => {
    if (colour !== undefined && ground !== undefined) colours[name] = readable(colour, ground);
  };
  // The words on a button keep their colour; the button gives way.
  set("--accent", theme.button_color, theme.button_text_color);
  set("--accent-text", theme.accent_text_color ?? theme.link_color, theme.secondary_bg_color ?? panel);
  set("--bad", theme.destructive_text_color, panel);
  return colours;
}
