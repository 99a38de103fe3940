/** A deck to choose: one that is ready, or whatever fits. */
import { For, Show, createSignal } from "solid-js";

import type { DeckChoice } from "../generated/wire";
import { Sheet } from "../parts/Sheet";
import { Poster } from "../parts/poster/Poster";
import { t } from "../text/texts";
import { createCurated } from "./curated";
import { FilterForm } from "./FilterForm";
import { filterOf } from "./filter";
import "./decks.css";

export default function DeckSheet(props: {
  deck: DeckChoice | null;
  choose: (deck: DeckChoice | null) => void;
  close: () => void;
}) {
  // eslint-disable-next-line solid/reactivity -- it opens where the deck is, and is then the person's own
  const [filtered, setFiltered] = createSignal(filterOf(props.deck) !== null);
  return (
    <Sheet title={t("choose-deck")} close={props.close} testid="deck-sheet">
      <div class="deck-ways" role="group" aria-label={t("choose-deck")}>
        <button
          class="chip"
          data-testid="deck-ready-made"
          aria-pressed={!filtered()}
          onClick={() => setFiltered(false)}
        >
          {t("deck-ready-made")}
        </button>
        <button
          class="chip"
          data-testid="deck-by-filter"
          aria-pressed={filtered()}
          onClick={() => setFiltered(true)}
        >
          {t("deck-by-filter")}
        </button>
      </div>
      <Show when={props.deck !== null}>
        <button class="text-button" data-testid="deck-none" onClick={() => props.choose(null)}>
          {t("deck-drop")}
        </button>
      </Show>
      <Show
        when={filtered()}
        fallback={
          <ReadyMade chosen={typeof props.deck === "string" ? props.deck : null} choose={props.choose} />
        }
      >
        <FilterForm
          filter={filterOf(props.deck) ?? { kind: "film" }}
          choose={(filter) => {
            props.choose({ filter });
          }}
        />
      </Show>
    </Sheet>
  );
}

function ReadyMade(props: { chosen: string | null; choose: (deck: string) => void }) {
  const [decks, { refetch }] = createCurated();
  return (
    <>
      <p class="lead">{t("choose-deck-lead")}</p>
      <Show
        when={!decks.error}
        fallback={
          <div class="stack">
            <p class="note bad" role="alert">
              {t("search-failed")}
            </p>
            <button class="big second" data-testid="decks-again" onClick={() => void refetch()}>
              {t("retry")}
            </button>
          </div>
        }
      >
        <Show when={decks()} fallback={<div class="bone row" />}>
          {(all) => (
            <ul class="decks">
              <For each={all()}>
                {(deck) => (
                  <li>
                    <button
                      class="deck-row"
                      data-testid={`deck-${deck.id}`}
                      aria-pressed={deck.id === props.chosen}
                      onClick={() => props.choose(deck.id)}
                    >
                      <span class="deck-fan" aria-hidden="true">
                        <For each={deck.titles.slice(0, 3)}>
                          {(title) => <Poster title={title} size="small" />}
                        </For>
                      </span>
                      <span class="row-text">
                        <span class="row-title">{deck.name}</span>
                        <span class="row-note">{deck.description}</span>
                        <span class="row-note">{t("titles-count", { count: deck.size })}</span>
                      </span>
                    </button>
                  </li>
                )}
              </For>
            </ul>
          )}
        </Show>
      </Show>
    </>
  );
}
