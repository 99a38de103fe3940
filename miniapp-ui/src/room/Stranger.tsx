/** A room from outside: who invites, and the way in. */
import { Show, createSignal } from "solid-js";

import { useApp } from "../app/context";
import type { Preview, Room } from "../generated/wire";
import { typedTitle } from "../net/api";
import { Avatar } from "../parts/Avatar";
import { Poster } from "../parts/poster/Poster";
import { t } from "../text/texts";

export default function Stranger(props: { preview: Preview; joined: (room: Room) => void }) {
  const app = useApp();
  const [busy, setBusy] = createSignal(false);
  const join = async () => {
    setBusy(true);
    try {
      const room = await app.api.join(props.preview.code);
      app.tg.haptic("success");
      props.joined(room);
    } catch (error) {
      app.excuse(error);
      setBusy(false);
    }
  };
  return (
    <main class="notice" data-testid="preview">
      <div class="notice-mark wordless" aria-hidden="true">
        <Poster title={{ ...typedTitle(""), id: props.preview.code }} size="mark" />
      </div>
      <Show when={props.preview.host_name} fallback={<p class="lead">{t("preview-invites-nobody")}</p>}>
        {(name) => (
          <>
            <Avatar member={{ id: name().length, name: name(), photo_url: null }} />
            <p class="lead">{t("preview-invites", { name: name() })}</p>
          </>
        )}
      </Show>
      <h1>{props.preview.name}</h1>
      <p class="lead">
        {t(`phase-${props.preview.phase}`)} · {t("people", { count: props.preview.members })}
      </p>
      <div class="stack">
        <button class="big" data-testid="preview-join" disabled={busy()} onClick={() => void join()}>
          {t("preview-join")}
        </button>
      </div>
    </main>
  );
}
