/** The rows with which something is set. */
import { Show } from "solid-js";

import { useCinema } from "./cinema";

/** Something that is on or off, in a row. */
export function Switch(props: {
  testid: string;
  title: string;
  note?: string;
  on: boolean;
  change: (on: boolean) => void;
}) {
  return (
    <button
      class="row"
      role="switch"
      data-testid={props.testid}
      aria-checked={props.on}
      onClick={() => props.change(!props.on)}
    >
      <span class="row-text">
        <span class="row-title">{props.title}</span>
        <Show when={props.note}>{(note) => <span class="row-note">{note()}</span>}</Show>
      </span>
      <span class="switch" />
    </button>
  );
}

/** A time that is moved by taps, in a row. `value`, `step` and `most` in ms. */
export function Stepper(props: {
  label: string;
  value: number;
  step: number;
  most: number;
  change: (value: number) => void;
}) {
  const { word } = useCinema();
  const shown = () => word("cinema-seconds", { seconds: props.value / 1000 });
  return (
    <div class="row still">
      <span class="row-text">
        <span class="row-title">{props.label}</span>
      </span>
      <span class="stepper">
        <button
          aria-label={word("cinema-earlier", { what: props.label })}
          disabled={props.value <= -props.most}
          onClick={() => props.change(props.value - props.step)}
        >
          −
        </button>
        <output>{shown()}</output>
        <button
          aria-label={word("cinema-later", { what: props.label })}
          disabled={props.value >= props.most}
          onClick={() => props.change(props.value + props.step)}
        >
          +
        </button>
      </span>
    </div>
  );
}
