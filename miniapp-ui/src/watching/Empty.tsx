/** A cinema in which nothing is on yet: what can be shown, and where to find it. */
import { For, Show } from "solid-js";

import { AddressField } from "./AddressField";
import { useCinema } from "./cinema";
import { CinemaIcon } from "./icons";

/** Of so many matches it is offered to look for them. */
const OFFERED = 3;

export function Empty(props: { leave: () => void; matched: readonly string[] }) {
  const cinema = useCinema();
  const { word } = cinema;
  const trailer = (name: string) =>
    `https://www.youtube.com/results?search_query=${encodeURIComponent(word("cinema-trailer-query", { name }))}`;
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
        <Show when={props.matched.length > 0}>
          <ul class="cinema-offers" aria-label={word("cinema-trailers")}>
            <For each={props.matched.slice(0, OFFERED)}>
              {(name) => (
                <li>
                  <a class="chip" href={trailer(name)} target="_blank" rel="noopener noreferrer">
                    {word("cinema-trailer", { name })}
                  </a>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </Show>
    </div>
  );
}
