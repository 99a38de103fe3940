/** The rooms that anybody can find, the fullest first. */
import { For, Show, createSignal, onCleanup, onMount } from "solid-js";

import { useApp } from "../app/context";
import type { RoomSummary } from "../generated/wire";
import { RoomButton } from "../home/RoomButton";
import { Icon } from "../parts/icons";
import { t } from "../text/texts";
import "../parts/lists.css";
import "./access.css";

/** A page of the list. */
export const PAGE = 30;
/** Typing rests for so long before it is looked for, in ms. */
const REST = 300;

export default function RoomsToFind() {
  const app = useApp();
  const [typed, setTyped] = createSignal("");
  const [rooms, setRooms] = createSignal<RoomSummary[] | null>(null);
  const [failed, setFailed] = createSignal(false);
  const [more, setMore] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  const look = async (from: number) => {
    const mine = ++asked;
    setFailed(false);
    try {
      const found = await app.api.publicRooms(typed().trim(), from, PAGE);
      if (mine !== asked) return;
      // While somebody scrolls, rooms change their places: none is shown twice.
      const before = from === 0 ? [] : (rooms() ?? []);
      const known = new Set(before.map((room) => room.code));
      setRooms([...before, ...found.filter((room) => !known.has(room.code))]);
      setMore(found.length === PAGE);
    } catch {
      if (mine === asked) setFailed(true);
    }
  };
  onMount(() => void look(0));
  onCleanup(() => {
    clearTimeout(timer);
    asked++;
  });
  const type = (text: string) => {
    setTyped(text);
    clearTimeout(timer);
    timer = setTimeout(() => void look(0), REST);
  };

  return (
    <main class="screen find" data-testid="rooms-to-find">
      <h1>{t("find-title")}</h1>
      <p class="lead">{t("find-lead")}</p>
      <label class="find-field">
        <Icon name="search" />
        <input
          class="field"
          type="search"
          data-testid="find-search"
          aria-label={t("find-search")}
          placeholder={t("find-search")}
          autocomplete="off"
          maxlength="100"
          value={typed()}
          onInput={(event) => {
            type(event.currentTarget.value);
          }}
        />
      </label>
      <Show when={!failed()} fallback={<Failed retry={() => void look(0)} />}>
        <Show when={rooms()} fallback={<div class="bone row" />}>
          {(found) => (
            <Show when={found().length > 0} fallback={<Nothing searching={typed().trim() !== ""} />}>
              <ul class="list" data-testid="found">
                <For each={found()}>{(room) => <RoomRow room={room} />}</For>
              </ul>
              <Show when={more()}>
                <button class="text-button" data-testid="find-more" onClick={() => void look(found().length)}>
                  {t("find-more")}
                </button>
              </Show>
            </Show>
          )}
        </Show>
      </Show>
    </main>
  );
}

function RoomRow(props: { room: RoomSummary }) {
  const locked = () => props.room.access?.password ?? false;
  const shown = () => {
    const { screen, last_match, phase } = props.room;
    if (screen) {
      const title = screen.title ?? t("find-something");
      return t(screen.playing ? "find-watching" : "find-about-to-watch", { title });
    }
    if (phase === "swiping") return t("phase-swiping");
    return last_match?.name ?? t(`phase-${phase}`);
  };
  return (
    <RoomButton room={props.room} note={shown()} testid={`found-${props.room.code}`}>
      <span class="find-facts">
        <Show when={locked()}>
          <Lock />
        </Show>
        <span
          class="find-people"
          role="img"
          aria-label={t("find-people", {
            count: props.room.people,
            capacity: props.room.access?.capacity ?? 100,
          })}
        >
          {props.room.people}/{props.room.access?.capacity ?? 100}
        </span>
      </span>
    </RoomButton>
  );
}

function Lock() {
  return (
    <svg class="icon find-lock" viewBox="0 0 24 24" role="img" aria-label={t("find-locked")}>
      <path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3" />
    </svg>
  );
}

function Nothing(props: { searching: boolean }) {
  const app = useApp();
  return (
    <div class="card-quiet" data-testid="find-nothing">
      <strong>{t(props.searching ? "find-no-hit" : "find-none")}</strong>
      <p>{t(props.searching ? "find-no-hit-lead" : "find-none-lead")}</p>
      <Show when={!props.searching}>
        <button class="text-button" data-testid="find-new-room" onClick={() => app.go({ screen: "new" })}>
          {t("new-room")}
        </button>
      </Show>
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
