/**
 * What belongs to how it plays: the speed for everybody, and whether all wait for each other; subtitles, an offset and the correction for
 * this phone alone.
 */
import { For, Show } from "solid-js";

import { Sheet } from "../parts/Sheet";
import { useCinema } from "./cinema";
import { MOST_OFFSET } from "./playback";
import { Stepper, Switch } from "./settings";
import { SubtitlesTuning } from "./SubtitlesTuning";

const RATES = [0.75, 1, 1.25, 1.5, 2];
/** How much one tap moves this phone, in ms. */
const STEP = 50;

export function Tuning(props: { close: () => void }) {
  const cinema = useCinema();
  const { word } = cinema;
  return (
    <Sheet title={word("cinema-tuning")} close={props.close} testid="tuning-sheet">
      <Show when={cinema.inStep()}>
        <section>
          <h2>{word("cinema-speed")}</h2>
          <div class="chips" role="group" aria-label={word("cinema-speed")}>
            <For each={RATES}>
              {(rate) => (
                <button
                  class="chip"
                  aria-pressed={cinema.screen()?.rate === rate}
                  disabled={!cinema.mayControl()}
                  onClick={() => cinema.rate(rate)}
                >
                  {word("cinema-rate", { rate })}
                </button>
              )}
            </For>
          </div>
          <p class="note">{word("cinema-speed-note")}</p>
        </section>
      </Show>
      <SubtitlesTuning />
      <Show when={cinema.inStep() && cinema.mayControl()}>
        <section>
          <h2>{word("cinema-waits")}</h2>
          <div class="list">
            <Switch
              testid="wait-start"
              title={word("cinema-wait-start")}
              note={word("cinema-wait-start-note")}
              on={cinema.waits().start}
              change={(start) => cinema.waitFor({ start })}
            />
            <Switch
              testid="wait-stalls"
              title={word("cinema-wait-stalls")}
              note={word("cinema-wait-stalls-note")}
              on={cinema.waits().stalls}
              change={(stalls) => cinema.waitFor({ stalls })}
            />
          </div>
        </section>
      </Show>
      <Show when={cinema.inStep()}>
        <section>
          <h2>{word("cinema-step")}</h2>
          <div class="list">
            <Switch
              testid="correcting"
              title={word("cinema-correct")}
              note={word("cinema-correct-note")}
              on={cinema.adjusting().correcting}
              change={(correcting) => cinema.adjust({ correcting })}
            />
            <Stepper
              label={word("cinema-offset")}
              value={cinema.adjusting().offset_ms}
              step={STEP}
              most={MOST_OFFSET}
              change={(offset_ms) => cinema.adjust({ offset_ms })}
            />
          </div>
          <p class="note">{word("cinema-offset-note")}</p>
        </section>
      </Show>
    </Sheet>
  );
}
