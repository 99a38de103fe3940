/** Совпало! The moment that everything else is for. */
import { For, Show, createMemo, onMount } from "solid-js";

import { useApp } from "../app/context";
import { Poster } from "../parts/poster/Poster";
import { Chance } from "../parts/poster/chance";
import type { RoomHandle } from "../room/useRoom";
import { useBack } from "../telegram/back";
import { t } from "../text/texts";
import "./match.css";

export default function MatchScreen(props: { room: RoomHandle; number: number }) {
  const app = useApp();
  let go!: HTMLButtonElement;
  const room = () => props.room.view.room;
  const match = createMemo(() => room().matches.find((one) => one.number === props.number));
  const done = () => {
    props.room.live.celebrated(props.number);
  };
  useBack(done);
  onMount(() => {
    app.tg.haptic("success");
    go.focus({ preventScroll: true });
  });
  const lead = () =>
    room().rule.kind === "unanimous"
      ? t("match-lead", { count: room().members.filter((member) => !member.away).length })
      : t("match-lead-majority");

  return (
    <div
      class="match"
      role="dialog"
      aria-modal="true"
      aria-label={t("match-word")}
      data-testid="match-screen"
    >
      <Sparks seed={props.number} />
      <div class="match-inside">
        <p class="match-word" lang={t("match-word") === "Совпало!" ? "ru" : "en"}>
          {t("match-word")}
        </p>
        <Show when={match()}>
          {(found) => (
            <>
              <div class="match-poster">
                <Poster title={found().title} size="full" />
              </div>
              <h1 class="visually-hidden" data-testid="match-title">
                {found().title.name}
              </h1>
              <p class="lead">{lead()}</p>
              <p class="visually-hidden" role="alert">
                {t("match-announce", { title: found().title.name })}
              </p>
            </>
          )}
        </Show>
        <div class="stack">
          <button class="big light" ref={go} data-testid="match-continue" onClick={done}>
            {t(room().phase === "swiping" ? "match-continue" : "match-results")}
          </button>
          <button
            class="big plain"
            data-testid="match-watch"
            onClick={() => {
              done();
              props.room.openCinema(true);
            }}
          >
            {t("match-watch")}
          </button>
        </div>
      </div>
    </div>
  );
}

const COLOURS = ["spark-a", "spark-b", "spark-c", "spark-d"] as const;

/** A little confetti that falls once. Where less motion is wanted, the styles leave it out. */
function Sparks(props: { seed: number }) {
  const sparks = createMemo(() => {
    const chance = new Chance(props.seed * 7919);
    return Array.from({ length: 36 }, () => ({
      colour: chance.one(COLOURS),
      x: chance.between(2, 98),
      delay: chance.between(0, 0.5),
      time: chance.between(1.5, 2.8),
      turn: chance.whole(-360, 360),
      drift: chance.whole(-60, 60),
    }));
  });
  return (
    <div class="sparks" aria-hidden="true">
      <For each={sparks()}>
        {(spark) => (
          <i
            class={spark.colour}
            style={{
              left: `${spark.x}%`,
              "animation-delay": `${spark.delay}s`,
              "animation-duration": `${spark.time}s`,
              "--turn": `${spark.turn}deg`,
              "--drift": `${spark.drift}px`,
            }}
          />
        )}
      </For>
    </div>
  );
}
