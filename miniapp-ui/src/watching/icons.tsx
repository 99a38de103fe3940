/** The signs of the cinema, drawn as the others are; they come with it. */
import type { JSX } from "solid-js";

const PATHS = {
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M8.500 5.500v13M15.500 5.500v13",
  back: "M11 7.500L6.500 12l4.500 4.500M17.500 7.500L13 12l4.500 4.500",
  ahead: "M13 7.500l4.500 4.500-4.500 4.500M6.500 7.500L11 12l-4.500 4.500",
  next: "M6.500 6v12l9-6zM17.500 6v12",
  list: "M4 7h12M4 12h12M4 17h8M17.500 14v5l4-2.500z",
  captions: "M4 6h16v12H4zM8 14.500h3M13.500 14.500H16M8 11h8",
  whole: "M9 4.500H4.500V9M15 4.500h4.500V9M9 19.500H4.500V15M15 19.500h4.500V15",
  small: "M4.500 9H9V4.500M19.500 9H15V4.500M4.500 15H9v4.500M19.500 15H15v4.500",
  window: "M4 5.500h16v13H4zM12 12h6v4.500h-6z",
  down: "M6 9.500l6 6 6-6",
  sound: "M5 9.500v5h3.500L13 18V6L8.500 9.500zM16.500 9a4.500 4.500 0 0 1 0 6",
  muted: "M5 9.500v5h3.500L13 18V6L8.500 9.500zM16.500 10l4 4M20.500 10l-4 4",
  tune: "M5 7.500h8M17 7.500h2M5 16.500h2M11 16.500h8M15 9.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM9 18.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  talk: "M20 11.500a7.500 7.500 0 0 1-11 6.600L4 19.500l1.400-4.700A7.500 7.500 0 1 1 20 11.500z",
  screen: "M4 5.500h16v11H4zM9 20h6M10.500 8.500v5l4-2.500z",
} as const;

export type CinemaIconName = keyof typeof PATHS;

const FILLED = new Set<CinemaIconName>(["play"]);

export function CinemaIcon(props: { name: CinemaIconName }): JSX.Element {
  return (
    <svg class="icon" classList={{ filled: FILLED.has(props.name) }} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[props.name]} />
    </svg>
  );
}
