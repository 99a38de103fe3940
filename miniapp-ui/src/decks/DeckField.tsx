/** The deck that fills up the pile: what it is, how much it holds, another one, or a surprise. */
import { Show, createMemo, createSignal, createUniqueId } from "solid-js";

import { useApp } from "../app/context";
import type { DeckChoice } from "../generated/wire";
import { Icon } from "../parts/icons";
import { t } from "../text/texts";
import { createCount } from "./count";
import { createCurated } from "./curated";
import { filterOf } from "./filter";
import { DeckSheet } from "./lazy";
import { filterWords } from "./words";
import "./decks.css";

/** Fewer titles than this are swiped before the tea is ready. */
const TINY = 8;

export function DeckField(props: {
  deck: DeckChoice | null;
  /** What is said where there is none. */
  none: string;
  /** How many titles the members bring, where that is known. */
  picks?: number;
  /** Null: somebody else decides. */
  choose: ((deck: DeckChoice | null) => void) | null;
}) {
  const [choosing, setChoosing] = createSignal(false);
  const heading = createUniqueId();
  const [curated] = createCurated(() => typeof props.deck === "string");
  const count = createCount(() => filterOf(props.deck));
  // The lobby does not wait for a name.
  const known = () => (["ready", "refreshing"].includes(curated.state) ? curated.latest : undefined);
  const mine = createMemo(() => known()?.find((deck) => deck.id === props.deck));
  const name = () => {
    const filter = filterOf(props.deck);
    if (filter !== null) return filterWords(filter);
    return props.deck === null ? props.none : (mine()?.name ?? t("deck"));
  };
  /** How many titles it holds, as far as is known. */
  const size = () => {
    if (props.deck === null) return 0;
    if (typeof props.deck === "string") return mine()?.size;
    return count().current ? (count().titles ?? undefined) : undefined;
  };
  const tiny = () => {
    const titles = size();
    const all = titles === undefined ? undefined : titles + (props.picks ?? 0);
    return all !== undefined && all > 0 && all < TINY ? all : undefined;
  };
  return (
    <section aria-labelledby={heading} data-testid="deck-field">
      <h2 id={heading}>{t("deck")}</h2>
      <div class="list">
        <button
          class="row"
          data-testid="choose-deck"
          disabled={props.choose === null}
          onClick={() => setChoosing(true)}
        >
          <span class="row-icon">
            <Icon name="deck" />
          </span>
          <span class="row-text">
            <span class="row-title deck-name" data-testid="deck-name">
              {name()}
            </span>
            <Show when={props.deck !== null && size()}>
              {(titles) => <span class="row-note">{t("titles-count", { count: titles() })}</span>}
            </Show>
          </span>
          <Show when={props.choose}>
            <Icon name="chevron" />
          </Show>
        </button>
        <Show when={props.choose}>{(choose) => <Surprise choose={choose()} />}</Show>
      </div>
      <Show when={tiny()} fallback={<p class="note">{t("deck-note")}</p>}>
        {(titles) => (
          <p class="note" data-testid="deck-tiny">
            {t("deck-tiny", { count: titles() })}{" "}
            <Show when={props.choose}>
              <button class="text-button" data-testid="deck-more" onClick={() => setChoosing(true)}>
                {t("deck-more")}
              </button>
            </Show>
          </p>
        )}
      </Show>
      <Show when={choosing() && props.choose}>
        {(choose) => (
          <DeckSheet
            deck={props.deck}
            choose={(deck) => {
              choose()(deck);
              setChoosing(false);
            }}
            close={() => setChoosing(false)}
          />
        )}
      </Show>
    </section>
  );
}

/** Another deck by chance with each tap. */
function Surprise(props: { choose: (deck: DeckChoice) => void }) {
  const app = useApp();
  const [busy, setBusy] = createSignal(false);
  const draw = async () => {
    if (busy()) return;
    app.tg.haptic("press");
    setBusy(true);
    try {
      const { deck, count } = await app.api.surprise(Math.floor(Math.random() * 2 ** 32));
      props.choose(deck);
      const filter = filterOf(deck);
      if (filter !== null) app.say(`${filterWords(filter)} · ${t("titles-count", { count })}`);
    } catch (error) {
      app.excuse(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <button class="row" data-testid="surprise" aria-busy={busy()} onClick={() => void draw()}>
      <span class="row-icon">
        <Dice />
      </span>
      <span class="row-text">
        <span class="row-title">{t("deck-surprise")}</span>
      </span>
    </button>
  );
}

/** Not among the signs that every phone loads. */
function Dice() {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M7 4h10a3 3 0 0 1 3 3v10a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3zM8.500 8.500h.01M15.500 8.500h.01M12 12h.01M8.500 15.500h.01M15.500 15.500h.01" />
    </svg>
  );
}
