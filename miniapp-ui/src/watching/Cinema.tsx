/**
 * The room as a cinema: the film above and the talk below it, or beside it on a phone that lies on its side. Closing it leaves the
 * room as it was, with a bar that leads back.
 */
import { Match, Show, Switch, createEffect, createSignal, onCleanup, onMount, untrack } from "solid-js";
import { Portal } from "solid-js/web";

import { useApp } from "../app/context";
import { useBack } from "../telegram/back";
import { CheerRow } from "./Cheers";
import { Controls, STEP_S } from "./Controls";
import { useCinema } from "./cinema";
import { createAwake, createWholeScreen } from "./display";
import { Empty } from "./Empty";
import { CinemaIcon } from "./icons";
import type { Wanted } from "./offers";
import { Playlist } from "./Playlist";
import { Stage } from "./Stage";
import { Tuning } from "./Tuning";
import { Watchers } from "./Watchers";
import "./cinema.css";

/** The places beside the film. */
export interface BesideFilm {
  talk: HTMLElement;
  voice: HTMLElement;
}

type Over = "nothing" | "playlist" | "tuning";

export function Cinema(props: {
  close: () => void;
  /** Where talk and voice stand while the cinema is open; null: it closes. */
  places: (places: BesideFilm | null) => void;
  name: (id: number) => string;
  /** Titles that matched here, the last one first. */
  matched: readonly Wanted[];
  /** What somebody has come for from a match: where something else is on already, the list opens with it. */
  wanted: Wanted | null;
}) {
  const app = useApp();
  const cinema = useCinema();
  const { word } = cinema;
  const comesForMore = untrack(() => props.wanted !== null && cinema.screen() !== null);
  const [over, setOver] = createSignal<Over>(comesForMore ? "playlist" : "nothing");
  const matched = () => {
    const { wanted } = props;
    return wanted === null ? props.matched : [wanted, ...props.matched.filter((one) => one.id !== wanted.id)];
  };
  const [whole, setWhole] = createSignal(false);
  const [quiet, setQuiet] = createSignal(false);
  let root!: HTMLElement;
  let talk!: HTMLDivElement;
  let voice!: HTMLDivElement;
  const before = document.activeElement;

  useBack(() => {
    if (whole()) toggleWhole();
    else props.close();
  });
  const awake = createAwake(() => cinema.screen()?.playing === true);
  createEffect(() => {
    cinema.screen();
    awake.check();
  });
  const wholeScreen = createWholeScreen(app.tg, setWhole);
  onMount(() => {
    props.places({ talk, voice });
    root.focus({ preventScroll: true });
  });
  onCleanup(() => {
    props.places(null);
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  });
  function toggleWhole(): void {
    const next = !whole();
    setWhole(next);
    if (next) void wholeScreen.fill(root);
    else wholeScreen.leave();
  }

  const keys: Partial<Record<string, () => void>> = {
    " ": () => (cinema.screen()?.playing ? cinema.pause() : cinema.play()),
    k: () => (cinema.screen()?.playing ? cinema.pause() : cinema.play()),
    ArrowLeft: () => cinema.seek(Math.max(0, cinema.position() - STEP_S)),
    ArrowRight: () => cinema.seek(cinema.position() + STEP_S),
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.target !== root || event.ctrlKey || event.metaKey || event.altKey) return;
    const act =
      cinema.mayControl() && cinema.inStep() && cinema.screen() !== null ? keys[event.key] : undefined;
    if (act !== undefined) act();
    else if (event.key === "f") toggleWhole();
    else if (event.key === "m") cinema.mute(!cinema.muted());
    else return;
    event.preventDefault();
  };

  return (
    <Portal>
      <section
        ref={root}
        class="cinema"
        classList={{ whole: whole(), quiet: quiet() }}
        role="dialog"
        aria-modal="true"
        aria-label={word("cinema")}
        tabindex="-1"
        data-testid="cinema"
        onKeyDown={pressed}
      >
        <div class="cinema-film">
          <Switch>
            <Match when={cinema.screen()}>
              <Stage>
                <Controls
                  whole={whole()}
                  toggleWhole={toggleWhole}
                  leave={() => (whole() ? toggleWhole() : props.close())}
                  openList={() => setOver("playlist")}
                  openTuning={() => setOver("tuning")}
                />
              </Stage>
            </Match>
            <Match when={true}>
              <Empty leave={() => props.close()} matched={matched()} />
            </Match>
          </Switch>
        </div>
        <div class="cinema-side">
          <div class="cinema-people">
            <Watchers />
            <div ref={voice} class="cinema-voice" />
            <button
              class="round cinema-quiet"
              aria-label={word(quiet() ? "cinema-talk-show" : "cinema-talk-hide")}
              aria-expanded={!quiet()}
              data-testid="cinema-quiet"
              onClick={() => setQuiet(!quiet())}
            >
              <CinemaIcon name="talk" />
            </button>
          </div>
          <Show when={cinema.screen()}>
            <CheerRow />
          </Show>
          <div ref={talk} class="cinema-talk" />
        </div>
        <Switch>
          <Match when={over() === "playlist"}>
            <Playlist close={() => setOver("nothing")} name={props.name} wanted={props.wanted} />
          </Match>
          <Match when={over() === "tuning"}>
            <Tuning close={() => setOver("nothing")} />
          </Match>
        </Switch>
      </section>
    </Portal>
  );
}
