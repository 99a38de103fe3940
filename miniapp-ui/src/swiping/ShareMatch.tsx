/** Telling others what matched: into a chat, with the bot's message where that works and a link where it does not, or in a story. */
import { Show, createSignal, onCleanup } from "solid-js";

import { useApp } from "../app/context";
import type { Title } from "../generated/wire";
import { Icon } from "../parts/icons";
import { sendPrepared, sendsPrepared, shareStory, storyPicture } from "../telegram/sharing";
import { t } from "../text/texts";

export function ShareMatch(props: { title: Title; number: number; code: string; link: string }) {
  const app = useApp();
  const [preparing, setPreparing] = createSignal(false);
  const words = () => t("match-announce", { title: props.title.name });
  const [shown, setShown] = createSignal(true);
  onCleanup(() => setShown(false));

  const byLink = () => {
    app.tg.share(props.link, words());
  };
  const share = async () => {
    if (preparing()) return;
    app.tg.haptic("tick");
    if (!sendsPrepared(app.tg)) {
      byLink();
      return;
    }
    setPreparing(true);
    const id = await app.api.shareMatch(props.code, props.number).catch(() => null);
    setPreparing(false);
    // Whoever has gone on is not interrupted by a list of chats.
    if (!shown()) return;
    const sent = id === null ? "failed" : await sendPrepared(app.tg, id);
    if (sent === "failed" && shown()) byLink();
    if (sent === "sent") app.tg.haptic("success");
  };
  const picture = () => storyPicture(app.tg, props.title.poster, location.href);

  return (
    <>
      <button
        class="text-button"
        data-testid="match-share"
        aria-busy={preparing()}
        onClick={() => void share()}
      >
        <Icon name="share" />
        {t("match-share")}
      </button>
      <Show when={picture()}>
        {(url) => (
          <button
            class="text-button"
            data-testid="match-story"
            onClick={() => {
              shareStory(app.tg, url(), words(), props.link);
            }}
          >
            <Icon name="full" />
            {t("match-story")}
          </button>
        )}
      </Show>
    </>
  );
}
