/**
 * Telegram's own full screen, without its header, and its lock of how the phone is held (Bot API 8.0, core.telegram.org/bots/webapps). Some
 * clients never answer: whoever asks gets an answer within a second anyway.
 */
import { type Accessor, createSignal, onCleanup } from "solid-js";

import { within } from "../net/patience";
import { postEvent, supports } from "./bridge";
import { fields, hear } from "./events";
import { type Client, posts } from "./posts";

/** So long an answer is waited for, in ms: a tap allows a page's own full screen for little longer. */
export const ANSWER = 1_000;

/** `already`: it was full before, and not by our doing; `no`: it cannot, or said nothing. */
export type Answer = "full" | "already" | "no";

export async function requestFullscreen(tg: Client): Promise<Answer> {
  const method = "web_app_request_fullscreen";
  let told: (answer: Answer) => void = () => undefined;
  const answer = new Promise<Answer>((resolve) => (told = resolve));
  const ends = [
    hear("fullscreen_changed", (payload) => {
      if (fields(payload).is_fullscreen === true) told("full");
    }),
    hear("fullscreen_failed", (payload) => {
      told(fields(payload).error === "ALREADY_FULLSCREEN" ? "already" : "no");
    }),
  ];
  const asked = posts(tg, method, () => {
    postEvent(method);
  });
  const came = asked ? await within(ANSWER, answer, "no" as const) : "no";
  for (const end of ends) end();
  return came;
}

export function exitFullscreen(tg: Client): void {
  posts(tg, "web_app_exit_fullscreen", () => {
    postEvent("web_app_exit_fullscreen");
  });
}

/** Hears when it becomes full or not, whoever wanted it so, until the answer is called. */
export function onFullscreen(tg: Client, act: (isFull: boolean) => void): () => void {
  if (!tg.present) return () => undefined;
  return hear("fullscreen_changed", (payload) => {
    const { is_fullscreen } = fields(payload);
    if (typeof is_fullscreen === "boolean") act(is_fullscreen);
  });
}

/** The page stays as it is held now, or turns with the phone again. */
export function lockOrientation(tg: Client, locked: boolean): void {
  posts(tg, "web_app_toggle_orientation_lock", () => {
    postEvent("web_app_toggle_orientation_lock", { locked });
  });
}

/** What came of asking: it is as wanted, or it is not. */
export type Turned = "done" | "refused";

export interface Fullscreen {
  /** Whether this client knows of it. */
  can: boolean;
  is: Accessor<boolean>;
  ask: (full: boolean) => Promise<Turned>;
}

/** Follows whether the app has the whole screen, for as long as the calling view lives. */
export function createFullscreen(tg: Client): Fullscreen {
  const { launch, present } = tg;
  const [is, setIs] = createSignal(launch.fullscreen);
  const became = (full: boolean) => {
    // Whoever opens this view next begins with it.
    launch.fullscreen = full;
    setIs(full);
  };
  onCleanup(onFullscreen(tg, became));
  return {
    can: present && supports("web_app_request_fullscreen", launch.version),
    is,
    async ask(full) {
      if (!full) {
        exitFullscreen(tg);
        return "done";
      }
      const answer = await requestFullscreen(tg);
      if (answer === "already") became(true);
      return answer === "no" ? "refused" : "done";
    },
  };
}
