/** What a host chooses, for a new room and in the lobby: rule, goal, picks, deck. */
import { For, type JSX, Show, createResource, createSignal } from "solid-js";

import { useApp } from "../app/context";
import type { Deck, Goal, Rule } from "../generated/wire";
import { Icon } from "../parts/icons";
import { Sheet } from "../parts/Sheet";
import { Poster } from "../parts/poster/Poster";
import { t } from "../text/texts";
import { goalName, ruleName } from "./names";
import "./settings.css";

export interface Choices {
  name: string;
  rule: Rule;
  goal: Goal;
  picks: number;
  deck: { id: string; name: string } | null;
}

export function ChoiceFields(props: { value: Choices; change: (part: Partial<Choices>) => void }) {
  const [choosing, setChoosing] = createSignal(false);
  return (
    <>
      <section>
        <h2>
          <label for="room-name">{t("room-name")}</label>
        </h2>
        <input
          id="room-name"
          class="field"
          data-testid="room-name"
          placeholder={t("room-name-placeholder")}
          maxlength="60"
          autocomplete="off"
          value={props.value.name}
          onInput={(event) => {
            props.change({ name: event.currentTarget.value });
          }}
        />
      </section>
      <section>
        <h2 id="deck-choice">{t("deck")}</h2>
        <div class="list">
          <button class="row" data-testid="choose-deck" onClick={() => setChoosing(true)}>
            <span class="row-icon">
              <Icon name="deck" />
            </span>
            <span class="row-text">
              <span class="row-title">{props.value.deck?.name ?? t("deck-none")}</span>
            </span>
            <Icon name="chevron" />
          </button>
        </div>
        <p class="note">{t("deck-note")}</p>
      </section>
      <Options
        title={t("rule")}
        options={rules(props.value.rule)}
        chosen={props.value.rule}
        label={ruleName}
        choose={(rule) => {
          props.change({ rule });
        }}
      >
        <Show when={props.value.rule.kind === "at_least" && props.value.rule}>
          {(rule) => (
            <Stepper
              value={rule().likes}
              low={1}
              high={20}
              label={t("rule")}
              change={(likes) => {
                props.change({ rule: { kind: "at_least", likes } });
              }}
            />
          )}
        </Show>
      </Options>
      <Options
        title={t("goal")}
        options={goals(props.value.goal)}
        chosen={props.value.goal}
        label={goalName}
        choose={(goal) => {
          props.change({ goal });
        }}
      >
        <Show when={props.value.goal.kind === "matches" && props.value.goal}>
          {(goal) => (
            <Stepper
              value={goal().count}
              low={1}
              high={20}
              label={t("goal")}
              change={(count) => {
                props.change({ goal: { kind: "matches", count } });
              }}
            />
          )}
        </Show>
        <Show when={props.value.goal.kind === "timed" && props.value.goal}>
          {(goal) => (
            <Stepper
              value={goal().minutes}
              low={3}
              high={20}
              label={t("goal-minutes")}
              change={(minutes) => {
                props.change({ goal: { kind: "timed", minutes } });
              }}
            />
          )}
        </Show>
      </Options>
      <section>
        <div class="list">
          <div class="row still">
            <span class="row-text">
              <span class="row-title">{t("picks-each")}</span>
            </span>
            <Stepper
              value={props.value.picks}
              low={1}
              high={50}
              label={t("picks-each")}
              change={(picks) => {
                props.change({ picks });
              }}
            />
          </div>
        </div>
        <p class="note">{t("picks-each-note")}</p>
      </section>
      <Show when={choosing()}>
        <DeckSheet
          chosen={props.value.deck?.id ?? null}
          choose={(deck) => {
            props.change({ deck });
            setChoosing(false);
          }}
          close={() => setChoosing(false)}
        />
      </Show>
    </>
  );
}

function Options<T extends { kind: string }>(props: {
  title: string;
  options: T[];
  chosen: T;
  label: (option: T) => string;
  choose: (option: T) => void;
  children: JSX.Element;
}) {
  return (
    <section>
      <h2>{props.title}</h2>
      <div class="list" role="radiogroup" aria-label={props.title}>
        <For each={props.options}>
          {(option) => (
            <div class="row-with">
              <button
                class="row"
                role="radio"
                aria-checked={option.kind === props.chosen.kind}
                onClick={() => props.choose(option)}
              >
                <span class="row-text">
                  <span class="row-title">{props.label(option)}</span>
                </span>
                <Show when={option.kind === props.chosen.kind}>
                  <span class="tick">
                    <Icon name="check" />
                  </span>
                </Show>
              </button>
            </div>
          )}
        </For>
        {props.children}
      </div>
    </section>
  );
}

function rules(current: Rule): Rule[] {
  return [
    { kind: "unanimous" },
    { kind: "majority" },
    current.kind === "at_least" ? current : { kind: "at_least", likes: 2 },
  ];
}

function goals(current: Goal): Goal[] {
  return [
    { kind: "whole_deck" },
    { kind: "first_match" },
    current.kind === "matches" ? current : { kind: "matches", count: 3 },
    current.kind === "timed" ? current : { kind: "timed", minutes: 7 },
  ];
}

function Stepper(props: {
  value: number;
  low: number;
  high: number;
  label: string;
  change: (value: number) => void;
}) {
  return (
    <span class="stepper" role="group" aria-label={props.label}>
      <button
        aria-label={t("fewer")}
        disabled={props.value <= props.low}
        onClick={() => props.change(props.value - 1)}
      >
        <Icon name="minus" />
      </button>
      <output>{props.value}</output>
      <button
        aria-label={t("another")}
        disabled={props.value >= props.high}
        onClick={() => props.change(props.value + 1)}
      >
        <Icon name="plus" />
      </button>
    </span>
  );
}

export function DeckSheet(props: {
  chosen: string | null;
  choose: (deck: Deck | null) => void;
  close: () => void;
}) {
  const app = useApp();
  const [decks] = createResource(() => app.api.decks());
  return (
    <Sheet title={t("choose-deck")} close={props.close} testid="deck-sheet">
      <p class="lead">{t("choose-deck-lead")}</p>
      <Show when={!decks.error} fallback={<p class="note">{t("search-failed")}</p>}>
        <Show when={decks()} fallback={<div class="bone row" />}>
          {(all) => (
            <ul class="decks">
              <Show when={props.chosen !== null}>
                <li>
                  <button class="text-button" data-testid="deck-none" onClick={() => props.choose(null)}>
                    {t("deck-drop")}
                  </button>
                </li>
              </Show>
              <For each={all()}>
                {(deck) => (
                  <li>
                    <button
                      class="deck-row"
                      data-testid={`deck-${deck.id}`}
                      aria-pressed={deck.id === props.chosen}
                      onClick={() => props.choose(deck)}
                    >
                      <span class="deck-fan" aria-hidden="true">
                        <For each={deck.titles.slice(0, 3)}>
                          {(title) => <Poster title={title} size="small" />}
                        </For>
                      </span>
                      <span class="row-text">
                        <span class="row-title">{deck.name}</span>
                        <span class="row-note">{deck.description}</span>
                        <span class="row-note">{t("titles-count", { count: deck.size })}</span>
                      </span>
                    </button>
                  </li>
                )}
              </For>
            </ul>
          )}
        </Show>
      </Show>
    </Sheet>
  );
}
