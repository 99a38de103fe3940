/** The conversation for the views: its state as signals, its rows as a store whose rows keep their identity. */
import { type Accessor, batch, createContext, createSignal, onCleanup, useContext } from "solid-js";
import { createStore, reconcile, unwrap } from "solid-js/store";

import type { Member } from "../generated/wire";
import type { Keep } from "../net/keep";
import { uniqueKey } from "../net/unique";
import type { Telegram } from "../telegram/client";
import type { Words } from "../text/words";
import { Conversation, type Loading, type Surroundings } from "./conversation.ts";
import { KeptTalk } from "./kept.ts";
import { type Row, rows } from "./rows.ts";
import type { TalkState } from "./store.ts";
import type { MessagesSummary, RoomTimeline } from "./timeline.ts";

export type Person = Pick<Member, "id" | "name" | "photo_url"> & { online?: boolean };

/** What the panel needs of the room around it. */
export interface TalkProps {
  timeline: RoomTimeline;
  /** The room's code: drafts are kept by it. */
  room: string;
  title: string;
  /** Whoever is in the room, me too. */
  members: readonly Person[];
  /** The room's `messages` when it was opened; later ones come through the timeline. */
  summary: MessagesSummary;
  /** Whether the phone hears from the server. */
  connected: boolean;
  /** Where the talk stands while it is shown beside something else; null: it has its bar, and slides over the room. */
  place: HTMLElement | null;
  keep: Keep;
  tg: Pick<Telegram, "haptic" | "launch" | "present">;
  /** Shows a line for a moment. */
  notify: (text: string) => void;
}

export interface Talk {
  conversation: Conversation;
  state: Accessor<TalkState>;
  loading: Accessor<Loading>;
  failed: Accessor<boolean>;
  rows: readonly Row[];
  /** Whether the change of the rows that is being shown was at their beginning. */
  shifted: Accessor<boolean>;
}

export interface TalkView {
  talk: Talk;
  props: TalkProps;
  word: Words;
  /** The name of a member, of somebody who was one, or of nobody known. */
  name: (id: number | null) => string;
  person: (id: number | null) => Person;
}

export const TalkContext = createContext<TalkView>();

export function useTalkView(): TalkView {
  const view = useContext(TalkContext);
  if (!view) throw new Error("a part of the talk outside of it");
  return view;
}

const WHYS = ["too_many", "invalid", "not_a_member", "message_not_found", "not_allowed", "unavailable"];

/** The word for the reason of a refusal. */
export function whyOf(code: string): string {
  return `talk-why-${WHYS.includes(code) ? code : "unknown"}`;
}

export function createTalk(props: TalkProps, told: Pick<Surroundings, "arrived" | "refused">): Talk {
  const kept = new KeptTalk(props.keep, props.timeline.me, props.room);
  const conversation = new Conversation(
    {
      timeline: props.timeline,
      kept,
      now: () => Date.now(),
      key: uniqueKey,
      random: () => Math.random(),
      changed: () => show(),
      ...told,
    },
    props.summary,
  );
  const [state, setState] = createSignal(conversation.state);
  const [loading, setLoading] = createSignal(conversation.loading);
  const [failed, setFailed] = createSignal(conversation.failed);
  const [shifted, setShifted] = createSignal(false);
  const [store, setStore] = createStore<{ rows: Row[] }>({ rows: [] });
  let shownState: TalkState | null = null;
  let shownQuotes = conversation.quoted;

  /** The list keeps its place only if what comes before and what comes after it are two changes. */
  const show = () => {
    if (conversation.state !== shownState || conversation.quoted !== shownQuotes) {
      shownState = conversation.state;
      shownQuotes = conversation.quoted;
      const next = rows(conversation.state, conversation.quoted);
      const before = unwrap(store).rows;
      const joint = jointOf(before, next);
      if (joint && joint.before !== joint.next) {
        batch(() => {
          setShifted(true);
          setStore(
            "rows",
            reconcile([...next.slice(0, joint.next), ...before.slice(joint.before)], { key: "id" }),
          );
        });
      }
      batch(() => {
        setShifted(false);
        setStore("rows", reconcile(next, { key: "id" }));
        setState(conversation.state);
      });
    }
    setLoading(conversation.loading);
    setFailed(conversation.failed);
  };
  show();
  conversation.start();
  onCleanup(() => {
    conversation.stop();
  });
  return {
    conversation,
    state,
    loading,
    failed,
    shifted,
    get rows() {
      return store.rows;
    },
  };
}

/** The first row that was there before and still is, in both. Days do not count: they move to what is first now. */
function jointOf(before: readonly Row[], next: readonly Row[]): { before: number; next: number } | null {
  const places = new Map(next.map((row, index) => [row.id, index]));
  for (const [index, row] of before.entries()) {
    const place = row.kind === "day" || row.kind === "divider" ? undefined : places.get(row.id);
    if (place !== undefined) return { before: index, next: place };
  }
  return null;
}
