/** My rooms, a new one, and the way into somebody else's. */
import { For, Show, createResource, createSignal } from "solid-js";

import { useApp } from "../app/context";
import type { RoomSummary } from "../generated/wire";
import { Avatar } from "../parts/Avatar";
import { Icon } from "../parts/icons";
import { roomCode } from "../telegram/roomCode";
import { Poster } from "../parts/poster/Poster";
import { typedTitle } from "../net/api";
import { t } from "../text/texts";
import { AccountSheet } from "../account/lazy";
import { createUnread, shown } from "./unread";
import "../parts/lists.css";
import "./home.css";

/** Three evenings that could be: drawn like any title's face. */
const FAN = [
  { ...typedTitle("Solaris"), kind: "film" as const, genres: ["sci-fi"], year: 1972 },
  { ...typedTitle("Amélie"), kind: "film" as const, genres: ["romance"], year: 2001 },
  { ...typedTitle("Stagecoach"), kind: "film" as const, genres: ["western"], year: 1939 },
];

export default function Home() {
  const app = useApp();
  const [account, setAccount] = createSignal(false);
  const [rooms, { refetch }] = createResource(() => app.api.rooms());
  const unread = createUnread(app.phone);
  return (
    <main class="screen home" data-testid="home">
      <header class="hero">
        <div class="hero-top">
          <strong class="brand">{t("app-name")}</strong>
          <button
            class="round me"
            data-testid="account"
            aria-label={t("account")}
            onClick={() => setAccount(true)}
          >
            <Avatar
              member={{ ...app.user(), name: app.user().first_name, photo_url: app.user().photo_url }}
            />
          </button>
        </div>
        <div class="hero-fan" aria-hidden="true">
          <For each={FAN}>{(title) => <Poster title={title} size="mark" />}</For>
        </div>
        <h1>{t("home-title")}</h1>
        <p class="lead">{t("home-lead")}</p>
        <button class="big" data-testid="new-room" onClick={() => app.go({ screen: "new" })}>
          <Icon name="plus" />
          {t("new-room")}
        </button>
      </header>

      <section aria-labelledby="my-rooms">
        <h2 id="my-rooms">{t("my-rooms")}</h2>
        <Show when={!rooms.error} fallback={<Failed retry={() => void refetch()} />}>
          <Show when={rooms.state !== "pending" && rooms()} fallback={<div class="bone row" />}>
            {(mine) => (
              <Show when={mine().length > 0} fallback={<NoRooms />}>
                <ul class="list">
                  <For each={mine()}>
                    {(room) => <RoomRow room={room} unread={unread(room.code, unreadBefore(room))} />}
                  </For>
                </ul>
              </Show>
            )}
          </Show>
        </Show>
      </section>
      <JoinByCode />
      <Show when={account()}>
        <AccountSheet close={() => setAccount(false)} />
      </Show>
    </main>
  );
}

/** What the list itself says. */
function unreadBefore(room: RoomSummary & { messages?: { unread: number } }): number {
  return room.messages?.unread ?? 0;
}

function RoomRow(props: { room: RoomSummary; unread: number }) {
  const app = useApp();
  const facts = () => {
    const { members, matches, phase } = props.room;
    const people = t("people", { count: members });
    const nothingYet = phase !== "finished" && matches === 0;
    return nothingYet ? people : `${people} · ${t("matches-count", { count: matches })}`;
  };
  return (
    <li>
      <button
        class="row"
        data-testid={`room-${props.room.code}`}
        onClick={() => app.go({ screen: "room", code: props.room.code, room: null })}
      >
        <span class="row-mark" aria-hidden="true">
          <Poster title={{ ...typedTitle(props.room.name), id: props.room.code, name: "" }} size="mark" />
        </span>
        <span class="row-text">
          <span class="row-title">{props.room.name}</span>
          <span class="row-note">{facts()}</span>
        </span>
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
      </button>
    </li>
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

function JoinByCode() {
  const app = useApp();
  const [typed, setTyped] = createSignal("");
  const [wrong, setWrong] = createSignal(false);
  const enter = (event: Event) => {
    event.preventDefault();
    const code = roomCode(typed());
    setWrong(code === null);
    if (code !== null) app.go({ screen: "room", code, room: null });
  };
  return (
    <section aria-labelledby="join-by-code">
      <h2 id="join-by-code">{t("join-by-code")}</h2>
      <form class="field-row" onSubmit={enter}>
        <input
          class="field code"
          data-testid="join-code"
          aria-label={t("join-code-label")}
          aria-invalid={wrong()}
          placeholder="7H3M00NS"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          maxlength="2000"
          value={typed()}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            setWrong(false);
          }}
        />
        <button class="field-button" data-testid="join-submit" disabled={typed().trim() === ""}>
          {t("join")}
        </button>
      </form>
      <Show when={wrong()}>
        <p class="note bad" role="alert">
          {t("join-code-bad")}
        </p>
      </Show>
    </section>
  );
}
