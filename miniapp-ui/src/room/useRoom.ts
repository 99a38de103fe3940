/** A {@link LiveRoom} as a view's store: started with the view, stopped with it. */
import { type Accessor, createSignal, onCleanup } from "solid-js";
import { createStore, reconcile, unwrap } from "solid-js/store";

import type { App } from "../app/context";
import type { Command, Room, Title, Verdict } from "../generated/wire";
import { isRoom } from "../net/api";
import type { Status } from "../sync/roomLine";
import { LiveRoom, type RefusedIntent, type RoomView } from "./live";

export interface RoomHandle {
  view: RoomView;
  live: LiveRoom;
  status: Accessor<Status>;
  me: number;
  isHost: () => boolean;
  swipe: (title: Title, verdict: Verdict) => void;
  pick: (title: Title | { text: string }) => void;
  unpick: (title: Title) => void;
  /** Whether the cinema lies over the room. */
  cinema: Accessor<boolean>;
  openCinema: (open: boolean) => void;
  /** A command that must not be said late: done now, after everything before it, or refused. */
  now: (command: Command) => Promise<boolean>;
}

/** A copy that no store will ever change: for what outlives the view that it was taken from. All of it is JSON. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(unwrap(value))) as T;
}

/**
 * Who comes while a film is on comes for the film, unless cards wait to be swiped. Judged by the room as it was found: the cinema's
 * code comes a while later, and who has seen the room by then is led nowhere.
 */
function isForTheFilm({ screen, phase }: Room): boolean {
  return (screen ?? null) !== null && phase !== "swiping";
}

export function useRoom(app: App, room: Room, onRefused: (refused: RefusedIntent) => void): RoomHandle {
  const me = app.user().id;
  const [status, setStatus] = createSignal<Status>("connecting");
  const [cinema, openCinema] = createSignal(isForTheFilm(room));
  const live = new LiveRoom(plain(room), me, ports(app, room.code), {
    view: (next) => {
      // The store changes its objects in place; the live room's own must stay as they are.
      setView(reconcile(plain(next)));
    },
    status: setStatus,
    refused: onRefused,
  });
  const [view, setView] = createStore<RoomView>(plain(live.view()));
  live.start();
  onCleanup(() => {
    live.stop();
  });

  return {
    view,
    live,
    status,
    cinema,
    openCinema,
    me,
    isHost: () => view.room.host === me,
    swipe: (title, verdict) => {
      live.swipe(plain(title), verdict);
    },
    pick: (title) => {
      live.pick(plain(title));
    },
    unpick: (title) => {
      live.unpick(plain(title));
    },
    async now(command) {
      try {
        await live.settled();
        const { room: next } = await app.api.command(room.code, command);
        if (next) live.adopt(next);
        return true;
      } catch (error) {
        app.excuse(error);
        return false;
      }
    },
  };
}

function ports(app: App, code: string) {
  return {
    phone: app.phone,
    keep: app.keep,
    now: Date.now,
    fetchPage: (query: Parameters<App["api"]["messages"]>[1]) => app.api.messages(code, query),
    async fetchRoom() {
      try {
        const answer = await app.api.room(code);
        return isRoom(answer) ? answer : null;
      } catch {
        // The socket says the same a little later.
        return null;
      }
    },
  };
}
