/** The signs of the voice chat, drawn as the others are; they come with it. */
import type { JSX } from "solid-js";

const PATHS = {
  mic: "M12 15a3.5 3.5 0 0 0 3.5-3.5v-5a3.5 3.5 0 0 0-7 0v5A3.5 3.5 0 0 0 12 15zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3",
  silent:
    "M15.5 9.500v-3a3.5 3.5 0 0 0-6.600-1.600M8.500 8.500v3a3.5 3.5 0 0 0 5.300 3M5.5 11.5a6.5 6.5 0 0 0 10.800 4.900M18.5 11.5a6.4 6.4 0 0 1-.5 2.500M12 18v3M4 4l16 16",
  leave:
    "M3 13c5-4.700 13-4.700 18 0l-2.600 2.600-3.600-1.800v-2.600a11 11 0 0 0-5.600 0v2.600l-3.600 1.800z",
  waves: "M4 10v4M8 7v10M12 4v16M16 7v10M20 10v4",
} as const;

export function VoiceIcon(props: { name: keyof typeof PATHS }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[props.name]} />
    </svg>
  );
}
