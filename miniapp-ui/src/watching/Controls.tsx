/** What lies over the film: play, seek, and what belongs to this phone alone. Goes away while the film plays and nobody touches it. */
import { Show, createEffect, createSignal, onCleanup } from "solid-js";

import { useApp } from "../app/context";
import { clockTime, nameOf, useCinema } from "./cinema";
import { CinemaIcon, type CinemaIconName } from "./icons";
import { createSeconds } from "./seconds";
import { SeekBar } from "./SeekBar";
import "./controls.css";

/** So long the controls stay after a touch, in ms. */
const STAY = 3_000;
/** How far one tap on the arrows goes, in seconds. */
export const STEP_S = 10;

export function Controls(props: {
  whole: boolean;
  toggleWhole: () => void;
  leave: () => void;
  openList: () => void;
  openTuning: () => void;
}) {
  const app = useApp();
  const cinema = useCinema();
  const { word } = cinema;
  const [shown, setShown] = createSignal(true);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const playing = () => cinema.screen()?.playing === true;
  const touched = () => {
    setShown(true);
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (playing() && cinema.waiting() === null) setShown(false);
    }, STAY);
  };
  createEffect(() => {
    playing();
    cinema.player();
    touched();
  });
  onCleanup(() => {
    clearTimeout(timer);
  });
  const act = (does: () => void) => () => {
    touched();
    if (!cinema.mayControl()) {
      app.say(cinema.whoMay());
      return;
    }
    app.tg.haptic("tick");
    does();
  };
  const toggle = act(() => (playing() ? cinema.pause() : cinema.play()));
  const step = (by: number) => act(() => cinema.seek(Math.max(0, cinema.position() + by)));
  /** Where the player's own buttons are needed, touches go through to it. */
  const isTheirs = () =>
    !cinema.inStep() || (cinema.screen()?.media.kind === "twitch" && cinema.player().is !== "playing");
  const canPlay = () =>
    cinema.inStep() && !["blocked", "failed"].includes(cinema.player().is) && cinema.waiting() === null;
  const canSeek = () => cinema.inStep() && !isLive();
  const isLive = () => cinema.screen()?.media.kind === "twitch" && cinema.duration() === null;

  return (
    <div
      class="film-controls"
      classList={{ away: !shown(), through: isTheirs() }}
      data-testid="film-controls"
      on:pointermove={(event) => {
        if (event.pointerType === "mouse") touched();
      }}
      onFocusIn={touched}
      onClick={(event) => {
        if (event.target !== event.currentTarget) return;
        if (shown() && playing()) setShown(false);
        else touched();
      }}
    >
      <div class="film-top">
        <FilmButton
          testid="cinema-leave"
          label={word("cinema-leave")}
          icon="down"
          act={() => props.leave()}
        />
        <p class="film-name">
          <Show when={cinema.screen()}>{(screen) => nameOf(screen().media)}</Show>
        </p>
        <Show when={!cinema.inStep()}>
          <span class="film-badge" data-testid="not-in-step">
            {word("cinema-not-in-step")}
          </span>
        </Show>
        <FilmButton
          testid="tuning"
          label={word("cinema-tuning")}
          icon="tune"
          act={() => props.openTuning()}
        />
        <FilmButton
          testid="playlist-open"
          label={word("cinema-list")}
          icon="list"
          act={() => props.openList()}
        />
      </div>
      <Show when={canPlay()}>
        <div class="film-middle">
          <Show when={canSeek()}>
            <FilmButton
              testid="film-back"
              label={word("cinema-back", { seconds: STEP_S })}
              icon="back"
              act={step(-STEP_S)}
            />
          </Show>
          <button
            class="film-button main"
            classList={{ refused: !cinema.mayControl() }}
            data-testid="film-toggle"
            aria-label={word(playing() ? "cinema-pause" : "cinema-play")}
            aria-disabled={!cinema.mayControl()}
            onClick={toggle}
          >
            <CinemaIcon name={playing() ? "pause" : "play"} />
          </button>
          <Show when={canSeek()}>
            <FilmButton
              testid="film-ahead"
              label={word("cinema-ahead", { seconds: STEP_S })}
              icon="ahead"
              act={step(STEP_S)}
            />
          </Show>
        </div>
      </Show>
      <div class="film-bottom">
        <Show when={isLive()}>
          <span class="film-badge live">{word("cinema-live")}</span>
        </Show>
        <Show when={cinema.inStep() && !isLive()}>
          <span class="film-time" data-testid="film-time">
            <Clock />
          </span>
        </Show>
        <Show when={canSeek() && cinema.duration()} fallback={<span class="film-space" />}>
          {(duration) => (
            <SeekBar
              duration={duration()}
              position={cinema.position}
              disabled={!cinema.mayControl()}
              label={word("cinema-seek")}
              seek={(position) => act(() => cinema.seek(position))()}
            />
          )}
        </Show>
        <Show when={canSeek() && cinema.duration()}>
          {(duration) => <span class="film-time">{clockTime(duration())}</span>}
        </Show>
        <FilmButton
          testid="film-mute"
          label={word(cinema.muted() ? "cinema-unmute" : "cinema-mute")}
          icon={cinema.muted() ? "muted" : "sound"}
          act={() => cinema.mute(!cinema.muted())}
        />
        <Show when={cinema.pictureInPicture}>
          {(small) => (
            <FilmButton
              testid="film-window"
              label={word("cinema-window")}
              icon="window"
              act={() => small()()}
            />
          )}
        </Show>
        <FilmButton
          testid="film-whole"
          label={word(props.whole ? "cinema-small" : "cinema-whole")}
          icon={props.whole ? "small" : "whole"}
          act={() => props.toggleWhole()}
        />
      </div>
    </div>
  );
}

function FilmButton(props: { icon: CinemaIconName; label: string; testid: string; act: () => void }) {
  return (
    <button
      class="film-button"
      data-testid={props.testid}
      aria-label={props.label}
      onClick={() => props.act()}
    >
      <CinemaIcon name={props.icon} />
    </button>
  );
}

function Clock() {
  const { position } = useCinema();
  return <>{clockTime(createSeconds(position)())}</>;
}
