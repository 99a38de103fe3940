/**
 * The part of the window that the keyboard leaves free. Some phones shrink the window for their keyboard, others lay it over the
 * page and move what is seen of it: either way the panel stays within what is seen.
 */

/** A keyboard takes more than this of the window, in pixels; a browser's own bar takes less. */
const KEYBOARD = 120;

/** Tells the panel where it may be, until the returned function is called. */
export function stayAboveKeyboard(panel: HTMLElement): () => void {
  const seen = window.visualViewport;
  if (!seen) return () => undefined;
  let tallest = seen.height;
  const fit = () => {
    // Whoever zooms in wants to see a part of it.
    if (seen.scale > 1.01) return;
    tallest = Math.max(tallest, seen.height);
    panel.style.setProperty("--seen-top", `${seen.offsetTop}px`);
    panel.style.setProperty("--seen-height", `${seen.height}px`);
    panel.classList.toggle("over-keyboard", tallest - seen.height > KEYBOARD);
  };
  // Turned around, it is another window.
  const turned = () => {
    tallest = 0;
    fit();
  };
  fit();
  seen.addEventListener("resize", fit);
  seen.addEventListener("scroll", fit);
  addEventListener("orientationchange", turned);
  return () => {
    seen.removeEventListener("resize", fit);
    seen.removeEventListener("scroll", fit);
    removeEventListener("orientationchange", turned);
  };
}
