/** The seconds that are left of a round by the server's clock, for as long as a view shows them. */
import { type Accessor, createEffect, createSignal, onCleanup } from "solid-js";

import { ServerClock } from "../sync/clock";
import type { Phone } from "../sync/phone";
import { secondsLeft, untilNext } from "./countdown";

export interface Countdown {
  /** Whole seconds that are left; null where no time ends the round. */
  seconds: Accessor<number | null>;
  /** The server's time in Unix milliseconds. */
  now: () => number;
}

/** `endsAt` is a time as in RFC 3339. */
export function createCountdown(phone: Phone, endsAt: Accessor<string | null>): Countdown {
  const clock = new ServerClock(phone);
  clock.start();
  onCleanup(() => {
    clock.stop();
  });
  const [seconds, setSeconds] = createSignal<number | null>(null);
  createEffect(() => {
    const end = endsAt();
    if (end === null) {
      setSeconds(null);
      return;
    }
    const at = Date.parse(end);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      const now = clock.now();
      setSeconds(secondsLeft(at, now));
      // A clock that learns better in between is looked at again within a second.
      timer = setTimeout(look, untilNext(at, now) ?? 1_000);
    };
    look();
    onCleanup(() => {
      clearTimeout(timer);
    });
  });
  return { seconds, now: () => clock.now() };
}
