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

import { useApp } from "../app/context";
import type { Preview, Room } from "../generated/wire";
import { isRoom } from "../net/api";
import { Refused, Unreachable } from "../net/problem";
import { Notice } from "../parts/Notice";
import type { BesideFilm } from "../watching/Watching";
import type { RefusedIntent } from "./live";
import { useRoom } from "./useRoom";
import type { MessagesSummary, RoomTimeline } from "../sync/timeline";
import { t } from "../text/texts";
import { Skeleton } from "../parts/Skeleton";
import { Swipe } from "../swiping/Swipe";
import { onDemand } from "../parts/onDemand";

const Lobby = onDemand(() => import("../lobby/Lobby"), "screen");
const Results = onDemand(() => import("../swiping/Results"), "screen");
const MatchScreen = onDemand(() => import("../swiping/MatchScreen"), "part");
const Talk = onDemand(() => import("../talk/Talk"), "part");
const Voice = onDemand(() => import("../voice/Voice"), "part");
const Watching = onDemand(() => import("../watching/Watching"), "part");
const Stranger = onDemand(() => import("./Stranger"), "screen");
const Company = onDemand(() => import("./Company"), "part");
const Lost = onDemand(() => import("./Lost"), "screen");

type Answer =
  | { kind: "room"; room: Room }
  | { kind: "preview"; preview: Preview }
  | { kind: "gone" }
  | { kind: "removed" }
  | { kind: "away" };

export function RoomScreen(props: { code: string; room: Room | null }) {
  const app = useApp();
  const home = () => {
    app.go({ screen: "home" });
  };
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
      <Match when={asKind(answer(), "gone") ?? asKind(answer(), "removed")} keyed>
        {({ kind }) => <Lost how={kind} home={home} />}
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

  const connected = () => handle.status() === "open" || handle.status() === "polling";
  const summary = useSummary(handle.live.timeline);
  const [places, setPlaces] = createSignal<BesideFilm | null>(null);

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
      <OfflineBanner connected={connected()} />
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
      <Show when={summary()}>
        {(messages) => (
          <>
            <Talk
              timeline={handle.live.timeline}
              room={handle.view.room.code}
              title={handle.view.room.name}
              members={handle.view.room.members}
              summary={messages()}
              connected={connected()}
              keep={app.keep}
              tg={app.tg}
              notify={app.say}
              place={places()?.talk ?? null}
            />
            <Voice
              place={places()?.voice ?? null}
              me={handle.me}
              members={handle.view.room.members}
              signals={handle.live.signals}
              connected={handle.status() === "open"}
              platform={app.tg.launch.platform}
              ice={() => app.api.ice(props.room.code)}
              haptic={app.tg.haptic}
              notify={app.say}
            />
            <Watching room={handle} places={setPlaces} />
            <Company room={handle} />
          </>
        )}
      </Show>
      <Show when={celebrating()} keyed>
        {(number) => <MatchScreen room={handle} number={number} />}
      </Show>
    </>
  );
}

/** The talk comes once the first card has had its moment, in ms. */
const QUIET = 1_200;

/**
 * Where the room's messages stood when it was opened; null until the quiet, and where the server has none. The place for the talk's
 * bar is kept from the beginning, so that nothing moves when it comes.
 */
function useSummary(timeline: RoomTimeline) {
  const [summary, setSummary] = createSignal<MessagesSummary | null>(null);
  const nothing = () => undefined;
  const listener = { message: nothing, gap: nothing, read: nothing, typing: nothing, summary: setSummary };
  let stop: () => void = nothing;
  const timer = setTimeout(() => {
    // Only now: what was said meanwhile is in it.
    stop = timeline.subscribe(listener);
  }, QUIET);
  document.documentElement.dataset.talk = "";
  onCleanup(() => {
    clearTimeout(timer);
    stop();
    delete document.documentElement.dataset.talk;
  });
  return summary;
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
  const { style } = document.documentElement;
  let words!: HTMLSpanElement;
  const measure = () => {
    style.setProperty("--strip", `${words.offsetHeight}px`);
  };
  onMount(() => {
    measure();
    addEventListener("resize", measure);
  });
  onCleanup(() => {
    style.removeProperty("--strip");
    removeEventListener("resize", measure);
  });
  return (
    <div class="slow-banner" role="status" data-testid="slow-banner">
      <span ref={words}>{t("slow-banner")}</span>
    </div>
  );
}
