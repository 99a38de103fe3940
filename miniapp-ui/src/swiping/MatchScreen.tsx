/** Совпало! The moment that everything else is for: as much of it as one wants, and gone with a tap. */
import { For, Show, createMemo, onCleanup, onMount } from "solid-js";

import { useApp } from "../app/context";
import { SaveButton } from "../films/lazy";
import type { Title } from "../generated/wire";
import { holdFocus } from "../parts/focus";
import { Icon } from "../parts/icons";
import { movesLess } from "../parts/motion";
import { OutLink } from "../parts/OutLink";
import { Poster } from "../parts/poster/Poster";
import { Chance } from "../parts/poster/chance";
import { type RoomHandle, plain } from "../room/useRoom";
import { useBack } from "../telegram/back";
import { openLink } from "../telegram/openLink";
import { language, t } from "../text/texts";
import { regionOf, trailerSearch, whereToWatch } from "../watching/offers";
import { isWished, wish } from "../watching/wish";
import { ShareMatch } from "./ShareMatch";
import { goalName, ruleName } from "./names";
import "./match.css";

/** When the phone taps along with what lands on the screen, in ms. */
const BEATS = [280, 420];

/** A tap that comes sooner, in ms, was meant for what was here before. */
const SURPRISE = 900;

/** Shows one match, by its number in the room. */
export default function MatchScreen(props: { room: RoomHandle; number: number }) {
  const app = useApp();
  const less = movesLess();
  let screen!: HTMLDivElement;
  let go!: HTMLButtonElement;
  const room = () => props.room.view.room;
  const match = createMemo(() => room().matches.find((one) => one.number === props.number));
  const done = () => {
    props.room.live.celebrated(props.number);
  };
  /** The cinema opens by itself once this phone has celebrated everything. */
  const watch = () => {
    const found = match();
    if (found !== undefined) wish(props.room, plain(found.title));
    done();
  };
  const goesOn = () => {
    // Somebody has chosen to watch what matched before this one.
    if (isWished(props.room)) return t("match-to-cinema");
    return t(room().phase === "swiping" ? "match-continue" : "match-results");
  };
  useBack(done);
  onMount(() => {
    app.tg.haptic("success");
    const beats = less ? [] : BEATS.map((after) => setTimeout(() => app.tg.haptic("press"), after));
    onCleanup(() => beats.forEach(clearTimeout));
  });
  holdFocus(() => screen, { first: () => go });
  const lead = () =>
    room().rule.kind === "unanimous"
      ? t("match-lead", { count: room().members.filter((member) => !member.away).length })
      : t("match-lead-majority");

  /** Who said so on purpose, by name. */
  const superLikers = () => {
    const ids = match()?.super_likes ?? [];
    return room()
      .members.filter((member) => ids.includes(member.id))
      .map((member) => member.name);
  };

  const title = () => match()?.title.name ?? "";
  /** When they watch it they know themselves: the calendar asks. */
  const note = () => {
    const query = new URLSearchParams({
      action: "TEMPLATE",
      text: t("match-calendar-entry", { title: title() }),
      details: room().invite_url ?? "",
    });
    openLink(app.tg, `https://calendar.google.com/calendar/render?${query}`);
  };
  const shownAt = performance.now();
  /** A tap beside the buttons is enough. */
  const skip = (event: MouseEvent) => {
    if (performance.now() - shownAt < SURPRISE) return;
    if (event.target instanceof Element && event.target.closest("button, a") === null) done();
  };

  return (
    <div
      class="match"
      role="dialog"
      aria-modal="true"
      aria-label={t("match-word")}
      tabindex="-1"
      ref={screen}
      data-testid="match-screen"
      onClick={skip}
    >
      <Show when={!less}>
        <Sparks seed={props.number} />
      </Show>
      <div class="match-inside">
        <div class="match-face">
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
                <div class="match-why">
                  <p class="lead">{lead()}</p>
                  <p class="match-rules" data-testid="match-rules">
                    <span>
                      {t("rule")}: {ruleName(room().rule)}
                    </span>
                    <span>
                      {t("goal")}: {goalName(room().goal)}
                    </span>
                  </p>
                </div>
                <Show when={superLikers().length > 0}>
                  <p class="match-star" data-testid="match-super-likes">
                    <Icon name="star" filled />
                    {t("match-super-likes", { name: superLikers().join(", ") })}
                  </p>
                </Show>
                <p class="visually-hidden" role="alert">
                  {t("match-announce", { title: found().title.name })}
                </p>
              </>
            )}
          </Show>
        </div>
        <div class="stack">
          <button class="big light" ref={go} data-testid="match-continue" onClick={done}>
            {goesOn()}
          </button>
          <button class="big clear" data-testid="match-watch" onClick={watch}>
            {t("match-watch")}
          </button>
          <Show when={match()}>{(found) => <Elsewhere title={found().title} />}</Show>
          <div class="match-more">
            <Show when={match()}>{(found) => <SaveButton title={found().title} />}</Show>
            <Show when={room().invite_url}>
              {(link) => (
                <Show when={match()}>
                  {(found) => (
                    <ShareMatch
                      title={found().title}
                      number={props.number}
                      code={room().code}
                      link={link()}
                    />
                  )}
                </Show>
              )}
            </Show>
            <button class="text-button" data-testid="match-calendar" onClick={note}>
              <Icon name="calendar" />
              {t("match-calendar")}
            </button>
          </div>
        </div>
      </div>
    </div>
  );
}

/** Where else there is something of it: the trailer, and who has the film. The match stays where it is. */
function Elsewhere(props: { title: Title }) {
  const app = useApp();
  return (
    <div class="match-links">
      <OutLink
        class="match-link"
        href={trailerSearch(props.title, (name) => t("match-trailer-query", { name }))}
        testid="match-trailer"
      >
        {t("match-trailer")}
      </OutLink>
      <OutLink
        class="match-link"
        href={whereToWatch(props.title, language(), app.user().region ?? regionOf(navigator.language))}
        testid="match-where"
      >
        {t("match-where")}
      </OutLink>
    </div>
  );
}

const COLOURS = ["spark-a", "spark-b", "spark-c", "spark-d"] as const;

/** A little confetti that falls once. */
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
