/**
 * Telegram's look as CSS variables, live: colours, the stable height of the viewport, the insets of notches
 * and of Telegram's own buttons. Set through the object model, which the content security policy allows.
 */
import { on } from "@tma.js/bridge";

import { type ThemeParams, readTheme } from "./launch";
import type { Telegram } from "./client";

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
    const ground = theme.secondary_bg_color ?? theme.bg_color;
    if (ground !== undefined) tg.headerColour(ground);
  };
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  prefersDark.addEventListener("change", paint);
  paint();
  if (!tg.present) return;

  on("theme_changed", ({ theme_params }) => {
    theme = { ...theme, ...readTheme(theme_params) };
    paint();
  });
  on("viewport_changed", ({ height, is_state_stable }) => {
    if (is_state_stable && height > 0) root.style.setProperty("--stable-height", `${height}px`);
  });
  const insets = (name: string) => (area: { top: number; right: number; bottom: number; left: number }) => {
    for (const side of ["top", "right", "bottom", "left"] as const) {
      root.style.setProperty(`--${name}-${side}`, `${area[side]}px`);
    }
  };
  on("safe_area_changed", insets("safe"));
  on("content_safe_area_changed", insets("content-safe"));
}

/** Relative luminance of `#rrggbb` (WCAG 2.1), 0 black to 1 white. */
export function luminance(colour: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
