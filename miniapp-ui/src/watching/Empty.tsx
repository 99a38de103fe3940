/** A cinema in which nothing is on yet: what can be shown, and where to find it. */
import { Show } from "solid-js";

import { AddressField } from "./AddressField";
import { useCinema } from "./cinema";
import { CinemaIcon } from "./icons";
import { Offers } from "./Offers";
import type { Wanted } from "./offers";
import "./empty.css";

export function Empty(props: { leave: () => void; matched: readonly Wanted[] }) {
  const cinema = useCinema();
  const { word } = cinema;
  return (
    <div class="cinema-empty" data-testid="cinema-empty">
      <button
        class="film-button"
        data-testid="cinema-leave"
        aria-label={word("cinema-leave")}
        onClick={() => props.leave()}
      >
        <CinemaIcon name="down" />
      </button>
      <span class="cinema-mark">
        <CinemaIcon name="screen" />
      </span>
      <h2>{word("cinema-empty")}</h2>
      <Show when={cinema.mayControl()} fallback={<p class="lead">{cinema.whoMay()}</p>}>
        <p class="lead">{word("cinema-empty-lead")}</p>
        <AddressField button={word("cinema-show")} take={cinema.show} />
      </Show>
      <Show when={props.matched.length > 0}>
        <Offers titles={props.matched} />
      </Show>
    </div>
  );
}
