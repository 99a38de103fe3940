/** A room in a list: its picture, its name, and what there is to say of it. A tap opens it. */
import { For, type JSX, Show } from "solid-js";

import { useApp } from "../app/context";
import type { ListedMember, RoomSummary } from "../generated/wire";
import { typedTitle } from "../net/api";
import { Avatar } from "../parts/Avatar";
import { Poster } from "../parts/poster/Poster";
import { t } from "../text/texts";

/** So many faces are shown; of more people the rest is counted. */
const FACES = 5;

export function RoomButton(props: {
  room: RoomSummary;
  note: string;
  /** Who is in it, as faces. */
  faces?: ListedMember[];
  testid: string;
  /** What stands at the end of the line. */
  children: JSX.Element;
}) {
  const app = useApp();
  return (
    <li>
      <button
        class="row"
        data-testid={props.testid}
        onClick={() => app.go({ screen: "room", code: props.room.code, room: null })}
      >
        <span class="row-mark" aria-hidden="true">
          <Poster title={props.room.last_match ?? { ...typedTitle(""), id: props.room.code }} size="mark" />
        </span>
        <span class="row-text">
          <span class="row-title">{props.room.name}</span>
          <span class="row-note">{props.note}</span>
          <Show when={props.faces?.length}>
            <Faces people={props.faces ?? []} />
          </Show>
        </span>
        {props.children}
      </button>
    </li>
  );
}

function Faces(props: { people: ListedMember[] }) {
  const names = () => props.people.map(({ name }) => name).join(", ");
  return (
    <span class="row-faces" role="img" aria-label={t("with-people", { names: names() })}>
      <For each={props.people.slice(0, FACES)}>{(person) => <Avatar member={person} />}</For>
      <Show when={props.people.length > FACES}>
        <span class="row-more">+{props.people.length - FACES}</span>
      </Show>
    </span>
  );
}
