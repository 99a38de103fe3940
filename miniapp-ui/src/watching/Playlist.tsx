/** What is on, and what comes after it. */
import { For, Show } from "solid-js";

import { Sheet } from "../parts/Sheet";
import { Icon } from "../parts/icons";
import { AddressField } from "./AddressField";
import { nameOf, useCinema } from "./cinema";
import { CinemaIcon } from "./icons";
import { Offers } from "./Offers";
import type { Wanted } from "./offers";

export function Playlist(props: {
  close: () => void;
  name: (id: number) => string;
  /** Somebody has come for this; null: for what is on. */
  wanted: Wanted | null;
}) {
  const cinema = useCinema();
  const { word } = cinema;
  const items = () => cinema.screen()?.playlist ?? [];
  return (
    <Sheet title={word("cinema-list")} close={props.close} testid="playlist">
      <Show when={cinema.mayControl()} fallback={<p class="note">{cinema.whoMay()}</p>}>
        <AddressField button={word("cinema-add")} take={cinema.enqueue} />
      </Show>
      <Show when={props.wanted}>{(wanted) => <Offers titles={[wanted()]} />}</Show>
      <Show when={cinema.screen()}>
        {(screen) => (
          <section>
            <h2>{word("cinema-now")}</h2>
            <div class="list">
              <div class="row still">
                <span class="row-icon">
                  <CinemaIcon name={screen().playing ? "play" : "pause"} />
                </span>
                <span class="row-text">
                  <span class="row-title">{nameOf(screen().media)}</span>
                  <span class="row-note">{word(`cinema-kind-${screen().media.kind}`)}</span>
                </span>
                <Show when={cinema.mayControl()}>
                  <button class="text-button bad" data-testid="clear" onClick={() => cinema.clear()}>
                    {word("cinema-clear")}
                  </button>
                </Show>
              </div>
            </div>
          </section>
        )}
      </Show>
      <section>
        <h2>{word("cinema-after")}</h2>
        <Show when={items().length > 0} fallback={<p class="note">{word("cinema-after-none")}</p>}>
          <ol class="list" data-testid="playlist-items">
            <For each={items()}>
              {(one) => (
                <li class="row still">
                  <span class="row-text">
                    <span class="row-title">{nameOf(one.media)}</span>
                    <span class="row-note">{word("cinema-added-by", { name: props.name(one.by) })}</span>
                  </span>
                  <Show when={cinema.mayControl()}>
                    <button
                      class="round"
                      aria-label={word("cinema-remove", { name: nameOf(one.media) })}
                      onClick={() => cinema.dequeue(one.item)}
                    >
                      <Icon name="cross" />
                    </button>
                  </Show>
                </li>
              )}
            </For>
          </ol>
        </Show>
        <Show when={cinema.mayControl() && items().length > 0}>
          <button class="big second" data-testid="next" onClick={() => cinema.next()}>
            <CinemaIcon name="next" />
            {word("cinema-next")}
          </button>
        </Show>
      </section>
    </Sheet>
  );
}
