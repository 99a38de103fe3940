/**
 * The talk over the room: a dialog that slides up, holds the messages and the composer, and goes by back, Escape, a tap beside it or
 * a pull downwards.
 */
import { For, Match, Show, Switch, createEffect, createSignal, on, onCleanup, onMount } from "solid-js";
import { Portal } from "solid-js/web";

import { Avatar } from "../parts/Avatar";
import { copied } from "../parts/clipboard";
import { keepInside } from "../parts/focus";
import { Icon } from "../parts/icons";
import { useBack } from "../telegram/back";
import { t } from "../text/texts";
import { Composer, type ComposerHandle, type Mode } from "./Composer";
import { pullable } from "./gestures.ts";
import { TalkIcon } from "./icons";
import { List, type ListHandle } from "./List";
import { MessageMenu } from "./MessageMenu";
import type { MessageRow } from "./rows.ts";
import { Typing } from "./Typing";
import { useTalkView } from "./useTalk.ts";
import { stayAboveKeyboard } from "./viewport.ts";

/** Pulled further than this, in pixels, or faster than this, in px/ms, the panel goes. */
const AWAY = { far: 130, fast: 0.6 };
/** So long it slides, in ms; the style sheet says the same. */
const SLIDE = 280;

export interface PanelHandle {
  /** Follows a finger that pulls it up from the bar: so many pixels are seen. */
  show: (pixels: number) => void;
  /** The finger is gone. */
  settle: (open: boolean) => void;
}

export function Panel(props: {
  close: () => void;
  /** A finger is pulling it up: it waits for that. */
  pulled: boolean;
  handle: (handle: PanelHandle) => void;
  news: string;
}) {
  const view = useTalkView();
  const { word, talk, props: around } = view;
  const { conversation } = talk;
  const [place, setPlace] = createSignal("100%");
  const [held, setHeld] = createSignal(false);
  const [mode, setMode] = createSignal<Mode>(
    conversation.draft.replyTo === null
      ? { mode: "new" }
      : { mode: "reply", number: conversation.draft.replyTo },
  );
  const [menu, setMenu] = createSignal<{ row: MessageRow; beside: DOMRect } | null>(null);
  let panel!: HTMLElement;
  let head!: HTMLElement;
  let composer: ComposerHandle | undefined;
  let list: ListHandle | undefined;
  let gone: ReturnType<typeof setTimeout> | undefined;
  const before = document.activeElement;

  const settle = (open: boolean) => {
    setHeld(false);
    setPlace(open ? "0px" : "100%");
    clearTimeout(gone);
    if (!open) gone = setTimeout(() => props.close(), SLIDE);
  };
  const leave = () => settle(false);
  useBack(leave);
  onMount(() => {
    panel.focus({ preventScroll: true });
    const loose = [
      stayAboveKeyboard(panel),
      pullable(head, {
        move(y) {
          setHeld(true);
          setPlace(`${Math.max(0, y)}px`);
        },
        end: (y, speed) => settle(!(y > AWAY.far || (speed > AWAY.fast && y > 0))),
      }),
    ];
    onCleanup(() => loose.forEach((loosen) => loosen()));
    if (props.pulled) setHeld(true);
    else {
      // From below: the browser has to see where it begins.
      panel.getBoundingClientRect();
      settle(true);
    }
    props.handle({
      show: (pixels) => {
        setHeld(true);
        setPlace(`${Math.max(0, panel.offsetHeight - pixels)}px`);
      },
      settle,
    });
  });
  onCleanup(() => {
    clearTimeout(gone);
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  });

  const people = () =>
    around.members.filter((one) => one.online === true && one.id !== talk.state().me).length;
  const closeMenu = () => {
    setMenu(null);
    list?.focusMessage();
  };
  const copy = async (text: string) => {
    around.notify(word((await copied(text)) ? "talk-copied" : "talk-copy-failed"));
  };
  const react = (row: MessageRow, emoji: string) => {
    if (row.number === null) return;
    around.tg.haptic("tick");
    const mine = row.reactions.some((reaction) => reaction.mine && reaction.emoji === emoji);
    void conversation.react(row.number, mine ? null : emoji);
  };
  const reply = (row: MessageRow) => {
    if (row.number === null) return;
    setMode({ mode: "reply", number: row.number });
    composer?.focus();
  };
  const edit = (row: MessageRow) => {
    if (row.number === null) return;
    setMode({ mode: "edit", number: row.number, text: row.text });
    composer?.focus();
  };
  const editLast = () => {
    const last = [...talk.rows].reverse().find((row) => row.kind === "message" && row.mine && !row.deleted);
    if (last?.kind === "message") edit(last);
  };
  const acts = {
    menu(row: MessageRow, bubble: HTMLElement) {
      setMenu({ row: { ...row }, beside: bubble.getBoundingClientRect() });
    },
    reply,
    react,
    jump: (number: number) => void list?.jump(number),
  };

  return (
    <Portal>
      <div
        class="talk-veil"
        classList={{ there: place() === "0px" }}
        onClick={leave}
        data-testid="talk-veil"
      />
      <section
        ref={panel}
        class="talk"
        classList={{ held: held() }}
        style={{ transform: `translateY(${place()})` }}
        role="dialog"
        aria-modal="true"
        aria-label={`${word("talk-title")}: ${around.title}`}
        tabindex="-1"
        data-testid="talk"
        onKeyDown={(event) => keepInside(panel, event)}
      >
        <header ref={head} class="talk-head">
          <span class="talk-grip" aria-hidden="true" />
          <div class="talk-names">
            <h2>{around.title}</h2>
            <p classList={{ offline: !around.connected }} data-testid="talk-status">
              {around.connected ? word("talk-online", { count: people() }) : word("talk-offline")}
            </p>
          </div>
          <button class="round" aria-label={t("close")} data-testid="talk-close" onClick={leave}>
            <Icon name="cross" />
          </button>
        </header>
        <Switch fallback={<List acts={acts} handle={(handle) => (list = handle)} busy={menu() !== null} />}>
          <Match when={talk.failed()}>
            <Trouble />
          </Match>
          <Match when={talk.rows.length === 0 && talk.loading() !== null}>
            <Bones />
          </Match>
          <Match when={talk.rows.length === 0}>
            <Empty />
          </Match>
        </Switch>
        <footer class="talk-foot">
          <Typing />
          <Composer
            mode={mode()}
            leave={() => setMode({ mode: "new" })}
            sent={() => list?.toEnd()}
            editLast={editLast}
            handle={(handle) => (composer = handle)}
          />
        </footer>
        <p class="visually-hidden" role="status" aria-live="polite" data-testid="talk-news">
          {props.news}
        </p>
      </section>
      <Show when={menu()} keyed>
        {({ row, beside }) => (
          <MessageMenu
            row={row}
            beside={beside}
            close={closeMenu}
            acts={{
              react: (emoji) => react(row, emoji),
              reply: () => reply(row),
              copy: () => void copy(row.text),
              edit: () => edit(row),
              remove() {
                if (row.number !== null) void conversation.unsay(row.number);
              },
            }}
          />
        )}
      </Show>
      <Deleted mode={mode()} leave={() => setMode({ mode: "new" })} />
    </Portal>
  );
}

/** Nobody answers or edits what is gone. */
function Deleted(props: { mode: Mode; leave: () => void }) {
  const { talk } = useTalkView();
  const target = () => (props.mode.mode === "new" ? null : props.mode.number);
  createEffect(
    on([target, talk.state], ([number]) => {
      const gone = talk.rows.some((row) => row.kind === "message" && row.number === number && row.deleted);
      if (number !== null && gone) props.leave();
    }),
  );
  return null;
}

function Bones() {
  const { word } = useTalkView();
  return (
    <div class="talk-middle talk-bones" role="status" aria-label={word("talk-loading")}>
      <span class="bone" />
      <span class="bone" />
      <span class="bone mine" />
      <span class="bone" />
    </div>
  );
}

function Trouble() {
  const { word, talk } = useTalkView();
  return (
    <div class="talk-middle talk-empty" data-testid="talk-failed">
      <span class="talk-trouble">
        <TalkIcon name="alert" />
      </span>
      <h3>{word("talk-failed")}</h3>
      <p class="lead">{word("talk-failed-lead")}</p>
      <button class="chip" onClick={() => talk.conversation.retry()}>
        {word("talk-again")}
      </button>
    </div>
  );
}

const STARTERS = ["talk-starter-hi", "talk-starter-mood", "talk-starter-popcorn"];

function Empty() {
  const { word, talk, props: around } = useTalkView();
  const faces = () => around.members.slice(0, 3);
  return (
    <div class="talk-middle talk-empty" data-testid="talk-empty">
      <div class="talk-faces" aria-hidden="true">
        <For each={faces()}>{(member) => <Avatar member={member} />}</For>
      </div>
      <h3>{word("talk-empty")}</h3>
      <p class="lead">{word("talk-empty-lead")}</p>
      <div class="talk-starters">
        <For each={STARTERS}>
          {(starter) => (
            <button class="chip" onClick={() => void talk.conversation.say(word(starter), null)}>
              {word(starter)}
            </button>
          )}
        </For>
      </div>
    </div>
  );
}
