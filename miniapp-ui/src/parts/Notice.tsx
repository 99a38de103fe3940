/** A whole screen that says one thing: an empty state, an ending, trouble. */
import { type JSX, Show } from "solid-js";

import { Poster } from "./poster/Poster";
import { typedTitle } from "../net/api";

export function Notice(props: {
  title: string;
  lead: string;
  testid?: string;
  /** A word that draws the picture above. */
  mark?: string;
  /** Without a word: a scene of this genre, because an ending may look lovely too. */
  scene?: string;
  children?: JSX.Element;
}) {
  return (
    <main class="notice" data-testid={props.testid}>
      <Show when={props.mark}>
        {(mark) => (
          <div class="notice-mark" aria-hidden="true">
            <Poster title={{ ...typedTitle(mark()), kind: "film" }} size="small" />
          </div>
        )}
      </Show>
      <Show when={props.scene}>
        {(genre) => (
          <div class="notice-mark wordless" aria-hidden="true">
            <Poster title={{ ...typedTitle(genre()), genres: [genre()] }} size="mark" />
          </div>
        )}
      </Show>
      <h1>{props.title}</h1>
      <p class="lead">{props.lead}</p>
      <div class="stack">{props.children}</div>
    </main>
  );
}
