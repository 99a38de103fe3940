/** The rows between messages: days, the line of what is unread, and what happened in the room. */
import { Show } from "solid-js";

import { Poster } from "../parts/poster/Poster";
import { language } from "../text/texts";
import { Readers } from "./Bubble";
import type { Row } from "./rows.ts";
import { dayName } from "./times.ts";
import type { SystemNote } from "./timeline.ts";
import { type TalkView, useTalkView } from "./useTalk.ts";
import "./notes.css";

export function Day(props: { at: number }) {
  const { word } = useTalkView();
  const day = () => {
    const named = dayName(props.at, Date.now(), language());
    return typeof named === "string" ? named : word(`talk-${named.word}`);
  };
  return (
    <p class="talk-day" data-testid="day">
      <span>{day()}</span>
    </p>
  );
}

export function Divider() {
  const { word } = useTalkView();
  return (
    <p class="talk-divider" data-testid="divider">
      <span>{word("talk-unread-line")}</span>
    </p>
  );
}

export function Note(props: { row: Extract<Row, { kind: "system" }> }) {
  const view = useTalkView();
  const matched = () => (props.row.note.what === "matched" ? props.row.note.title : undefined);
  return (
    <div class="talk-note" data-testid="note">
      <Show when={matched()} fallback={<p>{noteText(props.row.note, view)}</p>}>
        {(title) => (
          <div class="talk-match">
            <span class="talk-match-poster" aria-hidden="true">
              <Poster title={title()} size="mark" />
            </span>
            <p>{noteText(props.row.note, view)}</p>
          </div>
        )}
      </Show>
      <Readers people={props.row.readers} />
    </div>
  );
}

/** What happened, in words; nothing for what this version does not know. */
export function noteText(note: SystemNote, view: TalkView): string {
  const { word } = view;
  const name = () => view.name(note.member ?? null);
  switch (note.what) {
    case "joined":
      return word("talk-joined", { name: name() });
    case "left":
      return word("talk-left-room", { name: name() });
    case "removed":
      return word("talk-removed", { name: name() });
    case "started":
      return word("talk-started");
    case "matched": {
      const title = note.title?.name;
      return title === undefined ? word("talk-matched-untitled") : word("talk-matched", { title });
    }
    case "finished":
      return word("talk-finished");
    case "restarted":
      return word("talk-restarted");
    case "host_changed":
      return word("talk-host", { name: name() });
    default:
      return "";
  }
}
