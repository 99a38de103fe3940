/** Says in the lobby how many titles are never dealt in this room; a tap shows which. Nothing where there are none. */
import { Show, createSignal, onMount } from "solid-js";

import { useApp } from "../app/context";
import { Icon } from "../parts/icons";
import type { RoomHandle } from "../room/useRoom";
import { createWords } from "../text/words";
import { HistorySheet } from "./lazy";
import { WORDS } from "./words";

export default function NeverLine(props: { room: RoomHandle }) {
  const app = useApp();
  const word = createWords(WORDS);
  const [open, setOpen] = createSignal(false);
  const [never, setNever] = createSignal(0);
  const load = async () => {
    // It only informs: the room is dealt as it should be anyway.
    const answer = await app.api.neverDealt(props.room.view.room.code).catch(() => null);
    setNever(answer?.items.length ?? 0);
  };
  onMount(() => void load());
  return (
    <>
      <Show when={never()}>
        {(count) => (
          <div class="list">
            <button class="row" data-testid="never-line" onClick={() => setOpen(true)}>
              <span class="row-text">
                <span class="row-note">{word("evenings-never-count", { count: count() })}</span>
              </span>
              <Icon name="chevron" />
            </button>
          </div>
        )}
      </Show>
      <Show when={open()}>
        <HistorySheet
          room={props.room}
          close={() => {
            setOpen(false);
            void load();
          }}
        />
      </Show>
    </>
  );
}
