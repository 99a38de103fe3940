/** The messages and the composer of a talk, in whatever shows them: the panel over the room, or the place beside a film. */
import { For, Match, Show, Switch, createEffect, createSignal, on } from "solid-js";
import { Portal } from "solid-js/web";

import { Avatar } from "../parts/Avatar";
import { copied } from "../parts/clipboard";
import { Composer, type ComposerHandle, type Mode } from "./Composer";
import { TalkIcon } from "./icons";
import { List, type ListHandle } from "./List";
import { MessageMenu } from "./MessageMenu";
import type { MessageRow } from "./rows.ts";
import { Typing } from "./Typing";
import { useTalkView } from "./useTalk.ts";
import "./list.css";

export function Body(props: { news: string }) {
  const view = useTalkView();
  const { word, talk, props: around } = view;
  const { conversation } = talk;
  const [mode, setMode] = createSignal<Mode>(
    conversation.draft.replyTo === null
      ? { mode: "new" }
      : { mode: "reply", number: conversation.draft.replyTo },
  );
  const [menu, setMenu] = createSignal<{ row: MessageRow; beside: DOMRect } | null>(null);
  let composer: ComposerHandle | undefined;
  let list: ListHandle | undefined;

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
    <>
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
      <Show when={menu()} keyed>
        {({ row, beside }) => (
          <Portal>
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
          </Portal>
        )}
      </Show>
      <Deleted mode={mode()} leave={() => setMode({ mode: "new" })} />
    </>
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
      <button class="chip talk-chip" onClick={() => talk.conversation.retry()}>
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
            <button class="chip talk-chip" onClick={() => void talk.conversation.say(word(starter), null)}>
              {word(starter)}
            </button>
          )}
        </For>
      </div>
    </div>
  );
}
