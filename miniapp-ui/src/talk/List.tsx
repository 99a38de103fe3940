/**
 * The messages as a virtual list: only what is near the window is in the page. Keeps its place while older pages come, stays at the
 * newest while somebody is there, and says how far has been read.
 */
import {
  Match,
  Show,
  Switch,
  createEffect,
  createMemo,
  createSignal,
  on,
  onCleanup,
  onMount,
} from "solid-js";
import { Virtualizer, type VirtualizerHandle } from "virtua/solid";

import { Bubble, type BubbleActs } from "./Bubble";
import { TalkIcon } from "./icons";
import { Day, Divider, Note, noteText } from "./Notes";
import type { Row } from "./rows.ts";
import { useTalkView } from "./useTalk.ts";
import "./list.css";

/** Nearer to the end than this, in pixels, somebody is at the newest. */
const AT_END = 48;
/** Nearer to an end than this, in pixels, the next page is asked for. */
const NEAR = 600;
/** What one jumped to is lit for so long, in ms; the style sheet says the same. */
const LIT = 1_600;

export interface ListHandle {
  toEnd: () => void;
  jump: (number: number) => Promise<void>;
  /** Back to the message whose menu was open. */
  focusMessage: () => void;
}

export function List(props: { acts: BubbleActs; handle: (handle: ListHandle) => void; busy: boolean }) {
  const view = useTalkView();
  const { word, talk, props: around } = view;
  const { conversation } = talk;
  const [atEnd, setAtEnd] = createSignal(true);
  const [focused, setFocused] = createSignal<string | null>(null);
  const [lit, setLit] = createSignal<string | null>(null);
  let scroller!: HTMLDivElement;
  let virtual: VirtualizerHandle | undefined;
  let settled = false;
  let unlit: ReturnType<typeof setTimeout> | undefined;

  const known = (row: Row) => row.kind !== "system" || noteText(row.note, view) !== "";
  const rows = createMemo(() => talk.rows.filter(known));
  const indexOf = (id: string) => rows().findIndex((row) => row.id === id);

  const toEnd = () => {
    if (rows().length > 0) virtual?.scrollToIndex(rows().length - 1, { align: "end" });
  };
  const measure = () => {
    if (!virtual || !settled) return;
    const left = virtual.scrollSize - virtual.viewportSize - virtual.scrollOffset;
    setAtEnd(left < AT_END && talk.state().atEnd);
    if (virtual.scrollOffset < NEAR) void conversation.loadOlder();
    if (left < NEAR) void conversation.loadNewer();
    read();
  };
  /** The last message that is on the screen has been read. */
  const read = () => {
    if (!virtual || document.visibilityState !== "visible") return;
    const bottom = virtual.scrollOffset + virtual.viewportSize;
    let index = atEnd() ? rows().length - 1 : virtual.findItemIndex(bottom - 12);
    for (; index >= 0; index -= 1) {
      const row = rows()[index];
      const number = row?.kind === "message" || row?.kind === "system" ? row.number : null;
      if (number === null) continue;
      conversation.haveRead(number);
      return;
    }
  };
  const jump = async (number: number) => {
    setAtEnd(false);
    const there = await conversation.toNumber(number);
    const row = rows().find(
      (one) => (one.kind === "message" || one.kind === "system") && one.number === number,
    );
    if (!there || !row) {
      around.notify(word("talk-jump-failed"));
      return;
    }
    await frame();
    virtual?.scrollToIndex(indexOf(row.id), { align: "center" });
    setLit(row.id);
    clearTimeout(unlit);
    unlit = setTimeout(() => setLit(null), LIT);
  };
  const toNewest = async () => {
    setAtEnd(await conversation.toNewest());
    await frame();
    toEnd();
  };
  const focusAt = (index: number) => {
    const row = rows()[index];
    if (!row) return;
    setFocused(row.id);
    virtual?.scrollToIndex(index, { align: "nearest" });
    void frame().then(() => scroller.querySelector<HTMLElement>(".said[tabindex='0']")?.focus());
  };

  onMount(() => {
    props.handle({
      toEnd: () => {
        setAtEnd(true);
        void frame().then(toEnd);
      },
      jump,
      focusMessage: () =>
        scroller.querySelector<HTMLElement>(".said[tabindex='0']")?.focus({ preventScroll: true }),
    });
    const seen = () => measure();
    document.addEventListener("visibilitychange", seen);
    onCleanup(() => {
      document.removeEventListener("visibilitychange", seen);
      clearTimeout(unlit);
    });
    void begin();
  });
  /** Where reading stopped, or at the newest. */
  const begin = async () => {
    await frame();
    const line = indexOf("divider");
    if (line > 0) virtual?.scrollToIndex(line, { align: "start", offset: -56 });
    else toEnd();
    await frame();
    settled = true;
    measure();
  };
  // The line may come with a page that was not there when the talk was opened.
  createEffect(
    on(
      () => talk.rows.some((row) => row.kind === "divider"),
      (there) => {
        if (there && settled) void begin();
      },
      { defer: true },
    ),
  );
  createEffect(
    on([() => talk.rows.length, () => talk.rows[talk.rows.length - 1]?.id], () => {
      if (settled && atEnd()) void frame().then(toEnd).then(measure);
      else if (settled) void frame().then(measure);
    }),
  );

  const walk = (event: KeyboardEvent) => {
    const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (step === 0 || !(event.target instanceof HTMLElement) || !event.target.matches(".said")) return;
    event.preventDefault();
    let index = indexOf(focused() ?? "") + step;
    while (rows()[index] !== undefined && rows()[index]?.kind !== "message") index += step;
    focusAt(index);
  };
  /** Tab comes to the one that was walked to, or else to the newest. */
  const reachable = () => {
    const walked = focused();
    if (walked !== null && indexOf(walked) >= 0) return walked;
    for (let index = rows().length - 1; index >= 0; index -= 1) {
      const row = rows()[index];
      if (row?.kind === "message") return row.id;
    }
    return null;
  };
  const kept = () => {
    const index = indexOf(reachable() ?? "");
    return index >= 0 ? [index] : [];
  };

  return (
    <div class="talk-middle">
      <Show when={talk.loading() === "older" || talk.loading() === "newer"}>
        <span
          class="talk-more"
          classList={{ [talk.loading() ?? ""]: true }}
          role="status"
          aria-label={word("talk-loading")}
        />
      </Show>
      <div
        ref={scroller}
        class="talk-scroll"
        classList={{ busy: props.busy }}
        data-testid="talk-scroll"
        onKeyDown={walk}
      >
        <div class="talk-space" />
        <Virtualizer
          ref={(handle) => {
            virtual = handle;
          }}
          data={rows()}
          as="ol"
          item="li"
          shift={talk.shifted()}
          keepMounted={kept()}
          bufferSize={400}
          onScroll={measure}
          onResize={() => {
            if (atEnd()) toEnd();
          }}
        >
          {(row) => (
            <RowView row={row} acts={props.acts} reachable={reachable} lit={lit} focused={setFocused} />
          )}
        </Virtualizer>
      </div>
      <Newest there={!atEnd()} count={talk.state().unread} act={() => void toNewest()} />
    </div>
  );
}

function RowView(props: {
  row: Row;
  acts: BubbleActs;
  reachable: () => string | null;
  lit: () => string | null;
  focused: (id: string) => void;
}) {
  const as = <K extends Row["kind"]>(kind: K) =>
    props.row.kind === kind ? (props.row as Extract<Row, { kind: K }>) : null;
  return (
    <Switch>
      <Match when={as("day")}>{(row) => <Day at={row().at} />}</Match>
      <Match when={as("divider")}>
        <Divider />
      </Match>
      <Match when={as("system")}>{(row) => <Note row={row()} />}</Match>
      <Match when={as("message")}>
        {(row) => (
          <Bubble
            row={row()}
            acts={props.acts}
            reachable={props.reachable() === row().id}
            lit={props.lit() === row().id}
            focused={() => props.focused(row().id)}
          />
        )}
      </Match>
    </Switch>
  );
}

function Newest(props: { there: boolean; count: number; act: () => void }) {
  const { word } = useTalkView();
  return (
    <Show when={props.there}>
      <button
        class="talk-newest"
        data-testid="newest"
        aria-label={props.count > 0 ? word("talk-newest-count", { count: props.count }) : word("talk-newest")}
        onClick={() => props.act()}
      >
        <TalkIcon name="down" />
        <Show when={props.count > 0}>
          <span class="talk-badge" aria-hidden="true">
            {props.count > 99 ? "99+" : props.count}
          </span>
        </Show>
      </button>
    </Show>
  );
}

function frame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => resolve()));
}
