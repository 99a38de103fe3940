/**
 * What the phone itself does for a film: stays awake, turns, gives it the whole screen, keeps it in a small window. All of it is asked
 * for where it exists, and what is refused changes nothing.
 */
import { onCleanup } from "solid-js";

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
  const check = () => {
    if (needed() && document.visibilityState === "visible") void take();
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
    if (!needed()) drop();
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
    drop();
  });
  return { check };
}

/** Fills the screen with an element and lays the phone on its side, as far as both can be had. */
export async function fillScreen(element: HTMLElement): Promise<void> {
  try {
    await (element as Filling).requestFullscreen?.({ navigationUI: "hide" });
  } catch {
    // Telegram's page on an iPhone has none: the layout for a phone on its side is the same.
  }
  try {
    await (screen as Turning).orientation?.lock?.("landscape");
  } catch {
    // Only some phones turn by themselves.
  }
}

export async function leaveScreen(): Promise<void> {
  try {
    (screen as Turning).orientation?.unlock?.();
    if (isFilled()) await (document as Filled).exitFullscreen?.();
  } catch {
    // It is over anyway.
  }
}

/** Whether something fills the screen. */
export function isFilled(): boolean {
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
