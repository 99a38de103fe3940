/** Subtitles of this phone alone: from a file or an address, when they come, and away with them. */
import { Show, createSignal } from "solid-js";

import { useApp } from "../app/context";
import { SUBTITLES_FAILED, useCinema } from "./cinema";
import { ADDRESS_LONGEST, subtitlesAddressOf } from "./players/address";
import { SUBTITLES_SHIFT_MOST } from "./players/messages";
import { readSubtitles } from "./players/subtitles";
import { Stepper, Switch } from "./settings";
import "./address.css";

/** How much one tap moves them, in ms. */
const STEP = 250;

export function SubtitlesTuning() {
  const cinema = useCinema();
  const { word } = cinema;
  return (
    <section>
      <h2>{word("cinema-subtitles")}</h2>
      <Show
        when={cinema.subtitles().name}
        fallback={
          <>
            <FromFile />
            <FromAddress />
          </>
        }
      >
        {(name) => (
          <div class="list">
            <div class="row still">
              <span class="row-text">
                <span class="row-title" data-testid="subtitles-name">
                  {name()}
                </span>
                <span class="row-note">{word("cinema-subtitles-yours")}</span>
              </span>
              <button
                class="text-button bad"
                data-testid="subtitles-remove"
                onClick={() => cinema.subtitle({ name: null, source: null, offset_ms: 0 })}
              >
                {word("cinema-subtitles-remove")}
              </button>
            </div>
            <Switch
              testid="subtitles-shown"
              title={word("cinema-subtitles-shown")}
              on={cinema.subtitles().shown}
              change={(shown) => cinema.subtitle({ shown })}
            />
            <Stepper
              label={word("cinema-subtitles-offset")}
              value={cinema.subtitles().offset_ms}
              step={STEP}
              most={SUBTITLES_SHIFT_MOST}
              change={(offset_ms) => cinema.subtitle({ offset_ms })}
            />
          </div>
        )}
      </Show>
    </section>
  );
}

function FromFile() {
  const app = useApp();
  const cinema = useCinema();
  const { word } = cinema;
  const load = async (file: File | undefined) => {
    if (file === undefined) return;
    const read = await readSubtitles(file);
    if (typeof read === "object") cinema.subtitle({ name: file.name, source: read, shown: true });
    else if (read !== "shown") app.say(word(SUBTITLES_FAILED[read]));
  };
  return (
    <div class="list">
      <label class="row">
        <span class="row-text">
          <span class="row-title">{word("cinema-subtitles-choose")}</span>
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
    </div>
  );
}

function FromAddress() {
  const cinema = useCinema();
  const { word } = cinema;
  const [address, setAddress] = createSignal("");
  const found = () => (address().trim() === "" ? null : subtitlesAddressOf(address(), location.host));
  const refused = () => {
    const one = found();
    return one !== null && "refused" in one ? one.refused : null;
  };
  return (
    <form
      class="address"
      novalidate
      onSubmit={(event) => {
        event.preventDefault();
        const one = found();
        if (one === null || "refused" in one) return;
        cinema.subtitle({ name: one.name, source: { url: one.url }, shown: true });
      }}
    >
      <div class="field-row">
        <input
          class="field"
          type="url"
          inputmode="url"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxlength={ADDRESS_LONGEST}
          placeholder={word("cinema-subtitles-address")}
          aria-label={word("cinema-subtitles-address")}
          aria-invalid={refused() !== null}
          aria-describedby="subtitles-found"
          data-testid="subtitles-address"
          value={address()}
          onInput={(event) => setAddress(event.currentTarget.value)}
        />
        <button
          class="field-button"
          data-testid="subtitles-take"
          disabled={found() === null || refused() !== null}
        >
          {word("cinema-add")}
        </button>
      </div>
      <p
        id="subtitles-found"
        class="address-found"
        classList={{ bad: refused() !== null }}
        role="status"
        data-testid="subtitles-found"
      >
        <Show when={refused()}>{(why) => word(`cinema-refused-${why()}`)}</Show>
      </p>
    </form>
  );
}
