/** One message: its bubble, what it answers, the reactions under it and who has read up to it. */
import { For, Show, createMemo, createSignal, onCleanup, onMount } from "solid-js";

import { Avatar } from "../parts/Avatar";
import { openLink } from "../telegram/openLink";
import { language } from "../text/texts";
import { touchable } from "./gestures.ts";
import { TalkIcon, type TalkIconName } from "./icons";
import type { MessageRow } from "./rows.ts";
import { clockTime } from "./times.ts";
import { useTalkView, whyOf } from "./useTalk.ts";
import { oneLine, onlyEmoji, pieces } from "./wording.ts";
import "./bubble.css";
import "./quote.css";
import "./beside.css";

/** More faces than this are a number. */
const MAX_FACES = 5;
/** A text longer than this, in characters or lines, is folded until somebody asks for the rest. */
const LONG = { characters: 700, lines: 16 };

export interface BubbleActs {
  menu: (row: MessageRow, bubble: HTMLElement) => void;
  reply: (row: MessageRow) => void;
  jump: (number: number) => void;
  react: (row: MessageRow, emoji: string) => void;
}

export function Bubble(props: {
  row: MessageRow;
  acts: BubbleActs;
  /** Whether the keyboard comes to this one first. */
  reachable: boolean;
  lit: boolean;
  focused: () => void;
}) {
  const { word, name, person, props: around } = useTalkView();
  const row = () => props.row;
  const large = createMemo(() => (row().deleted ? 0 : onlyEmoji(row().text)));
  const [pull, setPull] = createSignal<{ x: number; far: boolean } | null>(null);
  let article!: HTMLElement;
  let bubble!: HTMLDivElement;

  const openMenu = () => {
    if (!row().deleted) props.acts.menu(row(), bubble);
  };
  onMount(() => {
    const loosen = touchable(article, {
      held() {
        if (row().deleted) return;
        around.tg.haptic("press");
        openMenu();
      },
      pull(x, far) {
        if (row().number === null || row().deleted) return;
        if (far && pull()?.far !== true) around.tg.haptic("press");
        setPull({ x, far });
      },
      letGo(far) {
        setPull(null);
        if (far && row().number !== null && !row().deleted) props.acts.reply(row());
      },
    });
    onCleanup(loosen);
  });
  const key = (event: KeyboardEvent) => {
    if (event.target !== article) return;
    const menu =
      event.key === "Enter" || event.key === "ContextMenu" || (event.shiftKey && event.key === "F10");
    if (!menu) return;
    event.preventDefault();
    openMenu();
  };
  const label = () =>
    word("talk-label", {
      name: name(row().author),
      time: clockTime(row().at, language()),
      text: row().deleted ? word("talk-deleted") : oneLine(row().text),
    });

  return (
    <article
      ref={article}
      class="said"
      classList={{
        mine: row().mine,
        first: row().first,
        last: row().last,
        lit: props.lit,
        pulled: pull() !== null,
      }}
      style={{ "--pull": `${pull()?.x ?? 0}px` }}
      tabindex={props.reachable ? 0 : -1}
      aria-label={label()}
      data-testid="message"
      data-number={row().number ?? ""}
      onKeyDown={key}
      onFocus={() => props.focused()}
      onContextMenu={(event) => {
        // Whoever has marked a text or is on a link wants the browser's own menu.
        if (event.target instanceof Element && event.target.closest("a")) return;
        event.preventDefault();
        openMenu();
      }}
    >
      <Show when={!row().mine}>
        <span class="said-face">
          <Show when={row().last}>
            <Avatar member={person(row().author)} />
          </Show>
        </span>
      </Show>
      <div class="said-body">
        <div class="said-line">
          <div
            ref={bubble}
            class={`bubble large-${large()}`}
            classList={{ ghost: row().deleted, failed: row().failed !== null }}
          >
            <Show when={!row().mine && row().first && large() === 0}>
              <p class={`said-name ink-${person(row().author).id % 7}`}>{name(row().author)}</p>
            </Show>
            <Show when={row().replyTo !== null && !row().deleted}>
              <QuoteOf row={row()} jump={props.acts.jump} />
            </Show>
            <Show when={!row().deleted} fallback={<p class="said-text">{word("talk-deleted")}</p>}>
              <Text row={row()} />
            </Show>
            <Meta row={row()} />
          </div>
          <Show when={!row().deleted}>
            <button
              class="said-more"
              tabindex="-1"
              aria-label={word("talk-actions")}
              aria-haspopup="menu"
              onClick={openMenu}
            >
              <span aria-hidden="true">⋯</span>
            </button>
          </Show>
        </div>
        <Show when={row().reactions.length > 0}>
          <ul class="reactions">
            <For each={row().reactions}>
              {(reaction) => (
                <li>
                  <button
                    class="reaction"
                    classList={{ on: reaction.mine }}
                    aria-pressed={reaction.mine}
                    aria-label={word("talk-reaction", {
                      emoji: reaction.emoji,
                      count: reaction.people.length,
                      names: reaction.people.slice(0, MAX_FACES).map(name).join(", "),
                    })}
                    onClick={() => props.acts.react(row(), reaction.emoji)}
                  >
                    <span aria-hidden="true">{reaction.emoji}</span>
                    <span aria-hidden="true" class="reaction-count">
                      {reaction.people.length}
                    </span>
                  </button>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <Show when={row().failed !== null}>
          <Failed row={row()} />
        </Show>
        <Readers people={row().readers} />
      </div>
      <span class="said-pull" classList={{ far: pull()?.far ?? false }} aria-hidden="true">
        <TalkIcon name="reply" />
      </span>
    </article>
  );
}

function Text(props: { row: MessageRow }) {
  const { word, props: around } = useTalkView();
  const [unfolded, setUnfolded] = createSignal(false);
  const long = () =>
    props.row.text.length > LONG.characters || props.row.text.split("\n").length > LONG.lines;
  return (
    <>
      <p class="said-text" classList={{ folded: long() && !unfolded() }} dir="auto">
        <For each={pieces(props.row.text)}>
          {(piece) => (
            <Show when={piece.kind === "link" && piece} fallback={piece.text}>
              {(link) => (
                <a
                  href={link().url}
                  rel="noopener noreferrer nofollow"
                  target="_blank"
                  draggable={false}
                  onClick={(event) => {
                    event.preventDefault();
                    openLink(around.tg, link().url);
                  }}
                >
                  {link().text}
                </a>
              )}
            </Show>
          )}
        </For>
      </p>
      <Show when={long() && !unfolded()}>
        <button class="said-unfold" onClick={() => setUnfolded(true)}>
          {word("talk-read-more")}
        </button>
      </Show>
    </>
  );
}

function QuoteOf(props: { row: MessageRow; jump: (number: number) => void }) {
  const { word, name, person, talk } = useTalkView();
  const quote = () => props.row.quote;
  const number = () => props.row.replyTo ?? 0;
  onMount(() => {
    if (quote() === null && number() > 0) talk.conversation.wantQuote(number());
  });
  const text = () => {
    const said = quote();
    if (said === null) return word("talk-quote-unknown");
    return said.deleted ? word("talk-deleted") : oneLine(said.text);
  };
  return (
    <button
      class={`quote ink-${person(quote()?.author ?? null).id % 7}`}
      aria-label={word("talk-quote-go", { name: name(quote()?.author ?? null), text: text() })}
      onClick={() => props.jump(number())}
    >
      <span class="quote-name">{quote() ? name(quote()?.author ?? null) : "…"}</span>
      <span class="quote-text">{text()}</span>
    </button>
  );
}

const SIGNS: Record<NonNullable<MessageRow["delivery"]>, { icon: TalkIconName; word: string }> = {
  waiting: { icon: "clock", word: "talk-waiting" },
  failed: { icon: "alert", word: "talk-not-sent" },
  sent: { icon: "check", word: "talk-sent" },
  read: { icon: "checks", word: "talk-read" },
};

function Meta(props: { row: MessageRow }) {
  const { word } = useTalkView();
  return (
    <span class="said-meta">
      <Show when={props.row.edited}>
        <span>{word("talk-edited")}</span>
      </Show>
      <time datetime={new Date(props.row.at).toISOString()}>{clockTime(props.row.at, language())}</time>
      <Show when={!props.row.deleted && props.row.delivery}>
        {(delivery) => (
          <span class={`delivery ${delivery()}`} role="img" aria-label={word(SIGNS[delivery()].word)}>
            <TalkIcon name={SIGNS[delivery()].icon} />
          </span>
        )}
      </Show>
    </span>
  );
}

function Failed(props: { row: MessageRow }) {
  const { word, talk } = useTalkView();
  const key = () => props.row.key ?? "";
  return (
    <div class="not-sent">
      <p>{word("talk-not-sent-why", { why: word(whyOf(props.row.failed ?? "")) })}</p>
      <button class="chip talk-chip" onClick={() => talk.conversation.again(key())}>
        <TalkIcon name="again" />
        {word("talk-send-again")}
      </button>
      <button class="chip talk-chip" onClick={() => talk.conversation.drop(key())}>
        {word("talk-delete")}
      </button>
    </div>
  );
}

export function Readers(props: { people: readonly number[] }) {
  const { word, name, person } = useTalkView();
  return (
    <Show when={props.people.length > 0}>
      <span
        class="readers"
        role="img"
        aria-label={word("talk-read-by", { names: props.people.slice(0, MAX_FACES).map(name).join(", ") })}
      >
        <For each={props.people.slice(0, MAX_FACES)}>{(member) => <Avatar member={person(member)} />}</For>
        <Show when={props.people.length > MAX_FACES}>
          <span aria-hidden="true">+{props.people.length - MAX_FACES}</span>
        </Show>
      </span>
    </Show>
  );
}
