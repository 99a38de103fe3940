/** What is to be found elsewhere of what matched, each a tap away. */
import { For } from "solid-js";

import { useApp } from "../app/context";
import { openLink } from "../telegram/openLink";
import { language, t } from "../text/texts";
import { useCinema } from "./cinema";
import { type Wanted, regionOf, trailerSearch, whereToWatch } from "./offers";
import "./offers.css";

/** Of so many titles, the first ones. */
const OFFERED = 2;

export function Offers(props: { titles: readonly Wanted[] }) {
  const app = useApp();
  const { word } = useCinema();
  const Link = (link: { href: string; text: string; label: string; testid: string }) => (
    <a
      class="chip"
      href={link.href}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={link.label}
      data-testid={link.testid}
      onClick={(event) => {
        event.preventDefault();
        openLink(app.tg, link.href);
      }}
    >
      <span>{link.text}</span>
    </a>
  );
  return (
    <ul class="cinema-offers" aria-label={word("cinema-offers")}>
      <For each={props.titles.slice(0, OFFERED)}>
        {(title) => (
          <li>
            <Link
              href={trailerSearch(title, (name) => t("match-trailer-query", { name }))}
              text={word("cinema-trailer", { name: title.name })}
              label={word("cinema-trailer", { name: title.name })}
              testid={`trailer-${title.id}`}
            />
            <Link
              href={whereToWatch(title, language(), app.user().region ?? regionOf(navigator.language))}
              text={t("match-where")}
              label={word("cinema-where", { name: title.name })}
              testid={`where-${title.id}`}
            />
          </li>
        )}
      </For>
    </ul>
  );
}
