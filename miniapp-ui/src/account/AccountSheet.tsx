/** My own: achievements, the language, messages from the bot, where I am signed in, and being forgotten. */
import { For, Match, Show, Switch, createSignal } from "solid-js";

import { Account } from "./account";
import { MyFilms } from "../films/lazy";
import { Region } from "./Region";
import { type App, useApp } from "../app/context";
import { Icon } from "../parts/icons";
import { onDemand } from "../parts/onDemand";
import { Confirm, Sheet } from "../parts/Sheet";
import { type Language, language, speak, t } from "../text/texts";

const Devices = onDemand(() => import("./Devices"), "part");
const Achievements = onDemand(() => import("./Achievements"), "part");

/** Each in its own words: whoever landed in the wrong one must be able to find theirs. */
const LANGUAGES: { code: Language; name: string }[] = [
  { code: "en", name: "English" },
  { code: "ru", name: "Русский" },
];

export default function AccountSheet(props: {
  close: () => void;
  /** The language is another now: what the server has named for us is to be asked for again. */
  spoke?: () => void;
}) {
  const app = useApp();
  const [page, setPage] = createSignal<"account" | "films" | "achievements" | "devices" | "erase">("account");
  const [asking, setAsking] = createSignal(false);
  const account = new Account({
    change: (change) => app.api.changeMe(change),
    erase: () => app.api.eraseMe(),
    askToWrite: (late) => app.tg.askToWrite(late),
    speak,
    user: app.user,
    show: app.showUser,
  });

  const duringLanguage = once(app);
  const duringErasing = once(app);
  const duringMessages = once(app);
  const choose = async (code: Language) => {
    if (code === language()) return;
    app.tg.haptic("tick");
    await account.choose(code);
    props.spoke?.();
  };
  const notify = async () => {
    const wanted = !app.user().notifications;
    app.tg.haptic("tick");
    setAsking(wanted);
    try {
      const told = await account.notify(wanted);
      if (told === "declined") app.say(t("messages-declined"));
      if (told === "silent") app.say(t("messages-silent"));
    } finally {
      setAsking(false);
    }
  };

  return (
    <Switch>
      <Match when={page() === "account"}>
        <Sheet title={t("account")} close={props.close} testid="account-sheet">
          <section>
            <div class="list">
              <button class="row" data-testid="films" onClick={() => setPage("films")}>
                <span class="row-text">{t("films")}</span>
                <Icon name="chevron" />
              </button>
              <button class="row" data-testid="achievements" onClick={() => setPage("achievements")}>
                <span class="row-text">{t("achievements")}</span>
                <Icon name="chevron" />
              </button>
            </div>
          </section>
          <section>
            <h2>{t("language")}</h2>
            <div class="list" role="radiogroup" aria-label={t("language")}>
              <For each={LANGUAGES}>
                {({ code, name }) => (
                  <div class="row-with">
                    <button
                      class="row"
                      role="radio"
                      lang={code}
                      data-testid={`language-${code}`}
                      aria-checked={language() === code}
                      onClick={() => void duringLanguage(() => choose(code))}
                    >
                      <span class="row-text">{name}</span>
                      <Show when={language() === code}>
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
          <section>
            <div class="list">
              <button
                class="row"
                role="switch"
                data-testid="notifications"
                aria-checked={asking() || app.user().notifications}
                aria-busy={asking()}
                onClick={() => void duringMessages(notify)}
              >
                <span class="row-text">{t("messages")}</span>
                <span class="switch" aria-hidden="true" />
              </button>
            </div>
            <p class="note">{t("messages-note")}</p>
          </section>
          <section>
            <div class="list">
              <Region
                region={app.user().region ?? null}
                choose={(region) => {
                  account.watchIn(region).catch(app.excuse);
                }}
              />
            </div>
            <p class="note">{t("region-note")}</p>
          </section>
          <section>
            <div class="list">
              <button class="row" data-testid="devices" onClick={() => setPage("devices")}>
                <span class="row-text">{t("devices")}</span>
                <Icon name="chevron" />
              </button>
            </div>
          </section>
          <section>
            <div class="list">
              <button class="row bad" data-testid="erase" onClick={() => setPage("erase")}>
                <span class="row-text">{t("erase")}</span>
              </button>
            </div>
            <p class="note">{t("erase-note")}</p>
          </section>
        </Sheet>
      </Match>
      <Match when={page() === "films"}>
        <MyFilms close={() => setPage("account")} />
      </Match>
      <Match when={page() === "achievements"}>
        <Achievements close={() => setPage("account")} />
      </Match>
      <Match when={page() === "devices"}>
        <Devices close={() => setPage("account")} />
      </Match>
      <Match when={page() === "erase"}>
        <Confirm
          title={t("erase-confirm")}
          text={t("erase-confirm-lead")}
          yes={t("erase-yes")}
          act={() => void duringErasing(() => account.erase(app.forgotten))}
          close={() => setPage("account")}
        />
      </Match>
    </Switch>
  );
}

/** Does one thing at a time, and says why it did not work. Each part of the sheet has its own: none waits for another. */
function once(app: App): (act: () => Promise<void>) => Promise<void> {
  let busy = false;
  return async (act) => {
    if (busy) return;
    busy = true;
    try {
      await act();
    } catch (error) {
      app.excuse(error);
    }
    busy = false;
  };
}
