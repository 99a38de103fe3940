/** The whole app: signs in, then shows where we are. Without Telegram, or without a session, says what to do. */
import { Match, Show, Switch, createEffect, onCleanup, onMount } from "solid-js";

import { Notice } from "../parts/Notice";
import { Skeleton } from "../parts/Skeleton";
import { onDemand } from "../parts/onDemand";
import { RoomScreen } from "../room/RoomScreen";
import { leadBack } from "../telegram/back";
import type { Telegram } from "../telegram/client";
import { roomCode } from "../telegram/roomCode";
import { t } from "../text/texts";
import { AppContext } from "./context";
import { Guard } from "./Guard";
import type { Route, Router } from "./router";
import { type Stage, start } from "./start";
import { createToasts } from "./toasts";

const Home = onDemand(() => import("../home/Home"), "screen");
const NewRoom = onDemand(() => import("../home/NewRoom"), "screen");
const RoomsToFind = onDemand(() => import("../access/RoomsToFind"), "screen");
const Ended = onDemand(() => import("./Ended"), "screen");
const Waiting = onDemand(() => import("./Waiting"), "screen");

export function Main(props: { tg: Telegram }) {
  // Telegram does not change under a running page.
  // eslint-disable-next-line solid/reactivity -- read once, by intention
  const { tg } = props;
  const toasts = createToasts();
  const { app, router, stage, begin, beginAgain, codeHere } = start(tg, toasts.say);
  onMount(begin);

  return (
    <AppContext.Provider value={app}>
      <Switch>
        <Match when={stage() === "starting"}>
          <Skeleton room={roomCode(tg.launch.startParam) !== null} />
        </Match>
        <Match when={stage() === "in"}>
          <Guard
            reload={() => {
              location.reload();
            }}
          >
            <Here router={router} />
          </Guard>
        </Match>
        <Match when={stage() === "outside"}>
          <Outside />
        </Match>
        <Match when={stage() === "unreachable"}>
          <Notice
            scene="sci-fi"
            title={t("unreachable-title")}
            lead={t("unreachable-lead")}
            testid="unreachable"
          />
        </Match>
        <Match when={saying(stage(), "ended")} keyed>
          {(code) => <Ended tg={tg} code={code} room={codeHere()} retry={beginAgain} />}
        </Match>
        <Match when={saying(stage(), "waiting")} keyed>
          {(seconds) => <Waiting seconds={seconds} over={beginAgain} />}
        </Match>
        <Match when={stage() === "forgotten"}>
          <Notice scene="romance" title={t("forgotten-title")} lead={t("forgotten-lead")} testid="forgotten">
            <button class="big" onClick={() => tg.close()}>
              {t("ended-close")}
            </button>
          </Notice>
        </Match>
        <Match when={stage() === "broken"}>
          <Notice scene="comedy" title={t("broken-title")} lead={t("broken-lead")} testid="broken">
            <button class="big" onClick={beginAgain}>
              {t("retry")}
            </button>
          </Notice>
        </Match>
      </Switch>
      {toasts.view()}
    </AppContext.Provider>
  );
}

function saying<K extends "ended" | "waiting">(
  stage: Stage,
  what: K,
): Extract<Stage, Record<K, unknown>>[K] | null {
  return typeof stage === "object" && what in stage
    ? (stage as Extract<Stage, Record<K, unknown>>)[what]
    : null;
}

function Here(props: { router: Router }) {
  const route = () => props.router.route();
  createEffect(() => {
    leadBack(props.router.canGoBack() ? props.router.back : null);
  });
  onCleanup(() => {
    leadBack(null);
  });
  return (
    <Switch>
      <Match when={route().screen === "home"}>
        <Home />
      </Match>
      <Match when={route().screen === "new"}>
        <NewRoom />
      </Match>
      <Match when={route().screen === "find"}>
        <RoomsToFind />
      </Match>
      <Match when={inRoom(route())} keyed>
        {(here) => <RoomScreen code={here.code} room={here.room} />}
      </Match>
    </Switch>
  );
}

function inRoom(route: Route) {
  return route.screen === "room" && route;
}

function Outside() {
  const bot = document.querySelector<HTMLMetaElement>('meta[name="sovpalo-bot"]')?.content ?? "";
  return (
    <Notice title={t("outside-title")} lead={t("outside-lead")} testid="outside" mark={t("app-name")}>
      <Show when={bot.startsWith("https://t.me/")}>
        <a class="big" href={bot}>
          {t("outside-open")}
        </a>
      </Show>
    </Notice>
  );
}
