/** Where a launch leads: a reload comes back to where it happened, and a new launch goes where its link leads. */
import type { Room } from "../generated/wire";
import { type Keep, keptJson } from "../net/keep";
import type { Launch } from "../telegram/launch";
import { roomCode } from "../telegram/roomCode";
import type { Route } from "./router";

export interface Where {
  /** Whether this launch has been somewhere already. */
  isReload: () => boolean;
  /** Where to begin; `room` is what the launch data has joined. */
  begin: (room: Room | null) => Route;
  remember: (route: Route) => void;
}

export function whereOf(launch: Launch, keep: Keep): Where {
  const key = `sovpalo.where.${launch.user?.id ?? 0}`;
  const kept = () => keptJson(keep, key) as { launch?: unknown; code?: unknown } | null;
  const isReload = () => kept()?.launch === launch.hash;
  const codeBefore = () => {
    const code = kept()?.code;
    return roomCode(typeof code === "string" ? code : null);
  };
  return {
    isReload,
    begin(room) {
      const reloaded = isReload();
      const code = reloaded ? codeBefore() : (room?.code ?? roomCode(launch.startParam));
      // An inline card whose room does not exist yet leads to where one is made.
      if (code === null) return { screen: !reloaded && launch.startParam === "new" ? "new" : "home" };
      return { screen: "room", code, room: room?.code === code ? room : null };
    },
    remember(route) {
      const code = route.screen === "room" ? route.code : null;
      keep.set(key, JSON.stringify({ launch: launch.hash, code }));
    },
  };
}
