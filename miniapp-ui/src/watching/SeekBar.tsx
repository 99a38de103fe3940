/** Where the film is, and a finger that takes it elsewhere. What is dragged takes effect when it is let go. */
import { createSignal } from "solid-js";

import { clockTime } from "./cinema";
import { createSeconds } from "./seconds";

export function SeekBar(props: {
  duration: number;
  position: () => number;
  disabled: boolean;
  label: string;
  seek: (position_s: number) => void;
}) {
  const now = createSeconds(() => props.position());
  const [held, setHeld] = createSignal<number | null>(null);
  const value = () => Math.min(held() ?? now(), props.duration);
  return (
    <input
      class="film-seek"
      type="range"
      min="0"
      max={props.duration}
      step="1"
      value={value()}
      disabled={props.disabled}
      aria-label={props.label}
      aria-valuetext={clockTime(value())}
      style={{ "--done": `${(100 * value()) / Math.max(props.duration, 1)}%` }}
      data-testid="film-seek"
      onInput={(event) => setHeld(event.currentTarget.valueAsNumber)}
      onChange={(event) => {
        props.seek(event.currentTarget.valueAsNumber);
        setHeld(null);
      }}
    />
  );
}
