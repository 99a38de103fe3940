/** What a host chooses, for a new room and in the lobby: rule, goal, picks, deck. */
import { For, type JSX, Show } from "solid-js";

import { DeckField } from "../decks/DeckField";
import type { DeckChoice, Goal, Rule } from "../generated/wire";
import { Icon } from "../parts/icons";
import { t } from "../text/texts";
import { goalName, ruleName } from "./names";

export interface Choices {
  name: string;
  rule: Rule;
  goal: Goal;
  picks: number;
  deck: DeckChoice | null;
  /** Whether members may veto; absent where that cannot be chosen yet. */
  veto?: boolean;
}

export function ChoiceFields(props: { value: Choices; change: (part: Partial<Choices>) => void }) {
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
      <DeckField
        deck={props.value.deck}
        none={t("deck-none")}
        choose={(deck) => {
          props.change({ deck });
        }}
      />
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
      <Show when={props.value.veto !== undefined}>
        <section>
          <div class="list">
            <button
              class="row"
              role="switch"
              data-testid="veto-allowed"
              aria-checked={props.value.veto === true}
              onClick={() => {
                props.change({ veto: props.value.veto !== true });
              }}
            >
              <span class="row-text">{t("veto-allowed")}</span>
              <span class="switch" aria-hidden="true" />
            </button>
          </div>
          <p class="note">{t("veto-allowed-note")}</p>
        </section>
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
