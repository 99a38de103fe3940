/**
 * A room's talk: the bar at its bottom and the panel that slides over it, or the messages in a place beside a film. Loaded after the
 * first card, with its words and styles.
 *
 * Whoever shows a room puts it beside whatever the room shows; it asks for nothing but what `TalkProps` says.
 */
import { Match, Show, Switch, createMemo, createSignal, onCleanup, onMount } from "solid-js";
import { Portal } from "solid-js/web";

import { createWords } from "../text/words";
import { Body } from "./Body";
import { Panel, type PanelHandle } from "./Panel";
import { Peek } from "./Peek";
import "./talk.css";
import { type Person, TalkContext, type TalkProps, type TalkView, createTalk, whyOf } from "./useTalk.ts";
import { oneLine } from "./wording.ts";

const REFUSED = { edit: "talk-edit-refused", delete: "talk-delete-refused", react: "talk-react-refused" };

export default function Talk(props: TalkProps) {
  const word = createWords({
    en: () => import("../../../locales/en/talk.ftl"),
    ru: () => import("../../../locales/ru/talk.ftl"),
  });
  const [open, setOpen] = createSignal<"closed" | "pulled" | "open">("closed");
  const [news, setNews] = createSignal("");
  let panel: PanelHandle | undefined;

  // Whoever has left is still called by their name in what they said.
  const people = createMemo<ReadonlyMap<number, Person>>((before) => {
    const known = new Map(before);
    for (const member of props.members) known.set(member.id, member);
    return known;
  }, new Map());
  const person = (id: number | null): Person =>
    (id === null ? undefined : people().get(id)) ?? {
      id: id ?? 0,
      name: word("talk-someone"),
      photo_url: null,
    };
  const name = (id: number | null) => (id === props.timeline.me ? word("talk-you") : person(id).name);

  const talk = createTalk(props, {
    arrived(message) {
      if ((open() === "closed" && props.place === null) || message.kind === "system") return;
      setNews(word("talk-preview", { name: name(message.author), text: oneLine(message.text) }));
    },
    refused(what, code) {
      props.tg.haptic("warning");
      props.notify(word(REFUSED[what], { why: word(whyOf(code)) }));
    },
  });
  const begin = (how: "pulled" | "open") => {
    if (open() !== "closed") return;
    setNews("");
    setOpen(how);
    talk.conversation.open();
  };
  const close = () => {
    setOpen("closed");
    panel = undefined;
    talk.conversation.close();
  };
  const view: TalkView = { talk, props, word, name, person };

  return (
    <TalkContext.Provider value={view}>
      <Switch>
        {/* Nothing is shown before the words are there. */}
        <Match when={!word("talk-title")}>{null}</Match>
        <Match when={props.place} keyed>
          {(place) => <Inline place={place} begin={begin} close={close} news={news()} />}
        </Match>
        <Match when={true}>
          <Peek
            open={() => {
              props.tg.haptic("tick");
              begin("open");
            }}
            pull={(pixels) => {
              begin("pulled");
              panel?.show(pixels);
            }}
            letGo={(stay) => panel?.settle(stay)}
          />
          <Show when={open() !== "closed"}>
            <Panel
              close={close}
              pulled={open() === "pulled"}
              handle={(handle) => {
                panel = handle;
              }}
              news={news()}
            />
          </Show>
        </Match>
      </Switch>
    </TalkContext.Provider>
  );
}

/** The messages in the place that somebody else made for them. They are read while they stand there. */
function Inline(props: {
  place: HTMLElement;
  begin: (how: "open") => void;
  close: () => void;
  news: string;
}) {
  onMount(() => props.begin("open"));
  onCleanup(() => props.close());
  return (
    <Portal mount={props.place} ref={(box) => box.classList.add("talk-inline")}>
      <Body news={props.news} />
    </Portal>
  );
}
