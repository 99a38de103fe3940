/** Opening a page outside of the app: through Telegram where it can, so that the room stays open. */
import { postEvent } from "./bridge";
import { type Client, posts } from "./posts";

/** Opens an address of the web, or one of Telegram's; any other is left alone. */
export function openLink(tg: Client, url: string): void {
  const { protocol, hostname, pathname, search } = new URL(url);
  if (protocol !== "https:" && protocol !== "http:") return;
  const opened =
    hostname === "t.me"
      ? posts(tg, "web_app_open_tg_link", () => {
          postEvent("web_app_open_tg_link", { path_full: pathname + search });
        })
      : posts(tg, "web_app_open_link", () => {
          postEvent("web_app_open_link", { url });
        });
  if (!opened) window.open(url, "_blank", "noopener,noreferrer");
}
