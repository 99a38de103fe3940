/** Sees to it that the next cards are on this phone before it is offline: their texts in storage, their posters in the browser's own cache. */
import { createEffect, createMemo, createSignal, on, onCleanup, untrack } from "solid-js";

import { useApp } from "../app/context";
import type { Title } from "../generated/wire";
import type { RoomHandle } from "../room/useRoom";
import { language } from "../text/texts";
import { Stock } from "./stock";

/** Between two questions, in ms: a server that has no answer is not asked with every swipe. */
const PAUSE = 10_000;
/** After so many swipes what others vetoed is out of somebody's queue, and is to go from here as well. */
const STEP = 5;

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
  const [filled, setFilled] = createSignal(false);
  let asking = false;
  let askedAt = -Infinity;
  /** How many cards were behind this person then. */
  let behind = Infinity;
  const { code } = untrack(room);
  // eslint-disable-next-line solid/reactivity -- another room is another screen
  const stock = new Stock(app.keep, props.room.me, code, untrack(language));
  // What was given before the page was loaded again is good at once.
  // eslint-disable-next-line solid/reactivity -- the same
  props.room.live.reserve(stock);

  /** A step ago others may have vetoed some of these. */
  const isOld = () => room().veto && room().phase === "swiping" && room().my_swipes - behind >= STEP;
  const fill = async () => {
    const wanted = stock.isLow(room()) || isOld();
    if (asking || !connected() || !wanted || performance.now() - askedAt < PAUSE) return;
    asking = true;
    askedAt = performance.now();
    behind = room().my_swipes;
    try {
      const upcoming = await app.api.upcoming(code);
      stock.fill(upcoming);
      props.room.live.reserve(stock);
      setFilled(true);
      void fetchPosters(upcoming.items, () => shown);
    } catch {
      // The cards that come one by one are enough for now; a later swipe asks again.
    } finally {
      asking = false;
    }
  };
  createEffect(on(state, () => void fill()));
  // Nothing to see; whoever tests a phone without a network waits for it.
  return <span hidden data-testid="ahead" data-filled={filled()} />;
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
