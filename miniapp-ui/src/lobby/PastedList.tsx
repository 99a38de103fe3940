/** A list that somebody pasted, title by title, before any of it is picked. */
import { For, Show, createMemo, createResource, createSignal } from "solid-js";

import { useApp } from "../app/context";
import type { ListedTitle, Room, Title } from "../generated/wire";
import { typedTitle } from "../net/api";
import { Icon } from "../parts/icons";
import { Sheet } from "../parts/Sheet";
import { Poster } from "../parts/poster/Poster";
import type { RoomHandle } from "../room/useRoom";
import type { Lines } from "./lines";
import { titleFacts } from "../text/names";
import { isNameOf } from "../text/spelling";
import { t } from "../text/texts";

/** What becomes of a row: it is picked, or why it cannot be. */
type Fate = "picked" | "mine" | "too-long" | "no-room";

interface Listed {
  title: Title;
  tooLong: boolean;
}

export function PastedList(props: { pasted: Lines; room: RoomHandle; close: () => void }) {
  const app = useApp();
  const [list, { refetch }] = createResource(
    () => props.pasted.lines,
    (lines) =>
      app.api.readList(lines).then(
        ({ items }) => items.map(shown),
        () => null,
      ),
  );
  const [left, setLeft] = createSignal<ReadonlySet<string>>(new Set());
  const room = () => props.room.view.room;
  const rows = createMemo(() => (list() ?? []).filter(({ title }) => !left().has(title.id)));
  const fates = createMemo(() => fatesOf(rows(), room()));
  const picked = createMemo(() => rows().filter(({ title }) => fates().get(title.id) === "picked"));
  const add = () => {
    app.tg.haptic("success");
    for (const { title } of picked()) props.room.pick(title.kind === "text" ? { text: title.name } : title);
    props.close();
  };

  return (
    <Sheet title={t("list-title")} close={props.close} testid="pasted-list">
      <Show when={list() !== null} fallback={<Failed again={() => void refetch()} />}>
        <Show
          when={!list.loading}
          fallback={<For each={props.pasted.lines.slice(0, 5)}>{() => <div class="bone row" />}</For>}
        >
          <p class="note">{t("list-lead", { count: rows().length })}</p>
          <ul class="list">
            <For each={rows()}>
              {(row) => (
                <ListRow
                  title={row.title}
                  fate={fates().get(row.title.id) ?? "picked"}
                  most={room().picks_per_member}
                  leaveOut={() => {
                    app.tg.haptic("tick");
                    setLeft((before) => new Set(before).add(row.title.id));
                  }}
                />
              )}
            </For>
          </ul>
          <Show when={props.pasted.unread > 0}>
            <p class="note">{t("list-unread", { count: props.pasted.unread })}</p>
          </Show>
          <div class="sheet-foot">
            <button class="big" data-testid="add-list" disabled={picked().length === 0} onClick={add}>
              {t("list-add", { count: picked().length })}
            </button>
          </div>
        </Show>
      </Show>
    </Sheet>
  );
}

function ListRow(props: { title: Title; fate: Fate; most: number; leaveOut: () => void }) {
  const title = () => props.title;
  const note = () => {
    switch (props.fate) {
      case "mine":
        return t("list-mine");
      case "too-long":
        return t("list-too-long");
      case "no-room":
        return t("list-no-room", { count: props.most });
      case "picked":
        return title().kind === "text" ? t("list-as-typed") : titleFacts(title()).join(" · ");
    }
  };
  return (
    <li class="row found" classList={{ idle: props.fate !== "picked" }} data-testid={`listed-${title().id}`}>
      <span class="row-poster">
        <Poster title={title()} size="mark" />
      </span>
      <span class="row-text">
        <span class="row-title">{title().name}</span>
        <span class="row-note" classList={{ bad: props.fate === "too-long" }}>
          {note()}
        </span>
      </span>
      <button
        class="round"
        aria-label={t("list-leave-out", { title: title().name })}
        onClick={() => props.leaveOut()}
      >
        <Icon name="cross" />
      </button>
    </li>
  );
}

function Failed(props: { again: () => void }) {
  return (
    <div class="stack">
      <p class="lead">{t("list-failed")}</p>
      <button class="big" onClick={() => props.again()}>
        {t("retry")}
      </button>
    </div>
  );
}

/** As many as the room has place for are picked, from the top. */
function fatesOf(rows: readonly Listed[], room: Room): Map<string, Fate> {
  let free = room.picks_per_member - room.my_picks.length;
  const fates = new Map<string, Fate>();
  for (const { title, tooLong } of rows) {
    const mine = room.my_picks.some((pick) => same(title, pick));
    if (!mine && !tooLong) free -= 1;
    const fits = free < 0 ? "no-room" : "picked";
    fates.set(title.id, mine ? "mine" : tooLong ? "too-long" : fits);
  }
  return fates;
}

function shown({ text, title, too_long }: ListedTitle): Listed {
  return { title: title ?? typedTitle(text), tooLong: too_long };
}

function same(listed: Title, pick: Title): boolean {
  return listed.id === pick.id || (listed.kind === "text" && isNameOf(listed.name, pick));
}
