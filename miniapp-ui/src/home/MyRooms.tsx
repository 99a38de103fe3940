/** The rooms that I am in, and how much is new in each. */
import { For, Show, createResource } from "solid-js";

import { useApp } from "../app/context";
import type { RoomSummary } from "../generated/wire";
import { Icon } from "../parts/icons";
import { dayName } from "../talk/times";
import { language, t } from "../text/texts";
import { RoomButton } from "./RoomButton";
import { createUnread, shown } from "./unread";

export function MyRooms() {
  const app = useApp();
  const [rooms, { refetch }] = createResource(() => app.api.rooms());
  const unread = createUnread(app.phone);
  return (
    <section aria-labelledby="my-rooms">
      <h2 id="my-rooms">{t("my-rooms")}</h2>
      <Show when={!rooms.error} fallback={<Failed retry={() => void refetch()} />}>
        <Show when={rooms.state !== "pending" && rooms()} fallback={<div class="bone row" />}>
          {(mine) => (
            <Show when={mine().length > 0} fallback={<NoRooms />}>
              <ul class="list">
                <For each={mine()}>
                  {(room) => <RoomRow room={room} unread={unread(room.code, room.messages?.unread ?? 0)} />}
                </For>
              </ul>
            </Show>
          )}
        </Show>
      </Show>
    </section>
  );
}

function RoomRow(props: { room: RoomSummary; unread: number }) {
  const app = useApp();
  /** When it was, and what came of it: two rooms of one name are two evenings. */
  const facts = () => {
    const { matches, last_match, phase, updated_at } = props.room;
    const day = dayName(Date.parse(updated_at), Date.now(), language());
    const when = typeof day === "string" ? day : t(day.word);
    if (last_match) return `${when} · ${last_match.name}${matches > 1 ? ` +${String(matches - 1)}` : ""}`;
    return phase === "finished" ? `${when} · ${t("matches-count", { count: matches })}` : when;
  };
  const others = () => props.room.members.filter((member) => member.id !== app.user().id);
  return (
    <RoomButton room={props.room} note={facts()} faces={others()} testid={`room-${props.room.code}`}>
      <Show when={props.unread > 0}>
        <span
          class="badge"
          data-testid={`unread-${props.room.code}`}
          role="img"
          aria-label={t("unread-count", { count: props.unread })}
        >
          {shown(props.unread)}
        </span>
      </Show>
      <Show when={props.room.phase !== "finished"} fallback={<Icon name="chevron" />}>
        <span class={`phase ${props.room.phase}`}>{t(`phase-${props.room.phase}`)}</span>
      </Show>
    </RoomButton>
  );
}

function NoRooms() {
  return (
    <div class="card-quiet">
      <strong>{t("no-rooms")}</strong>
      <p>{t("no-rooms-lead")}</p>
    </div>
  );
}

function Failed(props: { retry: () => void }) {
  return (
    <div class="card-quiet">
      <strong>{t("unreachable-title")}</strong>
      <button class="text-button" onClick={() => props.retry()}>
        {t("retry")}
      </button>
    </div>
  );
}
