/** The shape of what is about to be there, while the first answer is on its way. */
import { For, Show } from "solid-js";

import { t } from "../text/texts";

export function Skeleton(props: { room?: boolean }) {
  return (
    <main class="screen skeleton" aria-busy="true" aria-label={t("loading")}>
      <Show
        when={props.room}
        fallback={
          <>
            <div class="bone title" />
            <div class="bone button" />
            <For each={[0, 1, 2]}>{() => <div class="bone row" />}</For>
          </>
        }
      >
        <div class="bone row" />
        <div class="bone card" />
      </Show>
    </main>
  );
}
