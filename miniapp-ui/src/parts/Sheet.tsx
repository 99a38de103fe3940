/**
 * A sheet that slides up from below: takes the focus, gives it back, closes by back, Escape or a tap beside it.
 */
import { type JSX, Suspense, onCleanup, onMount } from "solid-js";
import { Portal } from "solid-js/web";

import { useBack } from "../telegram/back";
import { t } from "../text/texts";
import { Icon } from "./icons";
import "./lists.css";

/** What the Tab key stops at. */
const FOCUSABLE = "button, input, textarea, select, a[href], [tabindex='0']";

export function Sheet(props: { title: string; close: () => void; children: JSX.Element; testid?: string }) {
  let sheet: HTMLDivElement | undefined;
  const before = document.activeElement;
  useBack(() => {
    props.close();
  });
  onMount(() => sheet?.focus());
  onCleanup(() => {
    if (before instanceof HTMLElement) before.focus();
  });
  const keepInside = (event: KeyboardEvent) => {
    if (event.key !== "Tab" || !sheet) return;
    const inside = [...sheet.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
      (one) => !one.hasAttribute("disabled"),
    );
    const [first, last] = [inside[0], inside[inside.length - 1]];
    const edge = event.shiftKey ? first : last;
    if (document.activeElement === edge || (event.shiftKey && document.activeElement === sheet)) {
      event.preventDefault();
      (event.shiftKey ? last : first)?.focus();
    }
  };
  return (
    <Portal>
      <div class="veil" onClick={() => props.close()} />
      <div
        class="sheet"
        role="dialog"
        aria-modal="true"
        aria-label={props.title}
        tabindex="-1"
        ref={sheet}
        onKeyDown={keepInside}
        data-testid={props.testid}
      >
        <header class="sheet-head">
          <h2>{props.title}</h2>
          <button class="round" aria-label={t("close")} onClick={() => props.close()}>
            <Icon name="cross" />
          </button>
        </header>
        <div class="sheet-body">
          <Suspense fallback={<div class="bone row" />}>{props.children}</Suspense>
        </div>
      </div>
    </Portal>
  );
}

/** A question before something that cannot be taken back. */
export function Confirm(props: {
  title: string;
  text: string;
  yes: string;
  act: () => void;
  close: () => void;
}) {
  return (
    <Sheet title={props.title} close={props.close} testid="confirm-sheet">
      <p class="lead">{props.text}</p>
      <div class="stack">
        <button class="big danger" data-testid="confirm" onClick={() => props.act()}>
          {props.yes}
        </button>
        <button class="big plain" onClick={() => props.close()}>
          {t("cancel")}
        </button>
      </div>
    </Sheet>
  );
}
