/** Signs in, then shows where we are. Without Telegram, or without a session, says what to do. */
import { Match, Show, Switch, createSignal, onMount } from "solid-js";

import { type App, AppContext, type Route } from "../app";
import type { Room, User } from "../generated/wire";
import { Api } from "../net/api";
import { inHistory, keptJson, onDisk } from "../net/keep";
import { Refused, Unreachable } from "../net/problem";
import { Session, type SignedIn } from "../net/session";
import { afterFailure } from "../net/signingIn";
import { Notice } from "../parts/Notice";
import type { Telegram } from "../telegram/client";
import { roomCode } from "../telegram/roomCode";
import { languageFor, speak, t } from "../text/texts";
import { RoomScreen } from "./RoomScreen";
import { Skeleton } from "./Skeleton";
import { Ended, Home, NewRoom, Waiting, fetchLater } from "./later";

type Stage =
  | "starting"
  | "unreachable"
  | "broken"
  | "forgotten"
  | "outside"
  | "in"
  /** Why, by the server's code. */
  | { ended: string }
  /** For so many seconds. */
  | { waiting: number };

export function Root(props: { tg: Telegram }) {
  // Telegram does not change under a running page.
  // eslint-disable-next-line solid/reactivity -- read once, by intention
  const { tg } = props;
  const [stage, setStage] = createSignal<Stage>("starting");
  const [user, setUser] = createSignal<User | null>(null);
  const [route, setRoute] = createSignal<Route>({ screen: "home" });
  const [line, setLine] = createSignal<{ text: string; at: number } | null>(null);
  let words = Promise.resolve();
  let lineTimer: ReturnType<typeof setTimeout> | undefined;

  const keep = onDisk(
    () => localStorage,
    inHistory(() => history),
  );
  const fetchHere = (path: string, init: RequestInit) => fetch(path, init);
  const session = new Session(
    { initData: tg.launch.initData, userId: tg.launch.user?.id ?? 0, hash: tg.launch.hash },
    { fetch: fetchHere, keep, now: Date.now },
  );
  session.onEnded = ({ code }) => setStage({ ended: code });

  // A reload comes back to where it happened, and a new launch goes where its link leads.
  const whereKey = `sovpalo.where.${tg.launch.user?.id ?? 0}`;
  const whereToBegin = (room: Room | null): Route => {
    const before = keptJson(keep, whereKey) as { launch?: unknown; code?: unknown } | null;
    const reloaded = before?.launch === tg.launch.hash;
    const code = reloaded
      ? roomCode(typeof before.code === "string" ? before.code : null)
      : (room?.code ?? roomCode(tg.launch.startParam));
    // An inline card whose room does not exist yet leads to where one is made.
    if (code === null) return { screen: !reloaded && tg.launch.startParam === "new" ? "new" : "home" };
    return { screen: "room", code, room: room?.code === code ? room : null };
  };

  const app: App = {
    tg,
    session,
    api: new Api(session, fetchHere),
    keep,
    user: () => user() ?? session.user,
    showUser: setUser,
    forgotten() {
      for (const key of keep.keys("sovpalo.")) keep.remove(key);
      session.forget();
      tg.haptic("success");
      setStage("forgotten");
    },
    go(route) {
      const code = route.screen === "room" ? route.code : null;
      keep.set(whereKey, JSON.stringify({ launch: tg.launch.hash, code }));
      setRoute(route);
    },
    say(text) {
      clearTimeout(lineTimer);
      setLine({ text, at: Date.now() });
      lineTimer = setTimeout(() => setLine(null), 4_000);
    },
    excuse(error) {
      tg.haptic("error");
      if (error instanceof Unreachable) app.say(t("refused-offline"));
      else app.say(t(refusalText(error instanceof Refused ? error.code : "unknown")));
    },
  };

  /** The room that the launch leads to. Launch data joins it by itself; whoever came in by a kept token joins it here. */
  async function roomOfLaunch({ by, room }: SignedIn): Promise<Room | null> {
    const code = roomCode(tg.launch.startParam);
    const before = keptJson(keep, whereKey) as { launch: string } | null;
    if (by === "launch" || code === null || before?.launch === tg.launch.hash) return room;
    // A room that does not let them in says so itself, on its own screen.
    return app.api.join(code).catch(() => null);
  }

  async function signIn(attempt: number): Promise<void> {
    try {
      const signedIn = await session.start();
      setUser(signedIn.user);
      const room = await roomOfLaunch(signedIn);
      await words;
      await speak(languageFor(signedIn.user.language));
      setRoute(whereToBegin(room));
      setStage("in");
      setTimeout(fetchLater, 1_200);
    } catch (error) {
      await words.catch(() => undefined);
      const next = afterFailure(error, attempt, Math.random());
      if (next.kind === "ended") setStage({ ended: next.code });
      else if (next.kind === "broken") setStage("broken");
      else if (next.kind === "wait") setStage({ waiting: next.seconds });
      else {
        if (attempt > 0) setStage("unreachable");
        setTimeout(() => void signIn(attempt + 1), next.pause);
      }
    }
  }

  const startAgain = () => {
    setStage("starting");
    void signIn(0);
  };
  /** Where a new launch is to lead back to. */
  const codeHere = () => {
    const here = route();
    return here.screen === "room" ? here.code : roomCode(tg.launch.startParam);
  };

  onMount(() => {
    // The words and the session are on their way at the same time.
    words = speak(languageFor(tg.launch.user?.language ?? navigator.language));
    if (tg.present) void signIn(0);
    else void words.then(() => setStage("outside"));
  });

  return (
    <AppContext.Provider value={app}>
      <Switch>
        <Match when={stage() === "starting"}>
          <Skeleton room={roomCode(tg.launch.startParam) !== null} />
        </Match>
        <Match when={stage() === "in"}>
          <Here route={route()} />
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
          {(code) => <Ended tg={tg} code={code} room={codeHere()} retry={startAgain} />}
        </Match>
        <Match when={saying(stage(), "waiting")} keyed>
          {(seconds) => <Waiting seconds={seconds} over={startAgain} />}
        </Match>
        <Match when={stage() === "forgotten"}>
          <Notice scene="romance" title={t("forgotten-title")} lead={t("forgotten-lead")} testid="forgotten">
            <button class="big" onClick={() => tg.close()}>
              {t("ended-close")}
            </button>
          </Notice>
        </Match>
        <Match when={stage() === "broken"}>
          <Notice scene="comedy" title={t("broken-title")} lead={t("broken-lead")}>
            <button class="big" onClick={startAgain}>
              {t("retry")}
            </button>
          </Notice>
        </Match>
      </Switch>
      <div class="toast-place" role="status" aria-live="polite">
        <Show when={line()} keyed>
          {(shown) => (
            <div class="toast" data-testid="toast">
              {shown.text}
            </div>
          )}
        </Show>
      </div>
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

function Here(props: { route: Route }) {
  return (
    <Switch>
      <Match when={props.route.screen === "home"}>
        <Home />
      </Match>
      <Match when={props.route.screen === "new"}>
        <NewRoom />
      </Match>
      <Match when={props.route.screen === "room" && props.route} keyed>
        {(route) => <RoomScreen code={route.code} room={route.room} />}
      </Match>
    </Switch>
  );
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

const EXCUSES = new Set([
  "wrong_phase",
  "not_host",
  "room_full",
  "room_worn_out",
  "not_a_member",
  "invalid",
  "too_many",
  "unavailable",
]);

function refusalText(code: string): string {
  return `refused-${EXCUSES.has(code) ? code : "unknown"}`;
}
