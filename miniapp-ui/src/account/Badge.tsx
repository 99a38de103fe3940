/** A badge: in colour once it is earned, an outline before. */
import { Show } from "solid-js";

import { ACHIEVEMENTS } from "./badges";

/** A hexagon with round corners that stands on one of them. */
const EDGE =
  "M29.5 3.4a5 5 0 0 1 5 0l19 11a5 5 0 0 1 2.5 4.3v22a5 5 0 0 1-2.5 4.3l-19 11a5 5 0 0 1-5 0l-19-11A5 5 0 0 1 8 40.7v-22a5 5 0 0 1 2.5-4.3z";

export function Badge(props: { id: string; earned: boolean }) {
  const drawing = () => ACHIEVEMENTS.find(({ id }) => id === props.id);
  return (
    <Show when={drawing()}>
      {(of) => (
        <svg class="medal" classList={{ earned: props.earned }} viewBox="0 0 64 60" aria-hidden="true">
          <defs>
            <linearGradient id={`badge-${of().id}`} x1="0" y1="0" x2="0" y2="1">
              <stop offset="0" stop-color={of().colours[0]} />
              <stop offset="1" stop-color={of().colours[1]} />
            </linearGradient>
          </defs>
          <path class="medal-edge" d={EDGE} fill={props.earned ? `url(#badge-${of().id})` : "none"} />
          <Show when={props.earned}>
            <path class="medal-shine" d={EDGE} transform="translate(5.12 4.75) scale(0.84)" />
          </Show>
          <path class="medal-lines" d={of().lines} transform="translate(14 11.7) scale(1.5)" />
        </svg>
      )}
    </Show>
  );
}
