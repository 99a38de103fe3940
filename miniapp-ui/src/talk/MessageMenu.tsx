/** What can be done with a message: six quick reactions, and a few lines. Opens beside it and takes the focus. */
import { For, Show, createSignal, onCleanup, onMount } from "solid-js";

import { holdFocus } from "../parts/focus";
import { useBack } from "../telegram/back";
import { t } from "../text/texts";
import { TalkIcon, type TalkIconName } from "./icons";
import type { MessageRow } from "./rows.ts";
import { EDITABLE_FOR } from "./timeline.ts";
import { useTalkView } from "./useTalk.ts";
import { onlyEmoji } from "./wording.ts";
import "./menu.css";

export const QUICK = ["👍", "❤️", "😂", "🔥", "😮", "😢"] as const;

/** So much stays free between the menu and the window's edges, in pixels. */
const EDGE = 10;

export interface MenuActs {
  react: (emoji: string) => void;
  reply: () => void;
  copy: () => void;
  edit: () => void;
  remove: () => void;
}

export function MessageMenu(props: { row: MessageRow; beside: DOMRect; acts: MenuActs; close: () => void }) {
  const { word } = useTalkView();
  const [asking, setAsking] = createSignal(false);
  let menu!: HTMLDivElement;
  useBack(() => {
    props.close();
  });
  onMount(() => {
    place(menu, props.beside, props.row.mine);
    // Turned or resized, what it stood beside is elsewhere.
    addEventListener("resize", props.close);
  });
  onCleanup(() => {
    removeEventListener("resize", props.close);
  });
  holdFocus(() => menu, {
    first: () => menu.querySelector<HTMLElement>(".menu-list [role=menuitem]"),
    givesBack: false,
  });

  const act = (what: () => void) => () => {
    props.close();
    what();
  };
  const editable = () =>
    props.row.mine &&
    props.row.number !== null &&
    onlyEmoji(props.row.text) === 0 &&
    Date.now() - props.row.at < EDITABLE_FOR;
  const mine = () => props.row.reactions.find((reaction) => reaction.mine)?.emoji;

  const walk = (event: KeyboardEvent) => {
    if (event.key === "Tab") {
      event.preventDefault();
      props.close();
      return;
    }
    const items = Array.from(menu.querySelectorAll<HTMLElement>("[role^=menuitem]"));
    const at = items.indexOf(document.activeElement as HTMLElement);
    const next = nextItem(event.key, at, items.length);
    if (next === null) return;
    event.preventDefault();
    items[next]?.focus();
  };

  return (
    <>
      <div
        class="menu-veil"
        onClick={() => props.close()}
        onContextMenu={(event) => event.preventDefault()}
      />
      <div
        ref={menu}
        class="menu"
        classList={{ mine: props.row.mine }}
        role="menu"
        aria-label={word("talk-actions")}
        data-testid="message-menu"
        tabindex="-1"
        onKeyDown={walk}
      >
        <Show when={props.row.number !== null && !asking()}>
          <div class="menu-emoji" role="group">
            <For each={QUICK}>
              {(emoji) => (
                <button
                  role="menuitemradio"
                  tabindex="-1"
                  aria-checked={mine() === emoji}
                  aria-label={word("talk-react", { emoji })}
                  classList={{ on: mine() === emoji }}
                  onClick={act(() => props.acts.react(emoji))}
                >
                  <span aria-hidden="true">{emoji}</span>
                </button>
              )}
            </For>
          </div>
        </Show>
        <div class="menu-list" role="group">
          <Show
            when={!asking()}
            fallback={
              <>
                <Item icon="bin" text={word("talk-delete-ask")} bad act={act(props.acts.remove)} focus />
                <Item icon="again" text={t("cancel")} act={props.close} />
              </>
            }
          >
            <Show when={props.row.number !== null}>
              <Item icon="reply" text={word("talk-reply")} act={act(props.acts.reply)} />
            </Show>
            <Item icon="copy" text={word("talk-copy")} act={act(props.acts.copy)} />
            <Show when={editable()}>
              <Item icon="edit" text={word("talk-edit")} act={act(props.acts.edit)} />
            </Show>
            <Show when={props.row.mine && props.row.number !== null}>
              <Item icon="bin" text={word("talk-delete")} bad act={() => setAsking(true)} />
            </Show>
          </Show>
        </div>
      </div>
    </>
  );
}

function Item(props: { icon: TalkIconName; text: string; bad?: boolean; focus?: boolean; act: () => void }) {
  let button!: HTMLButtonElement;
  onMount(() => {
    if (props.focus) button.focus();
  });
  return (
    <button
      ref={button}
      role="menuitem"
      tabindex="-1"
      classList={{ bad: props.bad ?? false }}
      onClick={() => props.act()}
    >
      <TalkIcon name={props.icon} />
      {props.text}
    </button>
  );
}

function nextItem(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowDown":
    case "ArrowRight":
      return (at + 1) % count;
    case "ArrowUp":
    case "ArrowLeft":
      return (at - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

/** Below the message, or above it where there is no room, and always within the window. */
function place(menu: HTMLElement, beside: DOMRect, right: boolean): void {
  // Its own size: while it opens it is drawn smaller.
  const { offsetWidth: width, offsetHeight: height } = menu;
  const seen = window.visualViewport;
  const [top, tall] = [seen?.offsetTop ?? 0, seen?.height ?? innerHeight];
  const below = beside.bottom + 6;
  const above = beside.top - height - 6;
  const fits = below + height + EDGE <= top + tall;
  const wanted = fits || above < top + EDGE ? below : above;
  const y = Math.max(top + EDGE, Math.min(wanted, top + tall - height - EDGE));
  const x = Math.max(EDGE, Math.min(right ? beside.right - width : beside.left, innerWidth - width - EDGE));
  menu.style.setProperty("--menu-x", `${x}px`);
  menu.style.setProperty("--menu-y", `${y}px`);
  menu.style.setProperty("transform-origin", `${right ? "100%" : "0"} ${wanted === below ? "0" : "100%"}`);
}
