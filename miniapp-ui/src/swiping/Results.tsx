/** What the evening came to: matches, or what was closest, and what may follow. */
import { For, Show, createMemo, createSignal } from "solid-js";

import { useApp } from "../app/context";
import type { Title } from "../generated/wire";
import { Icon } from "../parts/icons";
import { Poster } from "../parts/poster/Poster";
import { type RoomHandle, plain } from "../room/useRoom";
import { t } from "../text/texts";
import { titleFacts } from "../text/names";
import { Details } from "./lazy";
import { HistorySheet, NeverSwitch } from "../history/lazy";
import { RoomMenu } from "../room/lazy";
import Podium, { PLACES } from "./Podium";
import RuleLine from "./RuleLine";
import "../parts/lists.css";
import "../room/room.css";
import "./results.css";

export default function Results(props: { room: RoomHandle }) {
  const app = useApp();
  const [menu, setMenu] = createSignal(false);
  const [history, setHistory] = createSignal(false);
  const [details, setDetails] = createSignal<Title | null>(null);
  const room = () => props.room.view.room;
  const matched = createMemo(() => new Set(room().matches.map((match) => match.title.id)));
  const ranking = createMemo(() =>
    (room().results ?? []).filter((one) => one.likes > 0 && !matched().has(one.title.id)).slice(0, 12),
  );
  /** With nothing matched the first three have a place of their own. */
  const onPodium = () => (room().matches.length === 0 ? ranking().slice(0, PLACES) : []);
  const below = () => ranking().slice(onPodium().length);
  const open = (title: Title) => setDetails(plain(title));
  return (
    <main class="screen with-bar" data-testid="results">
      <header class="room-head">
        <div class="room-title">
          <h1>{t(room().matches.length > 0 ? "results-title" : "results-none")}</h1>
          <p class="note">{room().name}</p>
          <RuleLine room={props.room} />
        </div>
        <button class="round" data-testid="menu" aria-label={t("room-menu")} onClick={() => setMenu(true)}>
          <Icon name="more" />
        </button>
      </header>

      <Show when={room().matches.length > 0}>
        <ul
          class="matches"
          classList={{ one: room().matches.length === 1 }}
          aria-label={t("results-matches")}
        >
          <For each={room().matches}>
            {(match) => (
              <li>
                <button
                  class="match-tile"
                  data-testid={`result-${match.title.id}`}
                  aria-label={match.title.name}
                  onClick={() => open(match.title)}
                >
                  <Poster title={match.title} size="full" />
                </button>
              </li>
            )}
          </For>
        </ul>
        <Show when={room().invite_url}>
          <div class="stack">
            <button
              class="big second"
              onClick={() => {
                const names = room()
                  .matches.map((match) => match.title.name)
                  .join(", ");
                app.tg.share(room().invite_url ?? "", t("match-announce", { title: names }));
              }}
            >
              <Icon name="share" />
              {t("match-share")}
            </button>
          </div>
        </Show>
      </Show>

      <Show
        when={ranking().length > 0}
        fallback={
          <Show when={room().matches.length === 0}>
            <p class="lead">{t("results-empty")}</p>
          </Show>
        }
      >
        <Show when={onPodium().length > 0}>
          <Podium ranking={onPodium()} open={open} />
        </Show>
        <Show when={below().length > 0}>
          <section aria-labelledby="ranking">
            <h2 id="ranking">{t(onPodium().length > 0 ? "results-rest" : "results-ranking")}</h2>
            <ol class="list">
              <For each={below()}>
                {(ranked) => (
                  <li>
                    <button
                      class="row"
                      data-testid={`result-${ranked.title.id}`}
                      onClick={() => open(ranked.title)}
                    >
                      <span class="row-poster">
                        <Poster title={ranked.title} size="mark" />
                      </span>
                      <span class="row-text">
                        <span class="row-title">{ranked.title.name}</span>
                        <span class="row-note">{titleFacts(ranked.title).join(" · ")}</span>
                      </span>
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
        </Show>
      </Show>

      <button class="text-button" data-testid="evenings" onClick={() => setHistory(true)}>
        {t("evenings")}
      </button>
      <NextRound room={props.room} />
      <Show when={details()} keyed>
        {(title) => (
          <Details title={title} close={() => setDetails(null)}>
            {/* What was typed and has not matched is forgotten with its round. */}
            <Show when={title.kind !== "text" || matched().has(title.id)}>
              <NeverSwitch code={room().code} title={title} />
            </Show>
          </Details>
        )}
      </Show>
      <Show when={history()}>
        <HistorySheet room={props.room} close={() => setHistory(false)} />
      </Show>
      <Show when={menu()}>
        <RoomMenu room={props.room} close={() => setMenu(false)} />
      </Show>
    </main>
  );
}

function NextRound(props: { room: RoomHandle }) {
  const [busy, setBusy] = createSignal(false);
  const room = () => props.room.view.room;
  const restart = async (final: boolean) => {
    setBusy(true);
    await props.room.now({ type: "restart", round: room().round + 1, ...(final ? { final } : {}) });
    setBusy(false);
  };
  return (
    <footer class="bar">
      <Show
        when={props.room.isHost()}
        fallback={
          <p class="note centre">
            {t("host-decides", { name: room().members.find((one) => one.id === room().host)?.name ?? "" })}
          </p>
        }
      >
        <div class="bar-row">
          <button
            class="big second"
            data-testid="another-round"
            disabled={busy()}
            onClick={() => void restart(false)}
          >
            {t("another-round")}
          </button>
          <Show when={room().finalists > 1}>
            <button
              class="big wide"
              data-testid="final-round"
              disabled={busy()}
              onClick={() => void restart(true)}
            >
              <span class="two-lines">
                {t("final-round")}
                <small>{t("final-round-lead", { count: room().finalists })}</small>
              </span>
            </button>
          </Show>
        </div>
      </Show>
    </footer>
  );
}
