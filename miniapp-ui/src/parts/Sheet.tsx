/**
 * A sheet that slides up from below: takes the focus, gives it back, closes by back, Escape, a tap beside it, or pulled down.
 *
 * Sliding and pulling are a library's. What closes first of several is not: `telegram/back.ts` decides that for Telegram's button, and so
 * for Escape; nor is the focus, see `focus.ts`.
 */
import Drawer from "@corvu/drawer";
import { type JSX, Suspense, createSignal, onCleanup } from "solid-js";

import { useBack } from "../telegram/back";
import { t } from "../text/texts";
import { holdFocus } from "./focus";
import { Icon } from "./icons";
import "./lists.css";

/** Pulled down so far that less than this of it is seen, a sheet goes; thrown, with less. */
const STAYS_WITH = 0.7;
/** So long it slides, in ms; the style sheet says the same. */
const SLIDE = 320;

export function Sheet(props: { title: string; close: () => void; children: JSX.Element; testid?: string }) {
  const [open, setOpen] = createSignal(true);
  let gone: ReturnType<typeof setTimeout> | undefined;
  /** It slides down from where the finger left it, and then is gone. */
  const pulledAway = () => {
    setOpen(false);
    gone = setTimeout(() => props.close(), SLIDE);
  };
  onCleanup(() => clearTimeout(gone));
  useBack(() => {
    props.close();
  });
  return (
    <Drawer
      open={open()}
      onOpenChange={pulledAway}
      breakPoints={[STAYS_WITH]}
      closeOnEscapeKeyDown={false}
      closeOnOutsidePointer={false}
      noOutsidePointerEvents={false}
      trapFocus={false}
      restoreFocus={false}
      restoreScrollPosition={false}
    >
      <Drawer.Portal>
        <Drawer.Overlay class="veil" onClick={() => props.close()} />
        <Content title={props.title} close={props.close} testid={props.testid}>
          {props.children}
        </Content>
      </Drawer.Portal>
    </Drawer>
  );
}

function Content(props: {
  title: string;
  close: () => void;
  children: JSX.Element;
  testid: string | undefined;
}) {
  let sheet!: HTMLElement;
  holdFocus(() => sheet);
  /** A mouse selects text in it. */
  const stays = matchMedia("(pointer: fine)").matches ? "" : undefined;
  return (
    <Drawer.Content
      class="sheet"
      aria-label={props.title}
      ref={(it: HTMLElement) => (sheet = it)}
      data-testid={props.testid}
    >
      <header class="sheet-head">
        <h2>{props.title}</h2>
        <button class="round" aria-label={t("close")} onClick={() => props.close()}>
          <Icon name="cross" />
        </button>
      </header>
      <div class="sheet-body" data-corvu-no-drag={stays}>
        <Suspense fallback={<div class="bone row" />}>{props.children}</Suspense>
      </div>
    </Drawer.Content>
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
