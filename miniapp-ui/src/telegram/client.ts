/**
 * The Telegram around the page. Every call is guarded by the client's version: below it a method throws in
 * some clients and hangs in others. Outside of Telegram all of this does nothing.
 */
import { type MethodName, on, postEvent, setTargetOrigin, supports } from "@tma.js/bridge";

import type { Launch } from "./launch";

export type Haptic = "tick" | "press" | "success" | "warning" | "error";

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
  /** Whether the bot may write to this person: asked in Telegram's own words; null where it cannot ask. */
  askToWrite: () => Promise<boolean | null>;
  headerColour: (colour: string) => void;
  close: () => void;
}

export function telegram(launch: Launch): Telegram {
  const present = launch.initData !== "";
  // A page in a frame cannot know which of Telegram's addresses frames it; the policy's frame-ancestors
  // guards that, and nothing secret is ever posted.
  setTargetOrigin("*");
  const version = /^\d+\.\d+$/.test(launch.version) ? (launch.version as `${number}.${number}`) : "6.0";
  const can = (method: MethodName) => present && supports(method, version);
  const guarded = (method: MethodName, call: () => void) => {
    if (!can(method)) return;
    try {
      call();
    } catch {
      // A client that lacks what its version promises: the page works without.
    }
  };

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
    onBack: (act) => (present ? on("back_button_pressed", act) : () => undefined),
    confirmClosing(needed) {
      guarded("web_app_setup_closing_behavior", () => {
        postEvent("web_app_setup_closing_behavior", { need_confirmation: needed });
      });
    },
    share(url, text) {
      const query = new URLSearchParams({ url, text }).toString().replaceAll("+", "%20");
      openTelegramLink(`https://t.me/share/url?${query}`);
    },
    askToWrite() {
      const method = "web_app_request_write_access";
      if (!can(method)) return Promise.resolve(null);
      return new Promise((resolve) => {
        const off = on("write_access_requested", ({ status }) => {
          off();
          resolve(status === "allowed");
        });
        guarded(method, () => {
          postEvent(method);
        });
      });
    },
    headerColour(colour) {
      if (!/^#[0-9a-f]{6}$/i.test(colour)) return;
      guarded("web_app_set_header_color", () => {
        if (supports("web_app_set_header_color", "color", version)) {
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
  const version = /^\d+\.\d+$/.test(launch.version) ? (launch.version as `${number}.${number}`) : "6.0";
  const say = (method: MethodName, call: () => void) => {
    if (!supports(method, version)) return;
    try {
      call();
    } catch {
      // As above: a missing method is no reason to stay blank.
    }
  };
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
