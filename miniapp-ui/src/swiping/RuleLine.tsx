/** How this room plays, in few words, on each of its screens: what a match is, what ends the round, and whether there are vetoes. */
import { Show, createEffect, createSignal, on } from "solid-js";

import { useApp } from "../app/context";
import { Icon } from "../parts/icons";
import type { RoomHandle } from "../room/useRoom";
import { t } from "../text/texts";
import { CLOSE_S, SOON_S, announced, asClock, laterBy } from "./countdown";
import { type Countdown, createCountdown } from "./createCountdown";
import { goalName, ruleName } from "./names";
import "./rule-line.css";

export default function RuleLine(props: { room: RoomHandle }) {
  const room = () => props.room.view.room;
  return (
    <div class="rule-line" data-testid="rule-line">
      <p class="rule-part">
        <Icon name="heart" filled />
        <span class="visually-hidden">{t("rule")}: </span>
        <span class="rule-words">{ruleName(room().rule)}</span>
      </p>
      <Show
        when={room().phase === "swiping" && room().ends_at}
        fallback={
          <p class="rule-part">
            <Icon name="flag" />
            <span class="visually-hidden">{t("goal")}: </span>
            <span class="rule-words">{goalName(room().goal)}</span>
          </p>
        }
      >
        {(endsAt) => <TimeLeft room={props.room} endsAt={endsAt()} />}
      </Show>
      <Show when={room().veto}>
        <p class="rule-part" data-testid="rule-veto">
          <Icon name="cross" />
          <span class="rule-words">{t("rule-veto")}</span>
        </p>
      </Show>
    </div>
  );
}

function TimeLeft(props: { room: RoomHandle; endsAt: string }) {
  const app = useApp();
  const countdown = createCountdown(app.phone, () => props.endsAt);
  const seconds = () => countdown.seconds() ?? 0;
  const [aloud, setAloud] = createSignal("");
  createEffect(
    on(countdown.seconds, (now, before) => {
      if (now === null) return;
      const what = announced(before ?? null, now);
      if (what === "minute") setAloud(t("time-left-minute"));
      else if (what === "ten") setAloud(t("time-left-ten"));
      else if (what === "over") setAloud(t("time-up"));
      else if (now > CLOSE_S) setAloud("");
      const counted = before !== undefined && before !== null && now < before;
      if (counted && now > 0 && now <= SOON_S && !document.hidden) app.tg.haptic("tick");
    }),
  );
  const soon = () => seconds() <= SOON_S;
  return (
    <>
      <span class="time-left" classList={{ soon: soon() }} data-testid="time-left">
        <Icon name="flag" />
        <Show when={seconds() > 0} fallback={<span>{t("time-up")}</span>}>
          <span role="timer">{t("time-left", { time: asClock(seconds()) })}</span>
        </Show>
      </span>
      <Show when={props.room.isHost() && seconds() > 0 && seconds() <= CLOSE_S}>
        <OneMore room={props.room} endsAt={props.endsAt} countdown={countdown} />
      </Show>
      <span class="visually-hidden" role="status" data-testid="time-aloud">
        {aloud()}
      </span>
      <Show when={soon()}>
        <i class="last-seconds" aria-hidden="true" />
      </Show>
    </>
  );
}

/** At hand for a host when the round is about to end. Tapped twice it is the same end, and one minute. */
function OneMore(props: { room: RoomHandle; endsAt: string; countdown: Countdown }) {
  const app = useApp();
  const [busy, setBusy] = createSignal(false);
  const extend = async () => {
    const until = laterBy(1, Date.parse(props.endsAt), props.countdown.now());
    if (until === null) return;
    app.tg.haptic("press");
    setBusy(true);
    await props.room.now({ type: "extend", until });
    setBusy(false);
  };
  return (
    <button class="one-more" data-testid="one-more-minute" disabled={busy()} onClick={() => void extend()}>
      {t("extend-by", { count: 1 })}
    </button>
  );
}
