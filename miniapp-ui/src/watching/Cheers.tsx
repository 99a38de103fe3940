/** Emoji that everybody sees float over the film, and the row from which they are thrown. */
import { For, createSignal, onCleanup } from "solid-js";

import { useApp } from "../app/context";
import { useCinema } from "./cinema";
import "./cheers.css";

export const EMOJI = ["😂", "🔥", "❤️", "😮", "😢", "👏"] as const;
/** So many float at once; the oldest go first. */
export const MAX_FLOATING = 24;
/** Between two of mine, in ms: an enthusiast's thumb is faster than what a room may say in a minute. */
const BETWEEN = 400;

interface Floating {
  id: number;
  emoji: string;
  x: number;
  drift: number;
}

export function Floating() {
  const { cheers } = useCinema();
  const [floating, setFloating] = createSignal<readonly Floating[]>([]);
  let last = 0;
  onCleanup(
    cheers((emoji) => {
      last += 1;
      // Not beside one another and never the same twice, without chance: so that pictures can be compared.
      const one = { id: last, emoji, x: 6 + ((last * 37) % 60), drift: ((last * 53) % 40) - 20 };
      setFloating((before) => [...before, one].slice(-MAX_FLOATING));
    }),
  );
  const gone = (id: number) => setFloating((before) => before.filter((one) => one.id !== id));
  return (
    <div class="floating" aria-hidden="true" data-testid="floating">
      <For each={floating()}>
        {(one) => (
          <span
            class="floating-emoji"
            style={{ right: `${one.x}%`, "--drift": `${one.drift}px` }}
            onAnimationEnd={() => gone(one.id)}
          >
            {one.emoji}
          </span>
        )}
      </For>
    </div>
  );
}

export function CheerRow() {
  const app = useApp();
  const { cheer, word } = useCinema();
  let before = -BETWEEN;
  const send = (emoji: string) => {
    const now = performance.now();
    if (now - before < BETWEEN) return;
    before = now;
    app.tg.haptic("tick");
    cheer(emoji);
  };
  return (
    <div class="cheers" role="group" aria-label={word("cinema-cheers")}>
      <For each={EMOJI}>
        {(emoji) => (
          <button
            class="cheer"
            aria-label={word("cinema-cheer", { emoji })}
            data-testid={`cheer-${emoji}`}
            onClick={() => send(emoji)}
          >
            {emoji}
          </button>
        )}
      </For>
    </div>
  );
}
