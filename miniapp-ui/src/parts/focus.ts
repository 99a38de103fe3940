/** Keeps the Tab key within a dialog, for dialogs that are drawn here. */

/** What the Tab key stops at. */
const FOCUSABLE = "button, input, textarea, select, a[href], [tabindex='0']";

/** Tab goes around within the dialog. */
export function keepInside(dialog: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== "Tab") return;
  const inside = Array.from(dialog.querySelectorAll<HTMLElement>(FOCUSABLE)).filter(
    (one) => !one.hasAttribute("disabled") && one.tabIndex >= 0,
  );
  const [first, last] = [inside[0], inside[inside.length - 1]];
  const edge = event.shiftKey ? first : last;
  if (document.activeElement === edge || (event.shiftKey && document.activeElement === dialog)) {
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  }
}
