/** At a match: one tap, and the title is among what I want to watch. */
import { Show, createEffect } from "solid-js";

import { useApp } from "../app/context";
import type { Title } from "../generated/wire";
import { MarkIcon } from "./icons";
import { marksOf } from "./marks";
import { word } from "./words";

export default function SaveButton(props: { title: Title }) {
  const app = useApp();
  const marks = marksOf(app.api);
  const saved = () => marks.of(props.title.id) === "wanted";
  createEffect(() => {
    if (props.title.kind !== "text") void marks.ask(props.title.id);
  });
  return (
    <Show when={props.title.kind !== "text"}>
      <button
        class="text-button"
        data-testid="match-save"
        aria-pressed={saved()}
        onClick={() => {
          app.tg.haptic("tick");
          marks.set(props.title.id, saved() ? null : "wanted").catch(app.excuse);
        }}
      >
        <MarkIcon mark="wanted" filled={saved()} />
        {word(saved() ? "match-saved" : "match-save")}
      </button>
    </Show>
  );
}
