/** Nobody is signed in: why, and what helps. */
import { Show } from "solid-js";

import { endingOf, launchLink } from "./endings";
import { Notice } from "../parts/Notice";
import type { Telegram } from "../telegram/client";
import { t } from "../text/texts";

/**
 * The session is over. Closing and opening again would hand over the same launch data in some clients, so the way back is Telegram's own
 * link, which launches anew; against a wrong clock only time helps.
 */
export default function Ended(props: { tg: Telegram; code: string; room: string | null; retry: () => void }) {
  const ending = () => endingOf(props.code);
  const link = () => launchLink(filledIn("sovpalo-app"), props.room);
  const helpless = () => ending() !== "clock_differs" && link() === null;
  return (
    <Notice
      scene={ending() === "clock_differs" ? "sci-fi" : "noir"}
      title={t(`ended-${ending()}-title`)}
      lead={t(helpless() ? "ended-no-link" : `ended-${ending()}-lead`)}
      testid="session-ended"
    >
      <Show
        when={ending() !== "clock_differs"}
        fallback={
          <button class="big" data-testid="retry" onClick={() => props.retry()}>
            {t("retry")}
          </button>
        }
      >
        <Show
          when={link()}
          fallback={
            <button class="big" onClick={() => props.tg.close()}>
              {t("ended-close")}
            </button>
          }
        >
          {(url) => (
            <button class="big" data-testid="reopen" onClick={() => props.tg.openTelegramLink(url())}>
              {t("ended-reopen")}
            </button>
          )}
        </Show>
      </Show>
    </Notice>
  );
}

/** What the server wrote into the page. */
function filledIn(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
}
