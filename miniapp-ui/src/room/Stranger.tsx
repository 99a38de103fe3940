/** A room from outside: who invites, and the way in. */
import { Show, createSignal } from "solid-js";

import { useApp } from "../app/context";
import type { Preview, Room } from "../generated/wire";
import { typedTitle } from "../net/api";
import { Refused } from "../net/problem";
import "../parts/lists.css";
import { Avatar } from "../parts/Avatar";
import { Poster } from "../parts/poster/Poster";
import { t } from "../text/texts";

export default function Stranger(props: { preview: Preview; joined: (room: Room) => void }) {
  const app = useApp();
  const [busy, setBusy] = createSignal(false);
  const [password, setPassword] = createSignal("");
  const [wrong, setWrong] = createSignal(false);
  const locked = () => props.preview.access.password;
  const full = () => props.preview.members >= props.preview.access.capacity;
  const join = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setWrong(false);
    try {
      const room = await app.api.join(props.preview.code, locked() ? password().trim() : undefined);
      app.tg.haptic("success");
      props.joined(room);
    } catch (error) {
      if (error instanceof Refused && error.code === "wrong_password" && locked()) {
        app.tg.haptic("warning");
        setWrong(true);
      } else app.excuse(error);
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
      <form class="stack" onSubmit={(event) => void join(event)}>
        <Show when={locked()}>
          <input
            class="field"
            type="password"
            data-testid="preview-password"
            aria-label={t("preview-password")}
            aria-invalid={wrong()}
            placeholder={t("preview-password")}
            autocomplete="off"
            maxlength={64}
            value={password()}
            onInput={(event) => {
              setPassword(event.currentTarget.value);
              setWrong(false);
            }}
          />
          <Show when={wrong()}>
            <p class="note bad" role="alert" data-testid="preview-wrong">
              {t("refused-wrong_password")}
            </p>
          </Show>
        </Show>
        <Show when={full()}>
          <p class="note" data-testid="preview-full">
            {t("preview-full")}
          </p>
        </Show>
        <button
          class="big"
          data-testid="preview-join"
          disabled={busy() || (locked() && password().trim() === "")}
        >
          {t(full() ? "preview-try" : "preview-join")}
        </button>
      </form>
    </main>
  );
}
