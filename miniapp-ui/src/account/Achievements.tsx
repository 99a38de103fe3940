/** What I have done with others, in numbers, and the achievements: those that I have earned, and how to earn the others. */
import { For, Match, Show, Switch, createResource } from "solid-js";

import { useApp } from "../app/context";
import type { PersonalStats } from "../generated/wire";
import { Sheet } from "../parts/Sheet";
import { language, t } from "../text/texts";
import { type Sources, createWords } from "../text/words";
import { Badge } from "./Badge";
import { ACHIEVEMENTS } from "./badges";

import "./achievements.css";

const WORDS: Sources = {
  en: () => import("../../../locales/en/achievements.ftl"),
  ru: () => import("../../../locales/ru/achievements.ftl"),
};

export default function Achievements(props: { close: () => void }) {
  const app = useApp();
  const word = createWords(WORDS);
  const [stats, { refetch }] = createResource(() => app.api.stats());

  const number = (value: number) => value.toLocaleString(language());
  const watched = (seconds: number) => {
    const minutes = Math.floor(seconds / 60);
    return minutes < 60
      ? word("stats-minutes", { minutes })
      : word("stats-hours", { hours: Math.floor(minutes / 60) });
  };
  const tiles = (of: PersonalStats) => [
    { value: watched(of.seconds_watched), what: word("stats-watched") },
    { value: number(of.films_finished), what: word("stats-films", { count: of.films_finished }) },
    { value: number(of.matches), what: word("stats-matches", { count: of.matches }) },
    { value: number(of.swipes), what: word("stats-swipes", { count: of.swipes }) },
    {
      value: number(of.rooms_created + of.rooms_joined),
      what: word("stats-rooms", { count: of.rooms_created + of.rooms_joined }),
    },
    { value: number(of.messages), what: word("stats-messages", { count: of.messages }) },
  ];
  const earnedAt = (id: string) => stats.latest?.achievements.find((earned) => earned.id === id)?.at;
  const day = (at: string) =>
    new Date(at).toLocaleDateString(language(), { day: "numeric", month: "long", year: "numeric" });

  return (
    <Sheet title={t("achievements")} close={props.close} testid="achievements-sheet">
      <Switch>
        <Match when={stats.error !== undefined}>
          <p class="note">{word("stats-away")}</p>
          <button class="big plain" data-testid="achievements-again" onClick={() => void refetch()}>
            {word("stats-again")}
          </button>
        </Match>
        <Match when={stats()}>
          {(known) => (
            <>
              <ul class="stat-tiles" data-testid="stats">
                <For each={tiles(known())}>
                  {(tile) => (
                    <li>
                      <b>{tile.value}</b>
                      <span>{tile.what}</span>
                    </li>
                  )}
                </For>
              </ul>
              {/* Nothing in it is to be tapped: a keyboard scrolls it from here. */}
              <ul class="achievements" tabindex="0" aria-label={t("achievements")}>
                <For each={ACHIEVEMENTS}>
                  {({ id }) => (
                    <li
                      class="achievement"
                      data-testid={`achievement-${id}`}
                      data-earned={earnedAt(id) !== undefined}
                    >
                      <Badge id={id} earned={earnedAt(id) !== undefined} />
                      <b>{word(`achievement-${id}`)}</b>
                      <span>{word(`achievement-${id}-how`)}</span>
                      <Show when={earnedAt(id)}>{(at) => <time datetime={at()}>{day(at())}</time>}</Show>
                    </li>
                  )}
                </For>
              </ul>
            </>
          )}
        </Match>
      </Switch>
    </Sheet>
  );
}
