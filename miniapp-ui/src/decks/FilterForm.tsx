/** A deck by a filter: chips, and a button that says how many titles fit. */
import { For, type JSX, Show, createSignal, createUniqueId, onMount } from "solid-js";

import { useApp } from "../app/context";
import type { Providers, TitleFilter } from "../generated/wire";
import { Icon } from "../parts/icons";
import { countryName, genreName, runningTime } from "../text/names";
import { t } from "../text/texts";
import { createCount } from "./count";
import {
  COUNTRIES,
  DECADES,
  GENRES,
  MOST_COUNTRIES,
  RATINGS,
  RUNTIMES,
  decades,
  listed,
  tidy,
  toggled,
  withDecade,
} from "./filter";
import { capital, decadeName, ratingFrom } from "./words";

/** So long nothing else is tapped before the titles are counted, in ms. */
const PAUSE = 120;

export function FilterForm(props: { filter: TitleFilter; choose: (filter: TitleFilter) => void }) {
  const app = useApp();
  // eslint-disable-next-line solid/reactivity -- a form starts from what is and is then the person's own
  const [filter, setFilter] = createSignal(props.filter);
  const count = createCount(filter, PAUSE);
  const change = (next: TitleFilter) => {
    app.tg.haptic("tick");
    setFilter(next);
  };
  /** A choice that is taken back by another tap. */
  const choose = <Field extends keyof TitleFilter>(field: Field, value: TitleFilter[Field]) => {
    change(tidy({ ...filter(), [field]: filter()[field] === value ? undefined : value }));
  };
  const meant = (decade: number) => {
    const range = decades(filter());
    return range !== null && decade >= range.first && decade <= range.last;
  };
  const countries = () => listed(filter().country);
  /** Of a deck that was made elsewhere there may be other countries. */
  const offered = () => [...COUNTRIES, ...countries().filter((code) => !COUNTRIES.includes(code))];
  const [providers, setProviders] = createSignal<Providers>({ items: [], region: null });
  onMount(() => {
    // Without them there is only one thing less to choose.
    app.api.ask<Providers>("GET", "/api/providers").then(setProviders, () => undefined);
  });
  const providersOffered = () => {
    const chosen = filter().provider;
    const { items } = providers();
    return chosen === undefined || items.includes(chosen) ? items : [...items, chosen];
  };
  const whereToWatch = () => {
    const { region } = providers();
    return region === null ? t("where-to-watch") : `${t("where-to-watch")} · ${countryName(region)}`;
  };
  const none = () => count().current && count().titles === 0;
  const label = () => {
    const { titles } = count();
    if (titles === null || titles === undefined) return t("deck-take");
    return titles === 0 ? t("deck-nothing-fits") : t("deck-play-with", { count: titles });
  };
  return (
    <div class="deck-filter" data-testid="deck-filter">
      <Chips title={t("deck-what")}>
        <Chip
          id="kind-film"
          on={filter().kind === "film"}
          tap={() => {
            choose("kind", "film");
          }}
        >
          {t("filter-film")}
        </Chip>
        <Chip
          id="kind-series"
          on={filter().kind === "series"}
          tap={() => {
            choose("kind", "series");
          }}
        >
          {t("filter-series")}
        </Chip>
        <Chip
          id="family"
          on={filter().family === true}
          tap={() => {
            choose("family", true);
          }}
        >
          {capital(t("deck-family"))}
        </Chip>
      </Chips>
      <Chips title={t("genres")}>
        <For each={GENRES}>
          {(genre) => (
            <Chip
              id={`genre-${genre}`}
              on={listed(filter().genre).includes(genre)}
              tap={() => {
                change(tidy({ ...filter(), genre: toggled(filter().genre, genre) }));
              }}
            >
              {capital(genreName(genre))}
            </Chip>
          )}
        </For>
      </Chips>
      <Chips title={t("deck-years")}>
        <For each={DECADES}>
          {(decade, place) => (
            <Chip
              id={`decade-${String(decade)}`}
              on={meant(decade)}
              tap={() => {
                change(withDecade(filter(), decade));
              }}
            >
              {place() === 0 ? capital(t("deck-before", { text: String(decade + 10) })) : decadeName(decade)}
            </Chip>
          )}
        </For>
      </Chips>
      <Chips title={t("deck-runtime")}>
        <For each={RUNTIMES}>
          {(minutes) => (
            <Chip
              id={`runtime-${String(minutes)}`}
              on={filter().max_runtime === minutes}
              tap={() => {
                choose("max_runtime", minutes);
              }}
            >
              {capital(t("deck-up-to", { text: runningTime(minutes) }))}
            </Chip>
          )}
        </For>
      </Chips>
      <Chips title={t("deck-rating")}>
        <For each={RATINGS}>
          {(least) => (
            <Chip
              id={`rating-${String(least)}`}
              on={filter().min_rating === least}
              tap={() => {
                choose("min_rating", least);
              }}
            >
              {ratingFrom(least)}
            </Chip>
          )}
        </For>
      </Chips>
      <Chips title={t("deck-countries")}>
        <For each={offered()}>
          {(code) => (
            <Chip
              id={`country-${code}`}
              on={countries().includes(code)}
              off={countries().length >= MOST_COUNTRIES && !countries().includes(code)}
              tap={() => {
                change(tidy({ ...filter(), country: toggled(filter().country, code) }));
              }}
            >
              {countryName(code)}
            </Chip>
          )}
        </For>
      </Chips>
      <Show when={providersOffered().length > 0}>
        <Chips title={whereToWatch()} note={t("source-justwatch")}>
          <For each={providersOffered()}>
            {(name) => (
              <Chip
                id={`provider-${name}`}
                on={filter().provider === name}
                tap={() => {
                  choose("provider", name);
                }}
              >
                {name}
              </Chip>
            )}
          </For>
        </Chips>
      </Show>
      <div class="sheet-foot deck-take">
        <Show when={count().current && count().titles === null}>
          <p class="note bad centre" role="status">
            {t("deck-uncounted")}
          </p>
        </Show>
        <Show when={none()}>
          <p class="note centre">{t("deck-nothing-note")}</p>
        </Show>
        <button
          class="big"
          classList={{ counting: !count().current }}
          data-testid="take-filter"
          aria-live="polite"
          aria-busy={!count().current}
          disabled={none()}
          onClick={() => props.choose(filter())}
        >
          {label()}
        </button>
      </div>
    </div>
  );
}

function Chips(props: { title: string; note?: string; children: JSX.Element }) {
  const heading = createUniqueId();
  return (
    <section class="deck-choice">
      <h3 id={heading}>{props.title}</h3>
      <div class="deck-chips" role="group" aria-labelledby={heading}>
        {props.children}
      </div>
      <Show when={props.note}>{(note) => <p class="note">{note()}</p>}</Show>
    </section>
  );
}

function Chip(props: { id: string; on: boolean; off?: boolean; tap: () => void; children: JSX.Element }) {
  return (
    <button
      class="chip"
      data-testid={props.id}
      aria-pressed={props.on}
      disabled={props.off ?? false}
      onClick={() => props.tap()}
    >
      <Show when={props.on}>
        <Icon name="check" />
      </Show>
      {props.children}
    </button>
  );
}
