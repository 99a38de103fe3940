/** A film's position for what is drawn: read twice a second while it is on the screen. */
import { createSignal, onCleanup } from "solid-js";

export function createSeconds(position: () => number): () => number {
  const [now, setNow] = createSignal(position());
  const timer = setInterval(() => setNow(position()), 500);
  onCleanup(() => {
    clearInterval(timer);
  });
  return now;
}
