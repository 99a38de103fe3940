/**
 * Telegram's look as CSS variables, live: colours, the stable height of the viewport, the insets of notches
 * and of Telegram's own buttons. Set through the object model, which the content security policy allows.
 */
import { on } from "@tma.js/bridge";

import { luminance, readable } from "./contrast";
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
    for (const [name, colour] of Object.entries(legible(theme))) root.style.setProperty(name, colour);
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
