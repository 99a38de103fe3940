/** Below what is known of a title of the results: whether it is dealt in this room again. */
import { Show, createSignal, onMount } from "solid-js";

import { useApp } from "../app/context";
import type { Title } from "../generated/wire";
import { createWords } from "../text/words";
import { WORDS } from "./words";

export default function NeverSwitch(props: { code: string; title: Title }) {
  const app = useApp();
  const word = createWords(WORDS);
  const [never, setNever] = createSignal<boolean | null>(null);
  const load = async () => {
    // Without an answer there is nothing to switch.
    const answer = await app.api.neverDealt(props.code).catch(() => null);
    if (answer !== null) setNever(answer.items.some(({ id }) => id === props.title.id));
  };
  onMount(() => void load());
  const turn = async () => {
    const wanted = never() !== true;
    app.tg.haptic("tick");
    setNever(wanted);
    try {
      setNever((await app.api.markTitle(props.code, { title: props.title.id, never: wanted })).never);
    } catch (error) {
      setNever(!wanted);
      app.excuse(error);
    }
  };
  return (
    <Show when={never() !== null}>
      <div class="list">
        <button
          class="row"
          role="switch"
          data-testid="never-switch"
          aria-checked={never() === true}
          onClick={() => void turn()}
        >
          <span class="row-text">
            <span class="row-title">{word("evenings-never")}</span>
            <span class="row-note">{word("evenings-never-note")}</span>
          </span>
          <span class="switch" aria-hidden="true" />
        </button>
      </div>
    </Show>
  );
}
