/** Who gets into the room and who controls what is shown: what its host decides. */
import { For, Show, createSignal } from "solid-js";

import type { AccessChange, Control } from "../generated/wire";
import { Icon } from "../parts/icons";
import { Sheet } from "../parts/Sheet";
import type { RoomHandle } from "../room/useRoom";
import { t } from "../text/texts";
import "./access.css";

const CONTROLS: Control[] = ["everyone", "moderators", "host"];
/** How many people a room may be for. */
const SIZES = [2, 4, 6, 8, 12, 20, 50, 100];
/** A password has at most so many characters. */
export const MAX_PASSWORD = 64;

export default function AccessSheet(props: { room: RoomHandle; close: () => void }) {
  const access = () => props.room.view.room.access;
  const [typing, setTyping] = createSignal(false);
  const [password, setPassword] = createSignal("");
  const [busy, setBusy] = createSignal(false);

  const change = async (access: AccessChange): Promise<boolean> => {
    setBusy(true);
    const done = await props.room.now({ type: "configure", access });
    setBusy(false);
    return done;
  };
  const sizes = () => [...new Set([...SIZES, access().capacity])].sort((a, b) => a - b);
  const togglePassword = () => {
    if (access().password) void change({ password: null });
    else setTyping(!typing());
  };
  const save = async (event: Event) => {
    event.preventDefault();
    if (!(await change({ password: password().trim() }))) return;
    setPassword("");
    setTyping(false);
  };

  return (
    <Sheet title={t("access")} close={props.close} testid="access-sheet">
      <section aria-busy={busy()}>
        <div class="list">
          <button
            class="row"
            role="switch"
            data-testid="access-listed"
            aria-checked={access().listed}
            onClick={() => void change({ listed: !access().listed })}
          >
            <span class="row-text">{t("access-listed")}</span>
            <span class="switch" aria-hidden="true" />
          </button>
        </div>
        <p class="note">{t(access().listed ? "access-listed-note" : "access-unlisted-note")}</p>
      </section>
      <section>
        <div class="list">
          <button
            class="row"
            role="switch"
            data-testid="access-password"
            aria-checked={access().password || typing()}
            onClick={togglePassword}
          >
            <span class="row-text">{t("access-password")}</span>
            <span class="switch" aria-hidden="true" />
          </button>
        </div>
        <Show when={typing() || access().password}>
          <form class="field-row access-password" onSubmit={(event) => void save(event)}>
            <input
              class="field"
              data-testid="access-password-field"
              aria-label={t(access().password ? "access-password-new" : "access-password")}
              placeholder={t(access().password ? "access-password-new" : "access-password-placeholder")}
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              maxlength={MAX_PASSWORD}
              value={password()}
              onInput={(event) => setPassword(event.currentTarget.value)}
            />
            <button
              class="field-button"
              data-testid="access-password-save"
              disabled={busy() || password().trim() === ""}
            >
              {t("save")}
            </button>
          </form>
        </Show>
        <p class="note">{t("access-password-note")}</p>
      </section>
      <section>
        <h2 id="access-capacity">{t("access-capacity")}</h2>
        <div class="chips whole" role="radiogroup" aria-labelledby="access-capacity">
          <For each={sizes()}>
            {(size) => (
              <button
                class="chip"
                role="radio"
                data-testid={`access-capacity-${size}`}
                aria-checked={size === access().capacity}
                onClick={() => void change({ capacity: size })}
              >
                {size}
              </button>
            )}
          </For>
        </div>
      </section>
      <section>
        <h2>{t("access-control")}</h2>
        <div class="list" role="radiogroup" aria-label={t("access-control")}>
          <For each={CONTROLS}>
            {(control) => (
              <div class="row-with">
                <button
                  class="row"
                  role="radio"
                  data-testid={`access-control-${control}`}
                  aria-checked={control === access().control}
                  onClick={() => void change({ control })}
                >
                  <span class="row-text">{t(`access-control-${control}`)}</span>
                  <Show when={control === access().control}>
                    <span class="tick">
                      <Icon name="check" />
                    </span>
                  </Show>
                </button>
              </div>
            )}
          </For>
        </div>
      </section>
    </Sheet>
  );
}
