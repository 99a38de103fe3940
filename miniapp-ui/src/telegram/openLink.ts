/** Opening a page outside of the app: through Telegram where it can, so that the room stays open. */
import { postEvent, supports } from "@tma.js/bridge";

import type { Telegram } from "./client";

/** Opens an address of the web, or one of Telegram's; any other is left alone. */
export function openLink(tg: Pick<Telegram, "launch" | "present">, url: string): void {
  const { protocol, hostname, pathname, search } = new URL(url);
  if (protocol !== "https:" && protocol !== "http:") return;
  const version = /^\d{1,4}\.\d{1,4}/.exec(tg.launch.version)?.[0] as `${number}.${number}` | undefined;
  const posted = (method: "web_app_open_tg_link" | "web_app_open_link", post: () => void): boolean => {
    if (!tg.present || version === undefined || !supports(method, version)) return false;
    try {
      post();
      return true;
    } catch {
      // A client that lacks what its version promises.
      return false;
    }
  };
  const opened =
    hostname === "t.me"
      ? posted("web_app_open_tg_link", () => {
          postEvent("web_app_open_tg_link", { path_full: pathname + search });
        })
      : posted("web_app_open_link", () => {
          postEvent("web_app_open_link", { url });
        });
  if (!opened) window.open(url, "_blank", "noopener,noreferrer");
}
