/**
 * Screens that the first card does not wait for. They are fetched in the quiet after it, so that a network
 * that dies in the middle of the evening takes no screen with it.
 */
import { type Component, Suspense, lazy } from "solid-js";

import { Skeleton } from "./Skeleton";

const screens = {
  home: lazy(() => import("./Home")),
  newRoom: lazy(() => import("./NewRoom")),
  lobby: lazy(() => import("./Lobby")),
  results: lazy(() => import("./Results")),
  menu: lazy(() => import("./RoomMenu")),
  account: lazy(() => import("./AccountSheet")),
  details: lazy(() => import("./Details")),
  ended: lazy(() => import("./Ended")),
  waiting: lazy(() => import("./Waiting")),
  secrecy: lazy(() => import("./Secrecy")),
};

export const Home = awaited(screens.home, true);
export const NewRoom = awaited(screens.newRoom, true);
export const Lobby = awaited(screens.lobby, true);
export const Results = awaited(screens.results, true);
export const RoomMenu = awaited(screens.menu, false);
export const AccountSheet = awaited(screens.account, false);
export const Details = awaited(screens.details, false);
export const Ended = awaited(screens.ended, true);
export const Waiting = awaited(screens.waiting, true);
export const Secrecy = awaited(screens.secrecy, false);

/** Fetches them all. What cannot be had now is asked for again when it is needed. */
export function fetchLater(): void {
  for (const screen of Object.values(screens)) screen.preload().catch(() => undefined);
}

/** While it loads, only its own place waits, and nothing around it. */
function awaited<P extends object>(Screen: Component<P>, whole: boolean): Component<P> {
  return (props) => (
    <Suspense fallback={whole ? <Skeleton /> : undefined}>
      <Screen {...props} />
    </Suspense>
  );
}
