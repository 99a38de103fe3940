/**
 * Puts together what every screen may reach, and signs in: again and again while that can help, or says what would.
 */
import { type Accessor, createSignal } from "solid-js";

import type { Room, User } from "../generated/wire";
import { Api } from "../net/api";
import { type Keep, inHistory, onDisk } from "../net/keep";
import { fetchOnDemand } from "../parts/onDemand";
import { whenOftenFailed } from "../net/untilFetched";
import type { Telegram } from "../telegram/client";
import { roomCode } from "../telegram/roomCode";
import { languageFor, speak, t } from "../text/texts";
import type { App } from "./context";
import { excuseFor } from "./excuses";
import { phoneOf } from "./phone";
import { reloadIfRebuilt, reloading } from "./reload";
import { type Router, createRouter } from "./router";
import { Session, type SignedIn } from "./session";
import { afterFailure } from "./signingIn";
import { whereOf } from "./where";

/** How far the app has come. */
export type Stage =
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

export interface Started {
  app: App;
  router: Router;
  stage: Accessor<Stage>;
  /** Signs in, in Telegram; elsewhere says that it belongs there. */
  begin: () => void;
  /** The same once more, from the beginning. */
  beginAgain: () => void;
  /** The room that another launch is to lead back to. */
  codeHere: () => string | null;
}

/** What is fetched on demand waits for so long after the first screen, in ms. */
const QUIET = 1_200;

export function start(tg: Telegram, say: (text: string) => void): Started {
  const [stage, setStage] = createSignal<Stage>("starting");
  const [user, setUser] = createSignal<User | null>(null);
  const keep = keepOf();
  const fetchHere = reloading((path, init) => fetch(path, init));
  const session = new Session(
    { initData: tg.launch.initData, userId: tg.launch.user?.id ?? 0, hash: tg.launch.hash },
    { fetch: fetchHere, keep, now: Date.now },
  );
  session.onEnded = ({ code }) => setStage({ ended: code });
  const where = whereOf(tg.launch, keep);
  let settled = false;
  const router = createRouter((route) => {
    // Where the launch itself leads is nothing to remember: it leads there again.
    if (settled) where.remember(route);
  });

  whenOftenFailed(() => void reloadIfRebuilt(fetchHere));
  const api = new Api(session, fetchHere);
  const phone = phoneOf(api, session, keep, fetchHere);
  const app: App = {
    tg,
    session,
    api,
    keep,
    phone,
    user: () => user() ?? session.user,
    showUser: setUser,
    forgotten() {
      phone.stop();
      for (const key of keep.keys("sovpalo.")) keep.remove(key);
      session.forget();
      tg.haptic("success");
      setStage("forgotten");
    },
    go: router.go,
    say,
    excuse(error) {
      tg.haptic("error");
      say(t(excuseFor(error)));
    },
  };

  /** The room that the launch leads to. Launch data joins it by itself; whoever came in by a kept token joins it here. */
  async function roomOfLaunch({ by, room }: SignedIn): Promise<Room | null> {
    const code = roomCode(tg.launch.startParam);
    if (by === "launch" || code === null || where.isReload()) return room;
    // A room that does not let them in says so itself, on its own screen.
    return app.api.join(code).catch(() => null);
  }

  let words = Promise.resolve();

  async function signIn(attempt: number): Promise<void> {
    try {
      const signedIn = await session.start();
      setUser(signedIn.user);
      phone.start();
      const room = await roomOfLaunch(signedIn);
      await words;
      await speak(languageFor(signedIn.user.language));
      router.go(where.begin(room));
      settled = true;
      setStage("in");
      setTimeout(fetchOnDemand, QUIET);
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

  return {
    app,
    router,
    stage,
    begin() {
      // The words and the session are on their way at the same time.
      words = speak(languageFor(tg.launch.user?.language ?? navigator.language));
      if (tg.present) void signIn(0);
      else void words.then(() => setStage("outside"));
    },
    beginAgain() {
      setStage("starting");
      void signIn(0);
    },
    codeHere() {
      const here = router.route();
      return here.screen === "room" ? here.code : roomCode(tg.launch.startParam);
    },
  };
}

function keepOf(): Keep {
  return onDisk(
    () => localStorage,
    inHistory(() => history),
  );
}
