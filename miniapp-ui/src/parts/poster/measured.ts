/** A poster's letters are as large as the poster is wide, also in browsers that have no unit for that. */
import { onCleanup } from "solid-js";

const hasUnit = () => CSS.supports("width", "1cqw");

/** Keeps `--part`, a hundredth of the element's width, or less where it is low, for as long as the calling view lives. */
export function measured(poster: HTMLElement): void {
  if (hasUnit()) return;
  const measure = new ResizeObserver(() => {
    poster.style.setProperty("--part", `${Math.min(poster.clientWidth, poster.clientHeight * 0.85) / 100}px`);
  });
  measure.observe(poster);
  onCleanup(() => measure.disconnect());
}
