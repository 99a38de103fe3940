/** A line that is shown for a moment, and read aloud to whoever listens. */
import { type JSX, Show, createSignal } from "solid-js";

/** So long a line stays, in ms. */
const SHOWN = 4_000;

export function createToasts(): { say: (text: string) => void; view: () => JSX.Element } {
  const [line, setLine] = createSignal<{ text: string } | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    say(text) {
      clearTimeout(timer);
      setLine({ text });
      timer = setTimeout(() => setLine(null), SHOWN);
    },
    view: () => (
      <div class="toast-place" role="status" aria-live="polite">
        <Show when={line()} keyed>
          {(shown) => (
            <div class="toast" data-testid="toast">
              {shown.text}
            </div>
          )}
        </Show>
      </div>
    ),
  };
}
