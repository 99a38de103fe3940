/** What I bring: my picks, and the search that finds more of them. */
import { For, Show, createEffect, createMemo, createSignal, onCleanup } from "solid-js";

import { useApp } from "../app/context";
import type { Title } from "../generated/wire";
import type { TitleSearch } from "../net/api";
import { Icon } from "../parts/icons";
import { Poster } from "../parts/poster/Poster";
import type { RoomHandle } from "../room/useRoom";
import { t } from "../text/texts";
import { type Lines, linesOf } from "./lines";
import { titleFacts } from "../text/names";
import { type Answer, offerOf } from "./offer";
import { PastedList } from "./PastedList";

const FILTERS: { id: string; search: Partial<TitleSearch> }[] = [
  { id: "filter-all", search: {} },
  { id: "filter-film", search: { kind: "film" } },
  { id: "filter-series", search: { kind: "series" } },
  { id: "filter-short", search: { max_runtime: 100 } },
  { id: "filter-new", search: { from_year: 2010 } },
  { id: "filter-old", search: { to_year: 1989 } },
];

/** What the server had no time to find is asked for once more after this long: it goes on looking. */
const AGAIN_MS = 1_200;
/** After this long without an answer what is typed is offered by itself. */
const LONG_MS = 1_500;

export function Picks(props: { room: RoomHandle }) {
  const app = useApp();
  const room = () => props.room.view.room;
  const full = createMemo(() => room().my_picks.length >= room().picks_per_member);
  return (
    <section aria-labelledby="my-picks">
      <h2 id="my-picks">
        {t("my-picks")}
        <span class="count">
          {t("picks-progress", { count: room().my_picks.length, of: room().picks_per_member })}
        </span>
      </h2>
      <Show when={room().my_picks.length > 0}>
        <ul class="picks">
          <For each={room().my_picks}>
            {(title) => (
              <li class="pick" data-testid={`pick-${title.id}`}>
                <Poster title={title} size="small" />
                <button
                  class="pick-remove"
                  aria-label={t("remove-title", { title: title.name })}
                  onClick={() => {
                    app.tg.haptic("tick");
                    props.room.unpick(title);
                  }}
                >
                  <Icon name="cross" />
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show
        when={!full()}
        fallback={<p class="note">{t("picks-full", { count: room().picks_per_member })}</p>}
      >
        <Search room={props.room} />
      </Show>
    </section>
  );
}

function Search(props: { room: RoomHandle }) {
  const app = useApp();
  const [query, setQuery] = createSignal("");
  const [filter, setFilter] = createSignal("filter-all");
  const [focused, setFocused] = createSignal(false);
  const [answer, setAnswer] = createSignal<Answer | null>(null);
  const [failed, setFailed] = createSignal(false);
  /** How often somebody had it searched again. */
  const [tries, setTries] = createSignal(0);
  const typed = createMemo(() => query().trim());
  const open = createMemo(() => focused() || typed() !== "");

  /** Searches, and returns what ends that. */
  const search = (query: string, by: Partial<TitleSearch>) => {
    const abort = new AbortController();
    let late = false;
    const ends = (page: Answer["page"], lost = false) => {
      if (abort.signal.aborted) return;
      setAnswer({ query, page, late });
      setFailed(lost);
    };
    const long = setTimeout(() => {
      late = true;
      ends(null);
    }, LONG_MS);
    let again: number | undefined;
    const ask = () => app.api.titles({ q: query, ...by }, abort.signal);
    const timer = setTimeout(() => {
      ask()
        .then((page) => {
          ends(page);
          if (page.incomplete) again = window.setTimeout(more, AGAIN_MS);
        })
        .catch(() => {
          ends(null, true);
        })
        .finally(() => {
          clearTimeout(long);
        });
    }, 120);
    // What was found first keeps its place, so that nothing moves under a thumb; what is new comes after it.
    const more = () => {
      ask()
        .then((page) => {
          setAnswer((before) => {
            if (abort.signal.aborted || !before?.page) return before;
            const known = new Set(before.page.items.map((title) => title.id));
            const items = [...before.page.items, ...page.items.filter((title) => !known.has(title.id))];
            return { ...before, page: { ...before.page, items, incomplete: page.incomplete } };
          });
        })
        .catch(() => undefined);
    };
    return () => {
      clearTimeout(long);
      clearTimeout(timer);
      clearTimeout(again);
      abort.abort();
    };
  };
  createEffect(() => {
    const by = FILTERS.find((one) => one.id === filter())?.search ?? {};
    tries();
    if (open()) onCleanup(search(typed(), by));
  });

  const titles = createMemo(() => {
    const mine = new Set(props.room.view.room.my_picks.map((title) => title.id));
    return answer()?.page?.items.filter((title) => !mine.has(title.id)) ?? [];
  });
  const offer = createMemo(() => offerOf(typed(), answer()));
  const [pasted, setPasted] = createSignal<Lines | null>(null);
  // A field of one line would make one title of a list.
  const take = (event: Event, text: string | null | undefined) => {
    const list = linesOf(text ?? "");
    if (list.lines.length < 2) return;
    event.preventDefault();
    setPasted(list);
  };
  const add = (title: Title | { text: string }) => {
    app.tg.haptic("press");
    props.room.pick(title);
    setQuery("");
  };

  return (
    <div class="search">
      <label class="search-field">
        <Icon name="search" />
        <input
          class="field"
          type="search"
          enterkeyhint="search"
          data-testid="search-input"
          aria-label={t("search-label")}
          placeholder={t("search-placeholder")}
          maxlength="300"
          autocomplete="off"
          value={query()}
          onFocus={() => setFocused(true)}
          onInput={(event) => setQuery(event.currentTarget.value)}
          onPaste={(event) => {
            take(event, event.clipboardData?.getData("text/plain"));
          }}
          // Some keyboards put the clipboard in by themselves, and a text may be dropped.
          on:beforeinput={(event: InputEvent) => {
            take(event, event.data ?? event.dataTransfer?.getData("text/plain"));
          }}
        />
      </label>
      <Show when={open()} fallback={<p class="note">{t("my-picks-lead")}</p>}>
        <div class="chips" role="group">
          <For each={FILTERS}>
            {({ id }) => (
              <button class="chip" aria-pressed={filter() === id} onClick={() => setFilter(id)}>
                {t(id)}
              </button>
            )}
          </For>
        </div>
        <ul class="list results-list">
          <Show when={offer().first && offer().text}>
            {(text) => (
              <>
                <AddTyped text={text()} add={add} />
                <Show when={answer()?.page?.near}>
                  <li class="note">{t("search-near")}</li>
                </Show>
              </>
            )}
          </Show>
          <For each={titles()}>
            {(title) => (
              <li>
                <button
                  class="row found"
                  data-testid={`search-result-${title.id}`}
                  aria-label={t("add-title", { title: title.name })}
                  onClick={() => {
                    add(title);
                  }}
                >
                  <span class="row-poster">
                    <Poster title={title} size="mark" />
                  </span>
                  <span class="row-text">
                    <span class="row-title">{title.name}</span>
                    <span class="row-note">{titleFacts(title).join(" · ")}</span>
                  </span>
                  <span class="tick">
                    <Icon name="plus" />
                  </span>
                </button>
              </li>
            )}
          </For>
          <Show when={!offer().first && offer().text}>{(text) => <AddTyped text={text()} add={add} />}</Show>
        </ul>
        <Show when={offer().unknownLink}>
          {(site) => (
            <p class="note" data-testid="unknown-link">
              {t("search-link-unknown", { site: site() })}
            </p>
          )}
        </Show>
        <Show when={answer()?.query === typed() && answer()?.page?.incomplete}>
          <p class="note" role="status" data-testid="search-incomplete">
            {t("search-incomplete")}
          </p>
        </Show>
        <Show when={failed()}>
          <div class="search-failed">
            <p class="note bad" role="alert" data-testid="search-failed">
              {t("search-failed")}
            </p>
            <button
              class="text-button"
              data-testid="search-again"
              onClick={() => setTries((before) => before + 1)}
            >
              {t("retry")}
            </button>
          </div>
        </Show>
      </Show>
      <Show when={pasted()}>
        {(list) => (
          <PastedList
            pasted={list()}
            room={props.room}
            close={() => {
              setPasted(null);
            }}
          />
        )}
      </Show>
    </div>
  );
}

/** The server takes no longer title; what is longer is said so, and not cut. */
const MAX_TEXT = 100;

function AddTyped(props: { text: string; add: (title: { text: string }) => void }) {
  const tooLong = () => Array.from(props.text).length > MAX_TEXT;
  return (
    <li>
      <button
        class="row found"
        classList={{ idle: tooLong() }}
        data-testid="add-text"
        disabled={tooLong()}
        onClick={() => {
          props.add({ text: props.text });
        }}
      >
        <span class="row-icon">
          <Icon name="plus" />
        </span>
        <span class="row-text">
          <span class="row-title">{t("add-text", { text: props.text })}</span>
          <Show when={tooLong()}>
            <span class="row-note">{t("list-too-long")}</span>
          </Show>
        </span>
      </button>
    </li>
  );
}
