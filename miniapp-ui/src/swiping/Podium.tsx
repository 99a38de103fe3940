/** The three that came closest when nothing matched: the first in the middle, higher than the others. */
import { For } from "solid-js";

import type { Ranked, Title } from "../generated/wire";
import { Icon } from "../parts/icons";
import { Poster } from "../parts/poster/Poster";
import { t } from "../text/texts";
import "./podium.css";

/** So many stand on it. */
export const PLACES = 3;

/** Who has as many likes has the same place. */
export function placeOf(ranked: Ranked, all: readonly Ranked[]): number {
  return 1 + all.filter((other) => other.likes > ranked.likes).length;
}

export default function Podium(props: { ranking: readonly Ranked[]; open: (title: Title) => void }) {
  const top = () => props.ranking.slice(0, PLACES);
  return (
    <section aria-labelledby="podium">
      <h2 id="podium">{t("results-top", { count: top().length })}</h2>
      <ol class="podium" data-testid="podium">
        <For each={top()}>
          {(ranked) => (
            <li class={`step place-${placeOf(ranked, top())}`}>
              <button
                data-testid={`result-${ranked.title.id}`}
                onClick={() => {
                  props.open(ranked.title);
                }}
              >
                <span class="podium-poster">
                  <Poster title={ranked.title} size="mark" />
                  <span class="podium-place" aria-hidden="true">
                    {placeOf(ranked, top())}
                  </span>
                </span>
                <span class="podium-name">{ranked.title.name}</span>
                <span class="likes">
                  <Icon name="heart" filled />
                  <span aria-label={t("likes-count", { count: ranked.likes })}>{ranked.likes}</span>
                </span>
              </button>
            </li>
          )}
        </For>
      </ol>
    </section>
  );
}
