/** What is known of a title, in two parts that stand where there is room for them. */
import { For, Show } from "solid-js";

import type { Title } from "../generated/wire";
import { countryName, genreName, rating, runningTime } from "../text/names";
import { t } from "../text/texts";
import "./about.css";

/** What kind of thing it is, how it is liked, and what it tells. */
export function Summary(props: { title: Title }) {
  return (
    <div class="summary">
      <p class="summary-kind">
        {[t(`kind-${props.title.kind}`), props.title.year].filter(Boolean).join(" · ")}
      </p>
      <Show when={props.title.rating !== null && props.title.rating}>
        {(value) => <p class="summary-rating">★ {rating(value())}</p>}
      </Show>
      <p>{props.title.overview ?? t("no-overview")}</p>
    </div>
  );
}

/** Name, genres, countries and length, as far as they are known. */
export function Facts(props: { title: Title }) {
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
  );
}
