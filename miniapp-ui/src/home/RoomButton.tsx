/** A room in a list: its picture, its name, and what there is to say of it. A tap opens it. */
import type { JSX } from "solid-js";

import { useApp } from "../app/context";
import type { RoomSummary } from "../generated/wire";
import { typedTitle } from "../net/api";
import { Poster } from "../parts/poster/Poster";

export function RoomButton(props: {
  room: RoomSummary;
  note: string;
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
        </span>
        {props.children}
      </button>
    </li>
  );
}
