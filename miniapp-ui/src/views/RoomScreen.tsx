/** One room from outside to inside: loaded, previewed, joined, lived in, lost. */
import {
  Match,
  Show,
  Switch,
  createEffect,
  createMemo,
  createSignal,
  onCleanup,
  onMount,
  untrack,
} from "solid-js";

import { useApp } from "../app";
import type { Preview, Room } from "../generated/wire";
import { isRoom, typedTitle } from "../net/api";
import { Refused, Unreachable } from "../net/problem";
import { Notice } from "../parts/Notice";
import { Avatar } from "../parts/Avatar";
import type { RefusedIntent } from "../room/live";
import { Poster } from "../poster/Poster";
import { useRoom } from "../room/useRoom";
import { useBack } from "../telegram/back";
import { t } from "../text/texts";
import { MatchScreen } from "./MatchScreen";
import { Skeleton } from "./Skeleton";
import { Swipe } from "./Swipe";
import { Lobby, Results } from "./later";

type Answer =
  | { kind: "room"; room: Room }
  | { kind: "preview"; preview: Preview }
  | { kind: "gone" | "removed" | "away" };

export function RoomScreen(props: { code: string; room: Room | null }) {
  const app = useApp();
  const home = () => {
    app.go({ screen: "home" });
  };
  useBack(home);
  // The route is keyed: another room is another screen.
  const given = untrack(() => props.room);
  const [answer, setAnswer] = createSignal<Answer | null>(given ? { kind: "room", room: given } : null);
  let retry: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => {
    clearTimeout(retry);
  });

  const load = async () => {
    try {
      const found = await app.api.room(props.code);
      setAnswer(isRoom(found) ? { kind: "room", room: found } : { kind: "preview", preview: found });
    } catch (error) {
      // A proxy's own page, whatever its status, says nothing of the room.
      const passing = error instanceof Refused && (error.status >= 429 || error.code === "unknown");
      if (error instanceof Unreachable || passing) {
        setAnswer({ kind: "away" });
        retry = setTimeout(() => void load(), 2_000);
      } else setAnswer({ kind: error instanceof Refused && error.status === 403 ? "removed" : "gone" });
    }
  };
  onMount(() => {
    if (answer() === null) void load();
  });

  return (
    <Switch fallback={<Skeleton room />}>
      <Match when={asKind(answer(), "room")} keyed>
        {({ room }) => <Inside room={room} lost={(kind) => setAnswer({ kind })} />}
      </Match>
      <Match when={asKind(answer(), "preview")} keyed>
        {({ preview }) => <Stranger preview={preview} joined={(room) => setAnswer({ kind: "room", room })} />}
      </Match>
      <Match when={answer()?.kind === "gone"}>
        <Notice scene="mystery" title={t("not-found-title")} lead={t("not-found-lead")} testid="not-found">
          <button class="big" onClick={home}>
            {t("back-home")}
          </button>
        </Notice>
      </Match>
      <Match when={answer()?.kind === "removed"}>
        <Notice scene="western" title={t("removed-title")} lead={t("removed-lead")} testid="removed">
          <button class="big" onClick={home}>
            {t("back-home")}
          </button>
        </Notice>
      </Match>
      <Match when={answer()?.kind === "away"}>
        <Notice
          scene="sci-fi"
          title={t("unreachable-title")}
          lead={t("unreachable-lead")}
          testid="unreachable"
        />
      </Match>
    </Switch>
  );
}

function asKind<K extends Answer["kind"]>(answer: Answer | null, kind: K) {
  return answer?.kind === kind ? (answer as Extract<Answer, { kind: K }>) : null;
}

function Stranger(props: { preview: Preview; joined: (room: Room) => void }) {
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

function Inside(props: { room: Room; lost: (how: "gone" | "removed") => void }) {
  const app = useApp();
  const refused = ({ code, intent }: RefusedIntent) => {
    app.tg.haptic("warning");
    const title = intent?.title?.name ?? "";
    const type = intent?.command.type;
    if (code === "wrong_phase") app.say(t("refused-wrong_phase"));
    else if (code === "room_worn_out") app.say(t("refused-room_worn_out"));
    else if (type === "swipe" || type === "undo" || type === "pick") app.say(t(`refused-${type}`, { title }));
    else app.excuse(new Refused(0, code, ""));
  };
  // eslint-disable-next-line solid/reactivity -- the live room starts from it and follows the server from then on
  const handle = useRoom(app, props.room, refused);
  const phase = createMemo(() => handle.view.room.phase);
  const celebrating = createMemo(() => handle.view.uncelebrated[0]?.number);

  // A question that is asked anew is no news.
  const slow = createMemo<boolean>((was) => {
    const status = handle.status();
    return status === "connecting" ? was : status === "polling";
  }, false);

  createEffect(() => {
    const status = handle.status();
    if (typeof status === "object" && status.ended !== "session") props.lost(status.ended);
  });
  createEffect(() => {
    app.tg.confirmClosing(phase() === "swiping");
  });
  onCleanup(() => {
    app.tg.confirmClosing(false);
  });

  return (
    <>
      <OfflineBanner connected={handle.status() === "open" || handle.status() === "polling"} />
      <Show when={slow()}>
        <SlowBanner />
      </Show>
      <Switch>
        <Match when={phase() === "lobby"}>
          <Lobby room={handle} />
        </Match>
        <Match when={phase() === "swiping"}>
          <Swipe room={handle} />
        </Match>
        <Match when={phase() === "finished"}>
          <Results room={handle} />
        </Match>
      </Switch>
      <Show when={celebrating()} keyed>
        {(number) => <MatchScreen room={handle} number={number} />}
      </Show>
    </>
  );
}

/** A reconnect that takes a moment is nobody's business; a longer one is said. */
function OfflineBanner(props: { connected: boolean }) {
  const [shown, setShown] = createSignal(false);
  createEffect(() => {
    if (props.connected) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), navigator.onLine ? 1_500 : 0);
    onCleanup(() => {
      clearTimeout(timer);
    });
  });
  return (
    <Show when={shown()}>
      <div class="offline-banner" role="status" data-testid="offline-banner">
        {t("offline-banner")}
      </div>
    </Show>
  );
}

/** The network lets no socket through: why everything takes a moment longer, and that nothing is wrong with the phone. */
function SlowBanner() {
  onMount(() => {
    document.documentElement.dataset.slow = "";
  });
  onCleanup(() => {
    delete document.documentElement.dataset.slow;
  });
  return (
    <div class="slow-banner" role="status" data-testid="slow-banner">
      {t("slow-banner")}
    </div>
  );
}
