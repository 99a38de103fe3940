/** A whole screen that says one thing: an empty state, an ending, trouble. */
import { type JSX, Show } from "solid-js";

import { Poster } from "../poster/Poster";
import { typedTitle } from "../net/api";

export function Notice(props: {
  title: string;
  lead: string;
  testid?: string;
  /** A word that draws the picture above. */
  mark?: string;
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
      <h1>{props.title}</h1>
      <p class="lead">{props.lead}</p>
      <div class="stack">{props.children}</div>
    </main>
  );
}
