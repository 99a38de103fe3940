/** The film itself, and what has to be said over it: whom we wait for, that a tap is needed, that it cannot be shown. */
import { For, type JSX, Match, Show, Switch, createSignal, onCleanup, untrack } from "solid-js";

import { Avatar } from "../parts/Avatar";
import { useCinema } from "./cinema";
import { Floating } from "./Cheers";
import { CinemaIcon } from "./icons";
import "./stage.css";

export function Stage(props: { children: JSX.Element }) {
  const cinema = useCinema();
  const { word, player } = cinema;
  const failed = () => {
    const now = player();
    return now.is === "failed" ? now.why : null;
  };
  return (
    <div class="stage" data-testid="stage" data-player={player().is}>
      <div class="stage-player" ref={(place) => cinema.mount(place)} />
      <Floating />
      {props.children}
      <Switch>
        <Match when={failed()}>
          {(why) => (
            <div class="stage-word" role="alert" data-testid="stage-failed">
              <p>{word(`cinema-failed-${why()}`)}</p>
              <Show when={why() === "too_narrow"}>
                <p class="stage-hint">{word("cinema-turn")}</p>
              </Show>
              <Show when={cinema.screen()}>
                {(screen) => (
                  <a class="stage-link" href={screen().media.url} target="_blank" rel="noopener noreferrer">
                    {word("cinema-elsewhere")}
                  </a>
                )}
              </Show>
            </div>
          )}
        </Match>
        <Match when={player().is === "blocked"}>
          <button class="stage-join" data-testid="tap-to-join" onClick={() => cinema.join()}>
            <CinemaIcon name="play" />
            {word("cinema-join")}
          </button>
        </Match>
        <Match when={cinema.waiting()} keyed>
          {(waiting) => <WaitingFor ids={waiting.ids} until={waiting.until} />}
        </Match>
        <Match when={player().is === "loading"}>
          <span class="stage-busy" role="status" aria-label={word("cinema-loading")} />
        </Match>
        <Match when={player().is === "ad"}>
          <span class="film-badge ad">{word("cinema-ad")}</span>
        </Match>
      </Switch>
    </div>
  );
}

function WaitingFor(props: { ids: readonly number[]; until: number }) {
  const cinema = useCinema();
  const { word } = cinema;
  const people = () => cinema.watchers().filter((one) => props.ids.includes(one.id));
  const names = () =>
    people()
      .map((one) => (one.isMe ? word("cinema-you") : one.name))
      .join(", ");
  const now = () => Math.max(0, props.until - performance.now());
  const [left, setLeft] = createSignal(untrack(now));
  const whole = Math.max(untrack(left), 1);
  const timer = setInterval(() => setLeft(now()), 250);
  onCleanup(() => {
    clearInterval(timer);
  });
  return (
    <div class="stage-word" role="status" data-testid="waiting-for">
      <div class="waiting-faces">
        <svg class="waiting-ring" viewBox="0 0 64 64" aria-hidden="true">
          <circle cx="32" cy="32" r="29" />
          <circle
            class="left"
            cx="32"
            cy="32"
            r="29"
            pathLength="100"
            stroke-dasharray={`${(100 * left()) / whole} 100`}
          />
        </svg>
        <For each={people().slice(0, 1)}>{(one) => <Avatar member={one} />}</For>
      </div>
      <p>{word("cinema-waiting", { names: names() })}</p>
      <Show when={cinema.mayControl()}>
        <button class="stage-link" data-testid="without-them" onClick={() => cinema.withoutThem()}>
          {word("cinema-without")}
        </button>
      </Show>
    </div>
  );
}
