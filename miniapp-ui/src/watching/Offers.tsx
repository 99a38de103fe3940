/** What is to be found elsewhere of what matched, each a tap away. */
import { For } from "solid-js";

import { useApp } from "../app/context";
import { OutLink } from "../parts/OutLink";
import { language, t } from "../text/texts";
import { useCinema } from "./cinema";
import { type Wanted, regionOf, trailerSearch, whereToWatch } from "./offers";
import "./offers.css";

/** Of so many titles, the first ones. */
const OFFERED = 2;

export function Offers(props: { titles: readonly Wanted[] }) {
  const app = useApp();
  const { word } = useCinema();
  return (
    <ul class="cinema-offers" aria-label={word("cinema-offers")}>
      <For each={props.titles.slice(0, OFFERED)}>
        {(title) => (
          <li>
            <OutLink
              class="chip"
              href={trailerSearch(title, (name) => t("match-trailer-query", { name }))}
              testid={`trailer-${title.id}`}
            >
              <span>{word("cinema-trailer", { name: title.name })}</span>
            </OutLink>
            <OutLink
              class="chip"
              href={whereToWatch(title, language(), app.user().region ?? regionOf(navigator.language))}
              label={word("cinema-where", { name: title.name })}
              testid={`where-${title.id}`}
            >
              <span>{t("match-where")}</span>
            </OutLink>
          </li>
        )}
      </For>
    </ul>
  );
}
