/** The heart of the evening: a stack of cards, and how far everybody is. */
import { Index, Show, createMemo, createSignal, onCleanup, onMount } from "solid-js";

import { useApp } from "../app/context";
import type { Title, Verdict } from "../generated/wire";
import { Icon } from "../parts/icons";
import { type RoomHandle, plain } from "../room/useRoom";
import { t } from "../text/texts";
import { RoomMenu } from "../room/lazy";
import { whenIdle } from "../parts/idle";
import { createMedia } from "../parts/media";
import { Face } from "./Face";
import { Ahead, Beside, Details, RuleLine, Secrecy, Signalled, Through } from "./lazy";
import { Stack, type StackHandle } from "./Stack";

/** Where the card stands beside its text; as in swiping.css. */
const WIDE = "(min-aspect-ratio: 6/5) and (min-width: 600px)";

/** So long nothing else comes over the network after the first card, in ms. */
const QUIET = 1_500;

/** Cards to swipe, and who is how far. */
export function Swipe(props: { room: RoomHandle }) {
  const app = useApp();
  /** Open, and at whom. */
  const [menu, setMenu] = createSignal<boolean | number>(false);
  const [details, setDetails] = createSignal<Title | null>(null);
  /** The first card has had its moment; what comes now keeps nobody waiting for it. */
  const [settled, setSettled] = createSignal(false);
  /** The next cards come in advance a while later. */
  const [quiet, setQuiet] = createSignal(false);
  /** Who has never swiped is told who sees what of it. */
  const untold = app.keep.get("secrecy") === null;
  /** What this phone has just signalled for the first time. */
  const [signalled, setSignalled] = createSignal<Verdict | null>(null);
  let stack: StackHandle | undefined;
  const view = () => props.room.view;
  const others = createMemo(() => view().room.members.filter((member) => member.id !== props.room.me));
  /** As many faces as leave room for the name. */
  const few = () => (others().length > 4 ? 3 : 4);

  const swipe = (title: Title, verdict: Verdict) => {
    app.tg.haptic("press");
    props.room.swipe(title, verdict);
    const isSignal = verdict === "super_like" || verdict === "veto";
    setSignalled(isSignal && app.keep.get(`signal.${verdict}`) === null ? verdict : null);
  };
  const mayGive = (verdict: Verdict) => {
    const { my_super_likes_left, my_vetoes_left } = view().room;
    return (
      (verdict !== "super_like" || my_super_likes_left > 0) && (verdict !== "veto" || my_vetoes_left > 0)
    );
  };
  const fling = (verdict: Verdict) => {
    if (mayGive(verdict)) stack?.fling(verdict);
  };
  const top = () => view().cards[0];
  const wide = createMedia(WIDE);
  const openDetails = () => {
    const title = top();
    if (title) setDetails(plain(title));
  };
  const vetoOf = () => ({
    left: view().room.my_vetoes_left,
    people: view().room.members.length,
    give() {
      setDetails(null);
      fling("veto");
    },
  });
  const undo = () => {
    if (view().undoable === null) return;
    app.tg.haptic("tick");
    props.room.live.undo();
  };

  const key = (event: KeyboardEvent) => {
    if (menu() !== false || details() || event.metaKey || event.ctrlKey || event.altKey) return;
    // A key that is held down is one swipe, not a deck of them.
    if (event.repeat || document.querySelector('[role="dialog"]') !== null) return;
    if (event.key === "ArrowRight") fling("like");
    else if (event.key === "ArrowLeft") fling("skip");
    else if (event.key === "ArrowUp") fling("super_like");
    else if (event.code === "KeyV" && view().room.veto) fling("veto");
    else if (event.key === "Backspace" || event.key.toLowerCase() === "z" || event.code === "KeyZ") undo();
    else if ((event.key === "Enter" || event.key === " ") && !isControl(event.target)) openDetails();
    else return;
    event.preventDefault();
  };
  onMount(() => {
    addEventListener("keydown", key);
    const beat = setTimeout(() => setSettled(true), 600);
    let cancel: () => void = () => undefined;
    const moment = setTimeout(() => {
      cancel = whenIdle(() => setQuiet(true));
    }, QUIET);
    onCleanup(() => {
      clearTimeout(beat);
      clearTimeout(moment);
      cancel();
    });
  });
  onCleanup(() => {
    removeEventListener("keydown", key);
  });

  return (
    <main class="swipe" classList={{ cardless: top() === undefined }} data-testid="swipe">
      <header class="swipe-head">
        <div class="swipe-title">
          <h1>{view().room.name}</h1>
          <p class="note" data-testid="my-progress">
            {t("card-position", { done: view().room.my_swipes, of: view().room.deck_size })}
          </p>
        </div>
        <ul class="others" aria-label={t("everyone")}>
          <Index each={others().slice(0, few())}>
            {(member) => (
              <Face member={member()} of={view().room.deck_size} open={() => setMenu(member().id)} />
            )}
          </Index>
          <Show when={others().length > few()}>
            <li>
              <button class="more-people" aria-label={t("everyone")} onClick={() => setMenu(true)}>
                +{others().length - few()}
              </button>
            </li>
          </Show>
        </ul>
        <button class="round" data-testid="menu" aria-label={t("room-menu")} onClick={() => setMenu(true)}>
          <Icon name="more" />
        </button>
        {/* Its place is kept until it comes, so that no card moves. */}
        <div class="rules-place" classList={{ two: view().room.veto }}>
          <Show when={settled()}>
            <RuleLine room={props.room} />
          </Show>
        </div>
      </header>

      <div class="table">
        <Show when={top() === undefined}>
          <Through room={props.room} />
        </Show>
        <Stack
          cards={view().cards}
          up={mayGive("super_like")}
          swipe={swipe}
          open={(title) => setDetails(plain(title))}
          cross={() => app.tg.haptic("tick")}
          handle={(handle) => {
            stack = handle;
          }}
        />
        <Show when={untold && settled() && view().room.my_swipes === 0}>
          <Secrecy />
        </Show>
        <Show when={signalled()}>
          {(verdict) => <Signalled verdict={verdict()} people={view().room.members.length} />}
        </Show>
      </div>

      <Show when={quiet()}>
        <Ahead room={props.room} />
      </Show>
      <Show when={wide() && top()}>{(title) => <Beside title={title()} />}</Show>
      {/* Who sees no card is told which one is on top now. */}
      <p class="visually-hidden" aria-live="polite">
        {top()?.name}
      </p>

      <footer class="verdicts">
        <button
          class="verdict undo"
          data-testid="undo"
          aria-label={t("undo")}
          disabled={view().undoable === null}
          onClick={undo}
        >
          <Icon name="undo" />
        </button>
        <button
          class="verdict skip"
          data-testid="skip"
          aria-label={t("skip")}
          disabled={top() === undefined}
          onClick={() => {
            fling("skip");
          }}
        >
          <Icon name="cross" />
        </button>
        <button
          class="verdict star"
          data-testid="super-like"
          aria-label={mayGive("super_like") ? t("super-like") : t("super-like-none")}
          disabled={top() === undefined || !mayGive("super_like")}
          onClick={() => {
            fling("super_like");
          }}
        >
          <Icon name="star" filled />
        </button>
        <button
          class="verdict like"
          data-testid="like"
          aria-label={t("like")}
          disabled={top() === undefined}
          onClick={() => {
            fling("like");
          }}
        >
          <Icon name="heart" filled />
        </button>
        <button
          class="verdict about"
          data-testid="details-button"
          aria-label={t("details")}
          disabled={top() === undefined}
          onClick={openDetails}
        >
          <Icon name="info" />
        </button>
      </footer>

      <Show when={details()} keyed>
        {(title) => (
          <Details
            title={title}
            close={() => setDetails(null)}
            {...(view().room.veto && title.id === top()?.id ? { veto: vetoOf() } : {})}
          />
        )}
      </Show>
      <Show when={menu() !== false}>
        <RoomMenu room={props.room} at={menu()} close={() => setMenu(false)} />
      </Show>
    </main>
  );
}

/** What does something of its own when Enter is pressed on it: anything but the page and the card on top. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("a, button, input, textarea, select, summary") !== null;
}
