/** Whether the page is as a media query wants it, followed for as long as the calling view lives. */
import { type Accessor, createSignal, onCleanup } from "solid-js";

export function createMedia(query: string): Accessor<boolean> {
  const media = matchMedia(query);
  const [matches, setMatches] = createSignal(media.matches);
  const follow = () => setMatches(media.matches);
  media.addEventListener("change", follow);
  onCleanup(() => {
    media.removeEventListener("change", follow);
  });
  return matches;
}
