/** The bar at the bottom of a room: the last thing that was said, and how much is unread. A tap or a pull opens the talk. */
import { Show, createSignal, onCleanup, onMount } from "solid-js";

import { Avatar } from "../parts/Avatar";
import { pullable } from "./gestures.ts";
import { TalkIcon } from "./icons";
import { noteText } from "./Notes";
import type { Row } from "./rows.ts";
import { Dots, typingText } from "./Typing";
import { useTalkView } from "./useTalk.ts";
import { oneLine } from "./wording.ts";
import "./peek.css";

export interface PeekActs {
  open: () => void;
  /** A finger pulls it up: so many pixels from the window's lower edge. */
  pull: (pixels: number) => void;
  letGo: (open: boolean) => void;
}

/** Pulled further than this, in pixels, or faster than this, in px/ms, it opens. */
const OPENS = { far: 90, fast: 0.4 };

export function Peek(props: PeekActs) {
  const view = useTalkView();
  const { word, talk } = view;
  const [hidden, setHidden] = createSignal(false);
  let bar!: HTMLButtonElement;
  onMount(() => {
    document.documentElement.dataset.talk = "";
    const loosen = pullable(bar, {
      move: (y) => {
        if (y < 0) props.pull(barTop(bar, y));
      },
      end: (y, speed) => props.letGo(-y > OPENS.far || (-speed > OPENS.fast && y < 0)),
    });
    // A phone's keyboard leaves no room for it above a field of the room.
    const follow = () => setHidden(isField(document.activeElement) && !matchMedia("(pointer: fine)").matches);
    const later = () => setTimeout(follow);
    document.addEventListener("focusin", follow);
    document.addEventListener("focusout", later);
    onCleanup(() => {
      delete document.documentElement.dataset.talk;
      loosen();
      document.removeEventListener("focusin", follow);
      document.removeEventListener("focusout", later);
    });
  });

  const last = (): Extract<Row, { kind: "message" | "system" }> | null => {
    for (let index = talk.rows.length - 1; index >= 0; index -= 1) {
      const row = talk.rows[index];
      if (row?.kind === "message") return row;
      if (row?.kind === "system" && noteText(row.note, view) !== "") return row;
    }
    return null;
  };
  const face = () => {
    const row = last();
    return row?.kind === "message" ? row.author : (row?.note.member ?? null);
  };
  const line = () => {
    const row = last();
    if (row === null) return word("talk-peek-empty");
    if (row.kind === "system") return noteText(row.note, view);
    const name = row.mine ? word("talk-you") : view.name(row.author);
    return row.deleted
      ? word("talk-preview-deleted", { name })
      : word("talk-preview", { name, text: oneLine(row.text) });
  };
  const unread = () => talk.state().unread;
  const typing = () => typingText(view);
  const label = () =>
    [word("talk-open"), unread() > 0 ? word("talk-peek-unread", { count: unread() }) : "", line()]
      .filter(Boolean)
      .join(". ");

  return (
    <button
      ref={bar}
      class="talk-peek"
      classList={{ away: hidden(), news: unread() > 0 }}
      data-testid="talk-peek"
      aria-label={label()}
      aria-haspopup="dialog"
      onClick={() => props.open()}
    >
      <Show
        when={face() !== null}
        fallback={
          <span class="talk-peek-mark">
            <TalkIcon name="bubble" />
          </span>
        }
      >
        <Avatar member={view.person(face())} />
      </Show>
      <span class="talk-peek-line">
        <Show when={typing()} fallback={line()}>
          {typing()}
          <Dots />
        </Show>
      </span>
      <Show when={unread() > 0}>
        <span class="talk-badge" data-testid="talk-unread">
          {unread() > 99 ? "99+" : unread()}
        </span>
      </Show>
    </button>
  );
}

function barTop(bar: HTMLElement, y: number): number {
  return innerHeight - bar.getBoundingClientRect().top - y;
}

function isField(element: Element | null): boolean {
  return (
    element instanceof HTMLElement && element.matches("input, textarea") && element.closest(".talk") === null
  );
}
