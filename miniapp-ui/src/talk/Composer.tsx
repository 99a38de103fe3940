/** Where a message is written: grows with it, answers or edits another one, and keeps what is not sent yet. */
import { Show, createEffect, createSignal, on, onMount } from "solid-js";

import { Icon } from "../parts/icons";
import { TalkIcon } from "./icons";
import { quoteOf } from "./rows.ts";
import { MAX_PENDING } from "./store.ts";
import { MAX_CHARACTERS, characters } from "./timeline.ts";
import { useTalkView } from "./useTalk.ts";
import { oneLine } from "./wording.ts";
import "./quote.css";
import "./composer.css";

/** From so many characters before the end on, it is said how many are left. */
const WARN_AT = 200;

export type Mode =
  { mode: "new" } | { mode: "reply"; number: number } | { mode: "edit"; number: number; text: string };

export interface ComposerHandle {
  focus: () => void;
}

export function Composer(props: {
  mode: Mode;
  leave: () => void;
  /** It went out, or onto its way. */
  sent: () => void;
  editLast: () => void;
  handle: (handle: ComposerHandle) => void;
}) {
  const { word, name, talk, props: around } = useTalkView();
  const { conversation } = talk;
  const [text, setText] = createSignal(conversation.draft.text);
  let field!: HTMLTextAreaElement;
  /** What was being written when the editing of something else began. */
  let before: string | null = null;

  const grow = () => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  };
  const write = (next: string) => {
    setText(next);
    field.value = next;
    grow();
  };
  const reply = () => (props.mode.mode === "reply" ? props.mode.number : null);
  const keepDraft = (written: string) => conversation.keepDraft({ text: written, replyTo: reply() });

  onMount(() => {
    write(text());
    props.handle({ focus: () => field.focus({ preventScroll: true }) });
  });
  createEffect(
    on(
      () => props.mode,
      (mode, last) => {
        if (mode.mode === "edit") {
          before ??= text();
          write(mode.text);
        } else if (last?.mode === "edit") {
          write(before ?? "");
          before = null;
        }
        if (mode.mode !== "edit") keepDraft(text());
        if (mode.mode !== "new" && last) field.focus({ preventScroll: true });
      },
    ),
  );

  const left = () => MAX_CHARACTERS - characters(text().trim());
  const full = () => talk.state().pending.length >= MAX_PENDING;
  const sendable = () => text().trim() !== "" && left() >= 0 && (props.mode.mode === "edit" || !full());

  const send = () => {
    if (!sendable()) return;
    const said = text().trim();
    around.tg.haptic("press");
    if (props.mode.mode === "edit") {
      const { number, text: was } = props.mode;
      props.leave();
      if (said !== was) void conversation.edit(number, said);
      return;
    }
    const answered = reply();
    write("");
    conversation.keepDraft({ text: "", replyTo: null });
    props.leave();
    void conversation.say(said, answered);
    props.sent();
  };
  const typed = () => {
    setText(field.value);
    grow();
    if (props.mode.mode === "edit") return;
    keepDraft(field.value);
    if (field.value.trim() !== "") conversation.typing();
  };
  const key = (event: KeyboardEvent) => {
    // 229: a key that belongs to whoever composes the characters.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- some of them say it in no other way
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey && hasKeyboard()) {
      event.preventDefault();
      send();
    } else if (event.key === "ArrowUp" && text() === "" && props.mode.mode === "new") {
      event.preventDefault();
      props.editLast();
    } else if (event.key === "Escape" && props.mode.mode !== "new") {
      event.preventDefault();
      event.stopPropagation();
      props.leave();
    }
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Show when={props.mode.mode !== "new" && props.mode}>
        {(mode) => {
          const quote = () => quoteOf(talk.state(), mode().number, conversation.quoted);
          const mine = () => quote()?.author === talk.state().me;
          return (
            <div class="composer-mode" data-testid="composer-mode">
              <TalkIcon name={mode().mode === "edit" ? "edit" : "reply"} />
              <p>
                <span class="quote-name">
                  {mode().mode === "edit"
                    ? word("talk-editing")
                    : mine()
                      ? word("talk-replying-you")
                      : word("talk-replying", { name: name(quote()?.author ?? null) })}
                </span>
                <span class="quote-text">{oneLine(quote()?.text ?? word("talk-quote-unknown"))}</span>
              </p>
              <button
                type="button"
                class="round"
                aria-label={word(mode().mode === "edit" ? "talk-cancel-edit" : "talk-cancel-reply")}
                onClick={() => props.leave()}
              >
                <Icon name="cross" />
              </button>
            </div>
          );
        }}
      </Show>
      <div class="composer-row">
        <textarea
          ref={field}
          rows="1"
          class="composer-field"
          data-testid="composer"
          placeholder={word("talk-write")}
          aria-label={word("talk-write")}
          aria-invalid={left() < 0}
          aria-describedby={left() <= WARN_AT ? "talk-left" : undefined}
          enterkeyhint={hasKeyboard() ? "send" : "enter"}
          autocapitalize="sentences"
          onInput={typed}
          onKeyDown={key}
        />
        <button
          class="composer-send"
          classList={{ ready: sendable() }}
          data-testid="send"
          aria-label={word(props.mode.mode === "edit" ? "talk-save-edit" : "talk-send")}
          disabled={!sendable()}
          // The field keeps the focus, and so the keyboard stays.
          onPointerDown={(event) => event.preventDefault()}
        >
          <Show when={props.mode.mode === "edit"} fallback={<TalkIcon name="send" />}>
            <Icon name="check" />
          </Show>
        </button>
      </div>
      <Show when={left() <= WARN_AT}>
        <p id="talk-left" class="composer-left" classList={{ over: left() < 0 }} aria-live="polite">
          {left() < 0 ? word("talk-over", { count: -left() }) : word("talk-left", { count: left() })}
        </p>
      </Show>
    </form>
  );
}

/** A keyboard with keys: its Enter sends. On a phone it begins a line, and the button sends. */
function hasKeyboard(): boolean {
  return matchMedia("(hover: hover) and (pointer: fine)").matches;
}
