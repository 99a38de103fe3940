/**
 * Where the person is: a history of screens in memory, since Telegram shows no address. Its back is Telegram's back button.
 *
 * Home lies at the bottom always: back from any screen ends there, also after a launch that led right into a room.
 *
 * Why it is no library: "The router is ours" in docs/ARCHITECTURE.md, with the bytes.
 */
import { type Accessor, createSignal } from "solid-js";

import type { Room } from "../generated/wire";

export type Route =
  /** A room that is known already need not be asked for. */
  | { screen: "home" }
  | { screen: "new" }
  | { screen: "find" }
  | { screen: "room"; code: string; room: Room | null };

export interface Router {
  route: Accessor<Route>;
  canGoBack: Accessor<boolean>;
  /** Goes on to a screen; with `replace`, instead of this one. Home is where everything began. */
  go: (route: Route, how?: { replace?: boolean }) => void;
  /** Goes back to the screen before; from home nowhere. */
  back: () => void;
}

/** Screens that lie over one another, at most: whatever lies deeper is forgotten, home excepted. */
export const MAX_DEPTH = 20;

const HOME: Route = { screen: "home" };

/** `moved` is told of every place that somebody goes to. */
export function createRouter(moved: (route: Route) => void): Router {
  const [history, setHistory] = createSignal<readonly Route[]>([HOME]);
  const route = () => history()[history().length - 1] ?? HOME;
  const become = (next: readonly Route[]) => {
    setHistory(next);
    moved(route());
  };
  return {
    route,
    canGoBack: () => history().length > 1,
    go(next, how) {
      const above = history().slice(1, how?.replace === true ? -1 : undefined);
      become(next.screen === "home" ? [HOME] : [HOME, ...[...above, next].slice(-MAX_DEPTH)]);
    },
    back() {
      if (history().length > 1) become(history().slice(0, -1));
    },
  };
}
