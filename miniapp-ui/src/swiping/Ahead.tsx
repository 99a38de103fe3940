/** Sees to it that the next cards are on this phone before it is offline: their texts in storage, their posters in the browser's own cache. */
import { createEffect, createMemo, on, onCleanup } from "solid-js";

import { useApp } from "../app/context";
import type { Title } from "../generated/wire";
import type { RoomHandle } from "../room/useRoom";

/** Somebody who asks their phone to save data gets no picture before it is seen. */
interface Thrifty {
  connection?: { saveData?: boolean };
}

export default function Ahead(props: { room: RoomHandle }) {
  const app = useApp();
  let shown = true;
  onCleanup(() => {
    shown = false;
  });
  const room = () => props.room.view.room;
  const connected = createMemo(() => props.room.status() === "open" || props.room.status() === "polling");
  /** Another round, or another epoch, has other cards; and every few swipes they get fewer. */
  const state = createMemo(() => [connected(), room().epoch, room().round, room().my_swipes].join(" "));
  let asking = false;

  const fill = async () => {
    if (asking || !connected() || !props.room.live.isLow()) return;
    asking = true;
    try {
      const upcoming = await app.api.upcoming(room().code);
      props.room.live.fill(upcoming);
      await fetchPosters(upcoming.items, () => shown);
    } catch {
      // The cards that come one by one are enough for now; the next swipe asks again.
    } finally {
      asking = false;
    }
  };
  createEffect(on(state, () => void fill()));
  return null;
}

/** One after the other, so that they stand in nobody's way. They may be kept for ever, as their answers say. */
async function fetchPosters(titles: readonly Title[], wanted: () => boolean): Promise<void> {
  if ((navigator as Thrifty).connection?.saveData === true) return;
  for (const { poster } of titles) {
    if (poster === null || !wanted()) continue;
    await new Promise((over) => {
      const picture = new Image();
      picture.onload = over;
      picture.onerror = over;
      picture.src = poster;
    });
  }
}
