/** More time for a round, for its host. */
import { For, Show, createMemo, createSignal } from "solid-js";

import { useApp } from "../app/context";
import { Sheet } from "../parts/Sheet";
import type { RoomHandle } from "../room/useRoom";
import { t } from "../text/texts";
import { EXTENSIONS_MIN, asClock, laterBy } from "./countdown";
import { createCountdown } from "./createCountdown";

export default function ExtendSheet(props: { room: RoomHandle; close: () => void }) {
  const app = useApp();
  const [busy, setBusy] = createSignal(false);
  const endsAt = () => props.room.view.room.ends_at;
  const countdown = createCountdown(app.phone, endsAt);
  const choices = createMemo(() => {
    const endsAtMs = Date.parse(endsAt() ?? "");
    // Looked at again with each second.
    if (countdown.seconds() === null) return [];
    const now = countdown.now();
    return EXTENSIONS_MIN.map((minutes) => ({ minutes, until: laterBy(minutes, endsAtMs, now) }));
  });
  const extend = async (until: string) => {
    setBusy(true);
    app.tg.haptic("press");
    await props.room.now({ type: "extend", until });
    props.close();
  };
  return (
    <Sheet title={t("extend")} close={props.close} testid="extend-sheet">
      <p class="lead centre">{t("time-left", { time: asClock(countdown.seconds() ?? 0) })}</p>
      <div class="stack">
        <For each={EXTENSIONS_MIN}>
          {(minutes, place) => (
            <button
              class="big second"
              data-testid={`extend-${minutes}`}
              disabled={busy() || (choices()[place()]?.until ?? null) === null}
              onClick={() => {
                const until = choices()[place()]?.until ?? null;
                if (until !== null) void extend(until);
              }}
            >
              {t("extend-by", { count: minutes })}
            </button>
          )}
        </For>
      </div>
      <Show when={choices().some(({ until }) => until === null)}>
        <p class="note centre">{t("extend-most")}</p>
      </Show>
    </Sheet>
  );
}
