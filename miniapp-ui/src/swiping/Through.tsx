/** No cards: I am through, or the network owes me the next ones. */
import { Index, Show, createMemo } from "solid-js";

import { Avatar } from "../parts/Avatar";
import { canBeNudged, nudge } from "../room/nudge";
import type { RoomHandle } from "../room/useRoom";
import { t } from "../text/texts";
import "./through.css";

export default function Through(props: { room: RoomHandle }) {
  const view = () => props.room.view;
  const through = () => view().room.my_swipes >= view().room.deck_size;
  const slower = createMemo(() =>
    view().room.members.filter(
      (member) => member.id !== props.room.me && !member.away && member.swiped < view().room.deck_size,
    ),
  );
  return (
    <div class="through" data-testid="waiting">
      <Show
        when={through()}
        fallback={
          <Show when={props.room.status() !== "open"} fallback={<p class="lead">{t("loading-cards")}</p>}>
            <h2>{t("saved-title")}</h2>
            <p class="lead">{t("saved-lead")}</p>
          </Show>
        }
      >
        <h2>{t("waiting-title")}</h2>
        <p class="lead">{t("waiting-lead", { count: slower().length })}</p>
        <ul class="slower">
          <Index each={slower().slice(0, 8)}>
            {(member) => (
              <li>
                <Avatar member={member()} online={member().online} />
                <span class="slower-name">{member().name}</span>
                <span class="note">
                  {t("card-position", { done: member().swiped, of: view().room.deck_size })}
                </span>
                <Show when={canBeNudged(props.room, member())}>
                  <button
                    class="nudge"
                    data-testid={`nudge-${member().id}`}
                    aria-label={t("nudge-member", { name: member().name })}
                    onClick={() => void nudge(props.room, member())}
                  >
                    👋
                  </button>
                </Show>
              </li>
            )}
          </Index>
        </ul>
        <span class="dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      </Show>
    </div>
  );
}
