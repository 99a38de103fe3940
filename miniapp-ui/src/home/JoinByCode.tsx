/** The way into somebody else's room: its code, or a text with the code in it. */
import { Show, createSignal } from "solid-js";

import { useApp } from "../app/context";
import { roomCode } from "../telegram/roomCode";
import { t } from "../text/texts";

export function JoinByCode() {
  const app = useApp();
  const [typed, setTyped] = createSignal("");
  const [wrong, setWrong] = createSignal(false);
  const enter = (event: Event) => {
    event.preventDefault();
    const code = roomCode(typed());
    setWrong(code === null);
    if (code !== null) app.go({ screen: "room", code, room: null });
  };
  return (
    <section aria-labelledby="join-by-code">
      <h2 id="join-by-code">{t("join-by-code")}</h2>
      <form class="field-row" onSubmit={enter}>
        <input
          class="field code"
          data-testid="join-code"
          aria-label={t("join-code-label")}
          aria-invalid={wrong()}
          placeholder="7H3M00NS"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          maxlength="2000"
          value={typed()}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            setWrong(false);
          }}
        />
        <button class="field-button" data-testid="join-submit" disabled={typed().trim() === ""}>
          {t("join")}
        </button>
      </form>
      <Show when={wrong()}>
        <p class="note bad" role="alert">
          {t("join-code-bad")}
        </p>
      </Show>
    </section>
  );
}
