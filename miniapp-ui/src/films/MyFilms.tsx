/** What I want to watch, have watched and hide: three lists, a page at a time. What is taken out can be put back where it was. */
import { For, Match, Show, Switch, createEffect, createSignal, on } from "solid-js";

import { useApp } from "../app/context";
import type { Mark, Title } from "../generated/wire";
import { Icon } from "../parts/icons";
import { Sheet } from "../parts/Sheet";
import { Poster } from "../parts/poster/Poster";
import { titleFacts } from "../text/names";
import { t } from "../text/texts";
import { films } from "./api";
import ImportList from "./ImportList";
import { MarkIcon } from "./icons";
import { MARKS, marksOf } from "./marks";
import { word } from "./words";
import "./films.css";

export default function MyFilms(props: { close: () => void }) {
  const [page, setPage] = createSignal<"films" | "import">("films");
  const [mark, setMark] = createSignal<Mark>("wanted");
  return (
    <Switch>
      <Match when={page() === "films"}>
        <Sheet title={t("films")} close={props.close} testid="films-sheet">
          <Tabs mark={mark()} choose={setMark} />
          <div role="tabpanel" id="films-panel" aria-labelledby={`films-tab-${mark()}`}>
            <Show when={mark()} keyed>
              {(mark) => <List mark={mark} />}
            </Show>
          </div>
          <button class="big second" data-testid="films-import" onClick={() => setPage("import")}>
            <Icon name="plus" />
            {word("films-import")}
          </button>
        </Sheet>
      </Match>
      <Match when={page() === "import"}>
        <ImportList close={() => setPage("films")} />
      </Match>
    </Switch>
  );
}

function Tabs(props: { mark: Mark; choose: (mark: Mark) => void }) {
  const app = useApp();
  let tabs!: HTMLDivElement;
  const choose = (mark: Mark) => {
    app.tg.haptic("tick");
    props.choose(mark);
  };
  /** Arrows go along the tabs, as in every list of them. */
  const along = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const place = (MARKS.indexOf(props.mark) + step + MARKS.length) % MARKS.length;
    choose(MARKS[place] ?? "wanted");
    tabs.querySelectorAll<HTMLButtonElement>("[role=tab]")[place]?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={t("films")} ref={tabs} onKeyDown={along}>
      <For each={MARKS}>
        {(mark) => (
          <button
            class="tab"
            role="tab"
            id={`films-tab-${mark}`}
            data-testid={`films-${mark}`}
            aria-selected={props.mark === mark}
            aria-controls="films-panel"
            tabindex={props.mark === mark ? 0 : -1}
            onClick={() => {
              choose(mark);
            }}
          >
            {word(`films-${mark}`)}
          </button>
        )}
      </For>
    </div>
  );
}

function List(props: { mark: Mark }) {
  const app = useApp();
  const marks = marksOf(app.api);
  const [titles, setTitles] = createSignal<Title[] | null>(null);
  const [next, setNext] = createSignal<string | null>(null);
  const [state, setState] = createSignal<"asking" | "failed" | "there">("asking");

  /** One page at a time; a title that was marked anew meanwhile is not there twice. */
  const more = async () => {
    setState("asking");
    try {
      const page = await films(app.api, props.mark, next());
      const there = titles() ?? [];
      const known = new Set(there.map((title) => title.id));
      setTitles([...there, ...page.items.filter((title) => !known.has(title.id))]);
      marks.confirm(
        page.items.map((title) => title.id),
        props.mark,
      );
      setNext(page.next);
      setState("there");
    } catch {
      setState("failed");
    }
  };
  createEffect(on(() => props.mark, more));

  return (
    <>
      <Show when={titles()}>
        {(all) => (
          <Show
            when={all().length > 0}
            fallback={
              <div class="films-empty">
                <MarkIcon mark={props.mark} />
                <p class="lead">{word(`films-none-${props.mark}`)}</p>
              </div>
            }
          >
            <ul class="list" data-testid="films-list">
              <For each={all()}>{(title) => <Row title={title} mark={props.mark} />}</For>
            </ul>
          </Show>
        )}
      </Show>
      <Switch>
        <Match when={state() === "failed"}>
          <div class="stack" role="alert">
            <p class="note centre">{word("films-failed")}</p>
            <button class="big plain" data-testid="films-again" onClick={() => void more()}>
              {word("films-again")}
            </button>
          </div>
        </Match>
        <Match when={state() === "asking" && titles() === null}>
          <div class="bone row" />
          <div class="bone row" />
        </Match>
        <Match when={next() !== null}>
          <button
            class="big plain"
            data-testid="films-more"
            disabled={state() === "asking"}
            onClick={() => void more()}
          >
            {word("films-more")}
          </button>
        </Match>
      </Switch>
    </>
  );
}

/** A row stays where it was when its title is taken out, and offers it back. */
function Row(props: { title: Title; mark: Mark }) {
  const app = useApp();
  const marks = marksOf(app.api);
  const here = () => marks.of(props.title.id) === props.mark;
  const set = (mark: Mark | null) => {
    app.tg.haptic("tick");
    marks.set(props.title.id, mark).catch(app.excuse);
  };
  return (
    <li class="row found" classList={{ idle: !here() }} data-testid={`film-${props.title.id}`}>
      <span class="row-poster">
        <Poster title={props.title} size="mark" />
      </span>
      <span class="row-text" aria-live="polite">
        <span class="row-title">{props.title.name}</span>
        <span class="row-note">{here() ? titleFacts(props.title).join(" · ") : word("films-taken-out")}</span>
      </span>
      <Show
        when={here()}
        fallback={
          <button
            class="text-button"
            data-testid="film-undo"
            aria-label={word("films-undo-of", { title: props.title.name })}
            onClick={() => {
              set(props.mark);
            }}
          >
            {word("films-undo")}
          </button>
        }
      >
        <button
          class="round"
          data-testid="film-remove"
          aria-label={word("films-take-out", { title: props.title.name })}
          onClick={() => {
            set(null);
          }}
        >
          <Icon name="cross" />
        </button>
      </Show>
    </li>
  );
}
