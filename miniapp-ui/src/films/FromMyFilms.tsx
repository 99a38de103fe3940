/** In the lobby: what I want to watch, to be picked with one tap, and a list to bring along. */
import { For, Show, createMemo, createResource, createSignal } from "solid-js";

import { useApp } from "../app/context";
import { Icon } from "../parts/icons";
import { Poster } from "../parts/poster/Poster";
import type { RoomHandle } from "../room/useRoom";
import { films } from "./api";
import ImportList from "./ImportList";
import { word } from "./words";
import "./films.css";

export default function FromMyFilms(props: { room: RoomHandle }) {
  const app = useApp();
  const [importing, setImporting] = createSignal(false);
  // A lobby is whole without them: nothing is said where they do not come.
  const [wanted] = createResource(() =>
    films(app.api, "wanted", null).then(
      ({ items }) => items,
      () => [],
    ),
  );
  const room = () => props.room.view.room;
  const offered = createMemo(() => {
    const mine = new Set(room().my_picks.map((title) => title.id));
    return (wanted() ?? []).filter((title) => !mine.has(title.id));
  });
  const full = () => room().my_picks.length >= room().picks_per_member;
  return (
    <section aria-label={word("films-import")} data-testid="from-my-films">
      <Show when={offered().length > 0}>
        <h2 id="from-my-films">{word("from-wanted")}</h2>
        <ul class="wanted-strip" aria-labelledby="from-my-films">
          <For each={offered()}>
            {(title) => (
              <li>
                <button
                  class="wanted-pick"
                  data-testid={`wanted-${title.id}`}
                  aria-label={word("from-wanted-pick", { title: title.name })}
                  disabled={full()}
                  onClick={() => {
                    app.tg.haptic("press");
                    props.room.pick(title);
                  }}
                >
                  <Poster title={title} size="small" />
                  <span class="wanted-plus">
                    <Icon name="plus" />
                  </span>
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <div class="list">
        <button class="row" data-testid="import-into-room" onClick={() => setImporting(true)}>
          <span class="row-text">{word("films-import")}</span>
          <Icon name="chevron" />
        </button>
      </div>
      <Show when={importing()}>
        <ImportList room={props.room} close={() => setImporting(false)} />
      </Show>
    </section>
  );
}
