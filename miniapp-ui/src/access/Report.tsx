/** What somebody has against a room, said to those who run the server. */
import { For, createSignal } from "solid-js";

import { useApp } from "../app/context";
import { Sheet } from "../parts/Sheet";
import { t } from "../text/texts";

const REASONS = ["spam", "rude", "forbidden", "other"] as const;

export default function Report(props: { code: string; close: () => void }) {
  const app = useApp();
  const [busy, setBusy] = createSignal(false);
  const report = async (reason: string) => {
    setBusy(true);
    try {
      await app.api.report(props.code, reason);
      app.say(t("report-thanks"));
      props.close();
    } catch (error) {
      app.excuse(error);
      setBusy(false);
    }
  };
  return (
    <Sheet title={t("report")} close={props.close} testid="report-sheet">
      <p class="lead">{t("report-lead")}</p>
      <div class="list">
        <For each={REASONS}>
          {(reason) => (
            <button
              class="row"
              data-testid={`report-${reason}`}
              disabled={busy()}
              onClick={() => void report(t(`report-${reason}`))}
            >
              <span class="row-text">{t(`report-${reason}`)}</span>
            </button>
          )}
        </For>
      </div>
    </Sheet>
  );
}
