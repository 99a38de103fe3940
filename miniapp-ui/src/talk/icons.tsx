/** The signs of the talk, drawn as the others are; they come with it. */
import type { JSX } from "solid-js";

const PATHS = {
  reply: "M10 6L4.5 11.5 10 17M5 11.5h8a6.5 6.5 0 0 1 6.5 6.5",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  edit: "M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5",
  bin: "M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.400L17.5 7M10.3 11v5M13.7 11v5",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.5V12l3 2",
  check: "M4 12.5l5 5L20 6.5",
  checks: "M1.5 12.5l5 5L17 6.5M11.5 16.800l.7.7L23 6.5",
  down: "M6 9.5l6 6 6-6",
  send: "M12 19V5.5M5.5 12L12 5.5 18.5 12",
  alert: "M12 7v6M12 16.5h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  again: "M19.5 12a7.5 7.5 0 1 1-2.2-5.300L19.5 9M19.5 4.5V9H15",
  bubble: "M20 11.5a7.5 7.5 0 0 1-11 6.600L4 19.5l1.4-4.700A7.5 7.5 0 1 1 20 11.5z",
} as const;

export type TalkIconName = keyof typeof PATHS;

export function TalkIcon(props: { name: TalkIconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[props.name]} />
    </svg>
  );
}
