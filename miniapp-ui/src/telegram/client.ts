/**
 * The Telegram around the page. Every call is guarded by the client's version: below it a method throws in
 * some clients and hangs in others. What is asked of it has a time limit, since some never answer. Outside of
 * Telegram all of this does nothing.
 */
import { within } from "../net/patience";
import { type Method, postEvent, supports, takesHeaderColour } from "./bridge";
import { hear } from "./events";
import type { Launch } from "./launch";

export type Haptic = "tick" | "press" | "success" | "warning" | "error";

/** What came of asking whether the bot may write: `cannot` where there is no such question, `silent` where nobody answered. */
export type WriteAccess = "allowed" | "declined" | "cannot" | "silent";

/** So long an answer to a question is waited for, in ms. Whoever reads longer than this is heard too, as a late answer. */
const ANSWER = 10_000;

export interface Telegram {
  launch: Launch;
  /** Whether there is a Telegram. */
  present: boolean;
  haptic: (kind: Haptic) => void;
  backButton: (visible: boolean) => void;
  onBack: (act: () => void) => () => void;
  confirmClosing: (needed: boolean) => void;
  /** Offers a link to a chat of the person's choice. */
  share: (url: string, text: string) => void;
  openTelegramLink: (url: string) => void;
  /** Whether the bot may write to this person, asked in Telegram's own words. A leave that comes after `silent` is `late`. */
  askToWrite: (late: () => void) => Promise<WriteAccess>;
  headerColour: (colour: string) => void;
  close: () => void;
}

export function telegram(launch: Launch): Telegram {
  const present = launch.initData !== "";
  const version = versionOf(launch);
  const can = (method: Method) => present && supports(method, version);
  /** Whether the client has at least been told. */
  const guarded = (method: Method, call: () => void): boolean => {
    if (!can(method)) return false;
    try {
      call();
      return true;
    } catch {
      // A client that lacks what its version promises: the page works without.
      return false;
    }
  };
  let stopAsking: () => void = () => undefined;

  const backButton = (visible: boolean) => {
    guarded("web_app_setup_back_button", () => {
      postEvent("web_app_setup_back_button", { is_visible: visible });
    });
  };
  const openTelegramLink = (url: string) => {
    const { pathname, search, hostname } = new URL(url);
    if (hostname !== "t.me") return;
    if (!can("web_app_open_tg_link")) {
      window.open(url, "_blank", "noopener");
      return;
    }
    guarded("web_app_open_tg_link", () => {
      postEvent("web_app_open_tg_link", { path_full: pathname + search });
    });
  };

  return {
    launch,
    present,
    backButton,
    openTelegramLink,
    haptic(kind) {
      guarded("web_app_trigger_haptic_feedback", () => {
        if (kind === "tick") postEvent("web_app_trigger_haptic_feedback", { type: "selection_change" });
        else if (kind === "press")
          postEvent("web_app_trigger_haptic_feedback", { type: "impact", impact_style: "light" });
        else postEvent("web_app_trigger_haptic_feedback", { type: "notification", notification_type: kind });
      });
    },
    onBack: (act) => (present ? hear("back_button_pressed", act) : () => undefined),
    confirmClosing(needed) {
      guarded("web_app_setup_closing_behavior", () => {
        postEvent("web_app_setup_closing_behavior", { need_confirmation: needed });
      });
    },
    share(url, text) {
      const query = new URLSearchParams({ url, text }).toString().replaceAll("+", "%20");
      openTelegramLink(`https://t.me/share/url?${query}`);
    },
    async askToWrite(late) {
      const method = "web_app_request_write_access";
      // A question that is still open is asked again rather than twice.
      stopAsking();
      let told: (allowed: boolean) => void = () => undefined;
      const answer = new Promise<boolean>((resolve) => (told = resolve));
      stopAsking = hear("write_access_requested", (payload) => {
        stopAsking();
        told(isAllowed(payload));
      });
      if (!guarded(method, () => postEvent(method))) {
        stopAsking();
        return "cannot";
      }
      const inTime = await within(ANSWER, answer, null);
      if (inTime !== null) return inTime ? "allowed" : "declined";
      void answer.then((allowed) => {
        if (allowed) late();
      });
      return "silent";
    },
    headerColour(colour) {
      if (!/^#[0-9a-f]{6}$/i.test(colour)) return;
      guarded("web_app_set_header_color", () => {
        if (takesHeaderColour(version)) {
          postEvent("web_app_set_header_color", { color: colour as `#${string}` });
        }
      });
      guarded("web_app_set_background_color", () => {
        postEvent("web_app_set_background_color", { color: colour as `#${string}` });
      });
      guarded("web_app_set_bottom_bar_color", () => {
        postEvent("web_app_set_bottom_bar_color", { color: colour as `#${string}` });
      });
    },
    close() {
      guarded("web_app_close", () => {
        postEvent("web_app_close");
      });
    },
  };
}

/** Says that the page is there, takes the whole height, and keeps a dragged card from closing the app. */
export function settleIn({ present, launch }: Telegram): void {
  if (!present) return;
  const version = versionOf(launch);
  const say = (method: Method, call: () => void) => {
    if (!supports(method, version)) return;
    try {
      call();
    } catch {
      // As above: a missing method is no reason to stay blank.
    }
  };
  // Telegram's web clients load a page again by asking it to do so; without an answer they do it by force.
  hear("reload_iframe", () => {
    say("iframe_will_reload", () => {
      postEvent("iframe_will_reload");
    });
    location.reload();
  });
  say("iframe_ready", () => {
    postEvent("iframe_ready", { reload_supported: true });
  });
  say("web_app_ready", () => {
    postEvent("web_app_ready");
  });
  say("web_app_expand", () => {
    postEvent("web_app_expand");
  });
  say("web_app_setup_swipe_behavior", () => {
    postEvent("web_app_setup_swipe_behavior", { allow_vertical_swipe: false });
  });
  say("web_app_request_theme", () => {
    postEvent("web_app_request_theme");
  });
  say("web_app_request_viewport", () => {
    postEvent("web_app_request_viewport");
  });
  say("web_app_request_safe_area", () => {
    postEvent("web_app_request_safe_area");
  });
  say("web_app_request_content_safe_area", () => {
    postEvent("web_app_request_content_safe_area");
  });
}

/** Some clients say a third number. */
function versionOf({ version }: Launch): string {
  const known = /^\d{1,4}\.\d{1,4}/.exec(version)?.[0];
  return known ?? "6.0";
}

function isAllowed(payload: unknown): boolean {
  return (
    typeof payload === "object" && payload !== null && "status" in payload && payload.status === "allowed"
  );
}
