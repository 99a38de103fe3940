/** A {@link LiveRoom} as a view's store: started with the view, stopped with it, awake when the phone is. */
import { type Accessor, createSignal, onCleanup } from "solid-js";
import { createStore, reconcile, unwrap } from "solid-js/store";

import type { App } from "../app";
import type { Command, Room, Title, Verdict } from "../generated/wire";
import { type Connection, type Question, isRoom } from "../net/api";
import { Refused } from "../net/problem";
import { LiveRoom, type RefusedIntent, type RoomView } from "./live";
import { LaterWire } from "./later";
import type { Network, Probe, SocketListener, Status, Wire } from "./socket";

/** All rooms of a page are in one network. */
const network: Network = { socketless: false };

export interface RoomHandle {
  view: RoomView;
  live: LiveRoom;
  status: Accessor<Status>;
  me: number;
  isHost: () => boolean;
  swipe: (title: Title, verdict: Verdict) => void;
  pick: (title: Title | { text: string }) => void;
  unpick: (title: Title) => void;
  /** A command that must not be said late: done now, after everything before it, or refused. */
  now: (command: Command) => Promise<boolean>;
}

/** A copy that no store will ever change: for what outlives the view that it was taken from. All of it is JSON. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(unwrap(value))) as T;
}

export function useRoom(app: App, room: Room, onRefused: (refused: RefusedIntent) => void): RoomHandle {
  const me = app.user().id;
  const [status, setStatus] = createSignal<Status>("connecting");
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

  const wake = () => {
    if (document.visibilityState === "visible") live.wake();
  };
  // Out of the back-forward cache a page comes as it was left, with sockets that the browser has closed.
  const shown = (event: PageTransitionEvent) => {
    if (event.persisted) live.sleep();
  };
  const sleep = () => {
    live.sleep();
  };
  document.addEventListener("visibilitychange", wake);
  addEventListener("pageshow", shown);
  addEventListener("online", wake);
  addEventListener("offline", sleep);
  onCleanup(() => {
    live.stop();
    document.removeEventListener("visibilitychange", wake);
    removeEventListener("pageshow", shown);
    removeEventListener("online", wake);
    removeEventListener("offline", sleep);
  });

  return {
    view,
    live,
    status,
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
    keep: app.keep,
    now: Date.now,
    random: Math.random,
    watched: () => document.visibilityState === "visible",
    token: () => app.session.token(),
    renew: (refused: string) => app.session.tokenAfter(refused),
    open: (path: string, protocols: string[]): Wire => {
      const scheme = location.protocol === "https:" ? "wss:" : "ws:";
      return new WebSocket(`${scheme}//${location.host}${path}`, protocols) as Wire;
    },
    network,
    poll: (device: string, position: SocketListener["position"]): Wire =>
      new LaterWire(async () => {
        const { PollingWire } = await import("./polling");
        const ports = {
          updates: (question: Question, signal: AbortSignal) => app.api.updates(code, question, signal),
          command: (command: Command, connection: Connection, signal: AbortSignal) =>
            app.api.command(code, command, connection, signal),
          now: Date.now,
        };
        return new PollingWire(ports, device, position);
      }),
    async probe(): Promise<Probe> {
      try {
        return isRoom(await app.api.room(code)) ? "fine" : "removed";
      } catch (error) {
        // By the server's own word only: a proxy's page may have any status.
        if (!(error instanceof Refused)) return "unreachable";
        if (error.code === "room_not_found") return "gone";
        if (error.code === "not_a_member") return "removed";
        return error.status === 401 ? "session" : "unreachable";
      }
    },
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
