/**
 * A sheet that slides up from below: takes the focus, gives it back, closes by back, Escape or a tap beside it.
 *
 * Drawn here and not by a library: it is 1 KB, the smallest dialog that is well kept (@corvu/dialog 0.2) 7 KB, which every phone
 * would wait for at its first sheet; and what such a library decides (which of several closes first) Telegram's back button decides.
 */
import { type JSX, Suspense } from "solid-js";
import { Portal } from "solid-js/web";

import { useBack } from "../telegram/back";
import { t } from "../text/texts";
import { holdFocus } from "./focus";
import { Icon } from "./icons";
import "./lists.css";

export function Sheet(props: { title: string; close: () => void; children: JSX.Element; testid?: string }) {
  let sheet!: HTMLDivElement;
  useBack(() => {
    props.close();
  });
  holdFocus(() => sheet);
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
