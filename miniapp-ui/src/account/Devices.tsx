/** Where I am signed in, and signing out there. Every device shows at once that it goes, and comes back when the server refuses. */
import { For, Match, Show, Switch, createResource, createSignal } from "solid-js";

import { useApp } from "../app/context";
import type { SignedIn } from "../generated/wire";
import { Icon } from "../parts/icons";
import { Confirm, Sheet } from "../parts/Sheet";
import { ago, deviceOf } from "./device";
import { language, t } from "../text/texts";
import { type Sources, createWords } from "../text/words";

const WORDS: Sources = {
  en: () => import("../../../locales/en/devices.ftl"),
  ru: () => import("../../../locales/ru/devices.ftl"),
};

export default function Devices(props: { close: () => void }) {
  const app = useApp();
  const word = createWords(WORDS);
  const [sessions, { mutate, refetch }] = createResource(() => app.api.sessions());
  const [asking, setAsking] = createSignal(false);
  const now = Date.now();

  const here = () => sessions()?.find((session) => session.current);
  const elsewhere = () => sessions()?.filter((session) => !session.current) ?? [];

  /** Shows them as ended before they are: what the server does not take comes back. */
  const end = async (ended: SignedIn[], act: () => Promise<void>) => {
    app.tg.haptic("tick");
    mutate((all) => all?.filter((session) => !ended.includes(session)));
    try {
      await act();
    } catch (error) {
      app.excuse(error);
      await refetch();
    }
  };
  const endAll = async () => {
    setAsking(false);
    await end(elsewhere(), () => app.api.endSessions());
    if (elsewhere().length === 0) app.say(word("devices-out-done"));
  };

  const name = (session: SignedIn) => word(deviceOf(session.user_agent).word);
  const Row = (row: { session: SignedIn }) => (
    <div class="row still" data-testid="device">
      <span class="row-text">
        <span class="row-title">{name(row.session)}</span>
        <span class="row-note">
          {[
            deviceOf(row.session.user_agent).program,
            row.session.current
              ? word("device-this")
              : (ago(row.session.last_used_at, now, language()) ?? word("device-just-now")),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </span>
      <Show when={row.session.current}>
        <span class="tick">
          <Icon name="check" />
        </span>
      </Show>
      <Show when={!row.session.current}>
        <button
          class="text-button"
          data-testid="device-out"
          aria-label={word("devices-out-of", { device: name(row.session) })}
          onClick={() => void end([row.session], () => app.api.endSessions(row.session.id))}
        >
          {word("devices-out")}
        </button>
      </Show>
    </div>
  );

  return (
    <Show
      when={!asking()}
      fallback={
        <Confirm
          title={word("devices-out-confirm")}
          text={word("devices-out-confirm-lead")}
          yes={word("devices-out-all")}
          act={() => void endAll()}
          close={() => setAsking(false)}
        />
      }
    >
      <Sheet title={t("devices")} close={props.close} testid="devices-sheet">
        <Switch>
          <Match when={sessions.error !== undefined}>
            <p class="lead">{word("devices-failed")}</p>
            <button class="big plain" data-testid="devices-again" onClick={() => void refetch()}>
              {word("devices-again")}
            </button>
          </Match>
          <Match when={sessions()}>
            <Show when={here()}>
              {(session) => (
                <div class="list">
                  <Row session={session()} />
                </div>
              )}
            </Show>
            <Show when={elsewhere().length > 0} fallback={<p class="note">{word("devices-only-here")}</p>}>
              <section>
                <h2>{word("devices-elsewhere")}</h2>
                <div class="list">
                  <For each={elsewhere()}>{(session) => <Row session={session} />}</For>
                </div>
              </section>
              <section>
                <div class="list">
                  <button class="row bad" data-testid="devices-out-all" onClick={() => setAsking(true)}>
                    <span class="row-text">{word("devices-out-all")}</span>
                  </button>
                </div>
                <p class="note">{word("devices-out-all-note")}</p>
              </section>
            </Show>
          </Match>
        </Switch>
      </Sheet>
    </Show>
  );
}
