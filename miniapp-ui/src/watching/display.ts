/**
 * What the phone itself does for a film: stays awake, turns, gives it the whole screen, keeps it in a small window. All of it is asked
 * for where it exists, and what is refused changes nothing.
 */
import { onCleanup } from "solid-js";

import { exitFullscreen, lockOrientation, onFullscreen, requestFullscreen } from "../telegram/fullscreen";
import type { Client } from "../telegram/posts";

interface Sentinel {
  release: () => Promise<void>;
}
// Each of these is missing in some supported browser.
interface Awake {
  wakeLock?: { request: (type: "screen") => Promise<Sentinel> };
}
interface Turning {
  orientation?: { lock?: (to: "landscape") => Promise<void>; unlock?: () => void };
}
interface Filling {
  requestFullscreen?: (options: { navigationUI: "hide" }) => Promise<void>;
}
interface Filled {
  fullscreenElement?: unknown;
  exitFullscreen?: () => Promise<void>;
  pictureInPictureEnabled?: boolean;
}
interface Windowed {
  requestPictureInPicture?: () => Promise<unknown>;
}

/** Keeps the screen on for as long as the calling view lives and `needed` says so; a lock ends whenever the page is hidden. */
export function createAwake(needed: () => boolean): { check: () => void } {
  let held: Sentinel | null = null;
  let asking = false;
  let left = false;
  const mayHold = () => !left && needed() && document.visibilityState === "visible";
  const check = () => {
    if (mayHold()) void take();
    else drop();
  };
  const take = async () => {
    const { wakeLock } = navigator as Awake;
    if (held !== null || asking || wakeLock === undefined) return;
    asking = true;
    try {
      held = await wakeLock.request("screen");
    } catch {
      // A phone that saves its battery says no.
    }
    asking = false;
    // What was granted late is nobody's any more.
    if (!mayHold()) drop();
  };
  const drop = () => {
    held?.release().catch(() => undefined);
    held = null;
  };
  const seen = () => {
    if (document.visibilityState === "hidden") held = null;
    check();
  };
  document.addEventListener("visibilitychange", seen);
  onCleanup(() => {
    document.removeEventListener("visibilitychange", seen);
    left = true;
    drop();
  });
  return { check };
}

/** The whole screen for the film. */
export interface WholeScreen {
  fill: (element: HTMLElement) => Promise<void>;
  leave: () => void;
}

/**
 * Gives an element the whole screen, for as long as the calling view lives: Telegram's own where it has one, else the browser's. A phone on
 * its side stays so. `changed` hears what became of it, whoever did it: by Telegram's and the browser's buttons it ends too.
 */
export function createWholeScreen(tg: Client, changed: (whole: boolean) => void): WholeScreen {
  let wanted = false;
  /** Whether Telegram's is ours to end. */
  let isAsked = false;
  const sideways = matchMedia("(orientation: landscape)");
  const stay = () => {
    if (wanted && sideways.matches) lockOrientation(tg, true);
  };
  let byTelegram = false;
  const became = () => {
    const whole = byTelegram || isFilled();
    if (!whole && wanted) {
      wanted = false;
      isAsked = false;
      lockOrientation(tg, false);
    }
    changed(whole);
  };
  const leave = () => {
    if (!wanted) return;
    wanted = false;
    lockOrientation(tg, false);
    if (isAsked) exitFullscreen(tg);
    isAsked = false;
    void leaveBrowsers();
  };
  const stop = onFullscreen(tg, (isFull) => {
    byTelegram = isFull;
    became();
  });
  document.addEventListener("fullscreenchange", became);
  sideways.addEventListener("change", stay);
  onCleanup(() => {
    stop();
    document.removeEventListener("fullscreenchange", became);
    sideways.removeEventListener("change", stay);
    leave();
  });
  return {
    leave,
    async fill(element) {
      wanted = true;
      isAsked = true;
      const answer = await requestFullscreen(tg);
      if (!isStill()) return;
      if (answer === "already") isAsked = false;
      if (answer === "no") await fillByBrowser(element);
      stay();
    },
  };

  /** Somebody may have left meanwhile. */
  function isStill(): boolean {
    return wanted;
  }
}

async function fillByBrowser(element: HTMLElement): Promise<void> {
  try {
    await (element as Filling).requestFullscreen?.({ navigationUI: "hide" });
  } catch {
    // An iPhone's page has none: the layout for a phone on its side is the same.
  }
  try {
    await (screen as Turning).orientation?.lock?.("landscape");
  } catch {
    // Only some phones turn by themselves.
  }
}

async function leaveBrowsers(): Promise<void> {
  try {
    (screen as Turning).orientation?.unlock?.();
    if (isFilled()) await (document as Filled).exitFullscreen?.();
  } catch {
    // It is over anyway.
  }
}

/** Whether something fills the screen by the browser's doing. */
function isFilled(): boolean {
  return Boolean((document as Filled).fullscreenElement);
}

/** Puts a video into a small window over other programs; null where that cannot be had. */
export function smallWindow(video: HTMLVideoElement | null | undefined): (() => void) | null {
  const small = video as Windowed | null | undefined;
  if (!small?.requestPictureInPicture || (document as Filled).pictureInPictureEnabled !== true) return null;
  return () => {
    small.requestPictureInPicture?.().catch(() => undefined);
  };
}
