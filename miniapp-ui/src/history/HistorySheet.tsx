/** What a room's regulars found, evening by evening, also where that was nothing: what they watched of it, how it was, and what they never want to see again. */
import { For, Show, createMemo, createSignal, onMount } from "solid-js";
import { createStore } from "solid-js/store";

import { useApp } from "../app/context";
import type { PastMatch, Title, RoomMark, RoomMarkChange, UnmatchedRound } from "../generated/wire";
import { Icon } from "../parts/icons";
import { Poster } from "../parts/poster/Poster";
import { Sheet } from "../parts/Sheet";
import { type RoomHandle, plain } from "../room/useRoom";
import { dayName } from "../talk/times";
import { titleFacts } from "../text/names";
import { language, t } from "../text/texts";
import { createWords } from "../text/words";
import { Mark } from "./Mark";
import { byEvening } from "./evenings";
import { changed, emojiOf } from "./faces";
import { WORDS } from "./words";
import "../parts/lists.css";
import "./history.css";

export default function HistorySheet(props: { room: RoomHandle; close: () => void }) {
  const app = useApp();
  const word = createWords(WORDS);
  const code = () => props.room.view.room.code;
  const [matches, setMatches] = createStore<PastMatch[]>([]);
  const [unmatched, setUnmatched] = createSignal<UnmatchedRound[]>([]);
  const [state, setState] = createSignal<"loading" | "more" | "whole" | "failed">("loading");
  const [open, setOpen] = createSignal<number | null>(null);
  const [never, setNever] = createSignal<Title[]>([]);
  const now = Date.now();

  const load = async () => {
    setState("loading");
    try {
      const page = await app.api.history(code(), matches[matches.length - 1]?.number);
      setMatches((all) => [...all, ...page.items]);
      setUnmatched((all) => [...all, ...page.unmatched]);
      setState(page.more ? "more" : "whole");
    } catch {
      setState("failed");
    }
  };
  const loadNever = async () => {
    // Without it there is still the history.
    const answer = await app.api.neverDealt(code()).catch(() => null);
    if (answer !== null) setNever(answer.items);
  };
  onMount(() => {
    void load();
    void loadNever();
  });

  const evenings = createMemo(() => byEvening(matches, unmatched()));
  const day = (at: number) => {
    const name = dayName(at, now, language());
    return typeof name === "string" ? name : word(`evenings-${name.word}`);
  };
  /** Who of those who are here was there, and how many cards they had. */
  const playedBy = (round: UnmatchedRound) => {
    const people = props.room.view.room.members.filter((member) => round.members.includes(member.id));
    const names = people.map((member) => member.name).join(", ");
    return [names, word("evenings-cards", { count: round.cards })].filter((part) => part !== "").join(" · ");
  };
  /** A title may have matched on several evenings: what is thought of it is one thing. */
  const show = (title: Title, mark: RoomMark) => {
    setMatches((match) => match.title.id === title.id, "mark", mark);
  };
  const say = async (title: Title, change: Omit<RoomMarkChange, "title">) => {
    app.tg.haptic("tick");
    const before = matches.find((match) => match.title.id === title.id)?.mark;
    const was = before && plain(before);
    if (was) show(title, changed(was, change, props.room.me, new Date(now).toISOString()));
    try {
      show(title, await app.api.markTitle(code(), { title: title.id, ...change }));
      if (change.never !== undefined) await loadNever();
    } catch (error) {
      if (was) show(title, was);
      app.excuse(error);
    }
  };
  const dealAgain = async (title: Title) => {
    setNever((all) => all.filter((one) => one.id !== title.id));
    await say(title, { never: false });
    await loadNever();
  };

  return (
    <Sheet title={word("evenings-title")} close={props.close} testid="history">
      {/* All of it comes with its words. */}
      <Show when={word("evenings-title")}>
        <For each={evenings()}>
          {(evening) => (
            <section>
              <h2>{day(evening.at)}</h2>
              <ul class="list">
                <For each={evening.matches}>
                  {(match) => (
                    <li>
                      <Row
                        match={match}
                        open={open() === match.number}
                        turn={() => setOpen(open() === match.number ? null : match.number)}
                      />
                      <Show when={open() === match.number}>
                        <Mark
                          word={word}
                          me={props.room.me}
                          members={props.room.view.room.members}
                          mark={match.mark}
                          say={(change) => void say(plain(match.title), change)}
                        />
                      </Show>
                    </li>
                  )}
                </For>
                <For each={evening.unmatched}>
                  {(round) => (
                    <li class="row still" data-testid={`unmatched-${round.round}`}>
                      <span class="row-text">
                        <span class="row-title">{word("evenings-unmatched")}</span>
                        <span class="row-note">{playedBy(round)}</span>
                      </span>
                    </li>
                  )}
                </For>
              </ul>
            </section>
          )}
        </For>
        <Show when={state() === "loading"}>
          <div class="bone row" />
        </Show>
        <Show when={state() === "whole" && evenings().length === 0}>
          <div class="history-none" data-testid="history-none">
            <strong>{word("evenings-none")}</strong>
            <p class="note">{word("evenings-none-lead")}</p>
          </div>
        </Show>
        <Show when={state() === "failed"}>
          <div class="stack">
            <button class="big second" onClick={() => void load()}>
              {t("retry")}
            </button>
          </div>
        </Show>
        <Show when={state() === "more"}>
          <div class="stack">
            <button class="big second" data-testid="history-more" onClick={() => void load()}>
              {word("evenings-more")}
            </button>
          </div>
        </Show>
        <Show when={never().length > 0}>
          <section data-testid="never">
            <h2>{word("evenings-never-title")}</h2>
            <ul class="list">
              <For each={never()}>
                {(title) => (
                  <li class="row still">
                    <span class="row-poster">
                      <Poster title={title} size="mark" />
                    </span>
                    <span class="row-text">
                      <span class="row-title">{title.name}</span>
                    </span>
                    <button
                      class="text-button"
                      data-testid={`again-${title.id}`}
                      aria-label={word("evenings-again-title", { title: title.name })}
                      onClick={() => void dealAgain(title)}
                    >
                      {word("evenings-again")}
                    </button>
                  </li>
                )}
              </For>
            </ul>
          </section>
        </Show>
      </Show>
    </Sheet>
  );
}

function Row(props: { match: PastMatch; open: boolean; turn: () => void }) {
  const title = () => props.match.title;
  const mark = () => props.match.mark;
  return (
    <button
      class="row"
      data-testid={`past-${title().id}`}
      aria-expanded={props.open}
      onClick={() => props.turn()}
    >
      <span class="row-poster">
        <Poster title={title()} size="mark" />
      </span>
      <span class="row-text">
        <span class="row-title">{title().name}</span>
        <span class="row-note">{titleFacts(title()).join(" · ")}</span>
      </span>
      <span class="history-faces" aria-hidden="true">
        {mark()
          .faces.slice(0, 4)
          .map(({ face }) => emojiOf(face))
          .join("")}
      </span>
      <Show when={mark().watched_at !== null && mark().faces.length === 0}>
        <span class="tick">
          <Icon name="check" />
        </span>
      </Show>
      <Icon name="chevron" />
    </button>
  );
}
