/** Want to watch, watched, hide: one tap each, and one more takes it back. */
import { For, Show, createEffect, on } from "solid-js";

import { useApp } from "../app/context";
import type { Mark, Title } from "../generated/wire";
import { MarkIcon } from "./icons";
import { MARKS, marksOf } from "./marks";
import { word } from "./words";
import "./marks.css";

export default function MarkButtons(props: { title: Title }) {
  const app = useApp();
  const marks = marksOf(app.api);
  createEffect(
    on(
      () => props.title.id,
      (id) => {
        if (props.title.kind !== "text") void marks.ask(id);
      },
    ),
  );
  const toggle = (mark: Mark) => {
    const next = marks.of(props.title.id) === mark ? null : mark;
    app.tg.haptic("tick");
    marks.set(props.title.id, next).catch(app.excuse);
  };
  return (
    // A name that somebody typed is in no catalogue: there is nothing to remember it by.
    <Show when={props.title.kind !== "text"}>
      <div class="marks" role="group" aria-label={word("marks")} data-testid="marks">
        <For each={MARKS}>
          {(mark) => (
            <button
              class="own-mark"
              data-testid={`mark-${mark}`}
              aria-pressed={marks.of(props.title.id) === mark}
              onClick={() => {
                toggle(mark);
              }}
            >
              <MarkIcon mark={mark} />
              <span>{word(`mark-${mark}`)}</span>
            </button>
          )}
        </For>
      </div>
    </Show>
  );
}
