/** All that is known of a title. */
import { For, Show } from "solid-js";

import type { Title } from "../generated/wire";
import { Sheet } from "../parts/Sheet";
import { Poster } from "../parts/poster/Poster";
import { countryName, genreName, rating, runningTime } from "../text/names";
import { t } from "../text/texts";
import "./details.css";

export default function Details(props: { title: Title; close: () => void }) {
  const facts = () => {
    const { title } = props;
    const rows: [string, string | null][] = [
      [t("original-name"), title.original_name === title.name ? null : title.original_name],
      [t("genres"), title.genres.map(genreName).join(", ") || null],
      [t("countries"), title.countries.map(countryName).join(", ") || null],
      [t("runtime"), title.runtime_min === null ? null : runningTime(title.runtime_min)],
    ];
    return rows.filter((row): row is [string, string] => row[1] !== null);
  };
  return (
    <Sheet title={props.title.name} close={props.close} testid="details">
      <div class="details">
        <div class="details-top">
          <div class="details-poster">
            <Poster title={props.title} size="small" />
          </div>
          <div>
            <p class="details-kind">
              {[t(`kind-${props.title.kind}`), props.title.year].filter(Boolean).join(" · ")}
            </p>
            <Show when={props.title.rating !== null && props.title.rating}>
              {(value) => <p class="details-rating">★ {rating(value())}</p>}
            </Show>
            <p>{props.title.overview ?? t("no-overview")}</p>
          </div>
        </div>
        <dl class="facts">
          <For each={facts()}>
            {([name, value]) => (
              <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            )}
          </For>
        </dl>
      </div>
    </Sheet>
  );
}
