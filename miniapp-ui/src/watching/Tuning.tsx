/** What belongs to how it plays: the speed for everybody; subtitles, an offset and the correction for this phone alone. */
import { For, Show } from "solid-js";

import { useApp } from "../app/context";
import { Sheet } from "../parts/Sheet";
import { useCinema } from "./cinema";
import { MOST_OFFSET } from "./playback";
import { SUBTITLES_SHIFT_MOST } from "./players/messages";
import { readSubtitles } from "./players/subtitles";

const RATES = [0.75, 1, 1.25, 1.5, 2];
/** How much one tap moves this phone or its subtitles, in ms, and how far it goes at most. */
const STEP = { phone: 50, subtitles: 250 };
const MOST = { phone: MOST_OFFSET, subtitles: SUBTITLES_SHIFT_MOST };

export function Tuning(props: { close: () => void }) {
  const app = useApp();
  const cinema = useCinema();
  const { word } = cinema;
  const load = async (file: File | undefined) => {
    if (file === undefined) return;
    const read = await readSubtitles(file);
    if (typeof read === "object" && "text" in read)
      cinema.subtitle({ name: file.name, text: read.text, shown: true });
    else app.say(word(read === "too_large" ? "cinema-subtitles-large" : "cinema-subtitles-unknown"));
  };
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
      <section>
        <h2>{word("cinema-subtitles")}</h2>
        <div class="list">
          <label class="row">
            <span class="row-text">
              <span class="row-title">{cinema.subtitles().name ?? word("cinema-subtitles-choose")}</span>
              <span class="row-note">{word("cinema-subtitles-note")}</span>
            </span>
            <input
              class="visually-hidden"
              type="file"
              accept=".vtt,.srt"
              data-testid="subtitles-file"
              onChange={(event) => void load(event.currentTarget.files?.[0])}
            />
          </label>
          <Show when={cinema.subtitles().name !== null}>
            <button
              class="row"
              role="switch"
              aria-checked={cinema.subtitles().shown}
              onClick={() => cinema.subtitle({ shown: !cinema.subtitles().shown })}
            >
              <span class="row-text">
                <span class="row-title">{word("cinema-subtitles-shown")}</span>
              </span>
              <span class="switch" />
            </button>
            <Stepper
              label={word("cinema-subtitles-offset")}
              value={cinema.subtitles().offset_ms}
              step={STEP.subtitles}
              most={MOST.subtitles}
              change={(offset_ms) => cinema.subtitle({ offset_ms })}
            />
          </Show>
        </div>
      </section>
      <Show when={cinema.inStep()}>
        <section>
          <h2>{word("cinema-step")}</h2>
          <div class="list">
            <button
              class="row"
              role="switch"
              data-testid="correcting"
              aria-checked={cinema.adjusting().correcting}
              onClick={() => cinema.adjust({ correcting: !cinema.adjusting().correcting })}
            >
              <span class="row-text">
                <span class="row-title">{word("cinema-correct")}</span>
                <span class="row-note">{word("cinema-correct-note")}</span>
              </span>
              <span class="switch" />
            </button>
            <Stepper
              label={word("cinema-offset")}
              value={cinema.adjusting().offset_ms}
              step={STEP.phone}
              most={MOST.phone}
              change={(offset_ms) => cinema.adjust({ offset_ms })}
            />
          </div>
          <p class="note">{word("cinema-offset-note")}</p>
        </section>
      </Show>
    </Sheet>
  );
}

function Stepper(props: {
  label: string;
  value: number;
  step: number;
  most: number;
  change: (value: number) => void;
}) {
  const { word } = useCinema();
  const shown = () => word("cinema-seconds", { seconds: props.value / 1000 });
  return (
    <div class="row still">
      <span class="row-text">
        <span class="row-title">{props.label}</span>
      </span>
      <span class="stepper">
        <button
          aria-label={word("cinema-earlier", { what: props.label })}
          disabled={props.value <= -props.most}
          onClick={() => props.change(props.value - props.step)}
        >
          −
        </button>
        <output>{shown()}</output>
        <button
          aria-label={word("cinema-later", { what: props.label })}
          disabled={props.value >= props.most}
          onClick={() => props.change(props.value + props.step)}
        >
          +
        </button>
      </span>
    </div>
  );
}
