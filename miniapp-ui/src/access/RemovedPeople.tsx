/** Whom the host removed, and a way back for each of them. */
import { For, Show } from "solid-js";

import type { RoomHandle } from "../room/useRoom";
import { t } from "../text/texts";

export default function RemovedPeople(props: { room: RoomHandle }) {
  const removed = () => props.room.view.room.removed ?? [];
  return (
    <Show when={props.room.isHost() && removed().length > 0}>
      <h2>{t("removed-people")}</h2>
      <ul class="list" data-testid="removed-people">
        <For each={removed()}>
          {({ id, name }) => (
            <li>
              <button
                class="row"
                data-testid={`let-in-${id}`}
                aria-label={t("let-in-member", { name })}
                onClick={() => void props.room.now({ type: "let_in", member: id })}
              >
                <span class="row-text">
                  <span class="row-title">{name}</span>
                  <span class="row-note">{t("let-in")}</span>
                </span>
              </button>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
