// @vitest-environment jsdom
import { fireEvent, screen } from "@solidjs/testing-library";
import { createSignal } from "solid-js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Goal, Room } from "../generated/wire";
import { FakeRoom } from "../testing/fakeRoom";
import { OTHER, film } from "../testing/rooms";
import { LANGUAGES, around, expectSpoken, show, showInRoom } from "../testing/screen";
import { t } from "../text/texts";
import Lobby from "../lobby/Lobby";
import ExtendSheet from "./ExtendSheet";
import MatchScreen from "./MatchScreen";
import Results from "./Results";
import RuleLine from "./RuleLine";
import { ChoiceFields, type Choices } from "./settings";

/** A timed round with so many ms left. */
function timed(left: number, change: Partial<Room> = {}): FakeRoom {
  const server = new FakeRoom(["a", "b"]);
  const ends_at = new Date(Date.now() + left).toISOString();
  server.room = { ...server.room, goal: { kind: "timed", minutes: 3 }, ends_at, ...change };
  return server;
}

describe.each(LANGUAGES)("the rule in %s", (language) => {
  it("is said in few words, with what ends the round", async () => {
    const server = new FakeRoom([]);
    server.room = { ...server.room, rule: { kind: "majority" }, goal: { kind: "timed", minutes: 5 } };
    const here = await around(language, server);
    showInRoom(here, (room) => <RuleLine room={room} />);
    expectSpoken(language, "rule-line");
    const line = screen.getByTestId("rule-line");
    expect(line.textContent).toContain(t("rule-majority"));
    expect(line.textContent).toContain(t("goal-timed", { count: 5 }));
    expect(screen.queryByTestId("time-left"), "nothing runs yet").toBe(null);
    expect(screen.queryByTestId("rule-veto"), "there are no vetoes").toBe(null);
  });

  it("says that there are vetoes, in the lobby also what one does, to whoever is not the host", async () => {
    const server = new FakeRoom([]);
    server.room = { ...server.room, phase: "lobby", veto: true, host: OTHER };
    const here = await around(language, server);
    showInRoom(here, (room) => <Lobby room={room} />);
    expect(screen.getByTestId("rule-veto").textContent).toContain(t("rule-veto"));
    expect(screen.getByTestId("veto-explained").textContent).toBe(t("veto-allowed-note"));
  });

  it("is said at a match, also where the round is timed", async () => {
    const server = new FakeRoom(["a"]);
    const found = { number: 1, round: 1, title: film("a"), at: "2026-05-12T18:00:00Z", super_likes: [] };
    const rule = { kind: "at_least", likes: 2 } as const;
    const goal = { kind: "timed", minutes: 5 } as const;
    server.room = { ...server.room, rule, goal, matches: [found] };
    const here = await around(language, server);
    showInRoom(here, (room) => <MatchScreen room={room} number={1} />);
    const rules = screen.getByTestId("match-rules").textContent;
    expect(rules).toContain(t("rule-at-least", { count: 2 }));
    expect(rules).toContain(t("goal-timed", { count: 5 }));
  });
});

describe.each(LANGUAGES)("the time that is left in %s", (language) => {
  beforeEach(() => {
    vi.useFakeTimers({
      shouldAdvanceTime: true,
      toFake: ["Date", "performance", "setTimeout", "clearTimeout"],
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("counts down, is said aloud twice, and the last ten seconds are felt", async () => {
    const here = await around(language, timed(63_500));
    const felt = vi.spyOn(here.app.tg, "haptic");
    showInRoom(here, (room) => <RuleLine room={room} />);
    expect(screen.getByRole("timer").textContent).toBe(t("time-left", { time: "1:04" }));
    expect(screen.getByTestId("time-aloud").textContent).toBe("");
    await vi.advanceTimersByTimeAsync(4_000);
    expect(screen.getByTestId("time-aloud").textContent).toBe(t("time-left-minute"));
    expect(felt).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(50_000);
    expect(screen.getByTestId("time-left").classList).toContain("soon");
    expect(screen.getByTestId("time-aloud").textContent).toBe(t("time-left-ten"));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(felt.mock.calls.length).toBeGreaterThanOrEqual(4);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(screen.getByTestId("time-left").textContent).toBe(t("time-up"));
    expect(felt.mock.calls.length, "once a second, and not when it is over").toBeLessThanOrEqual(10);
  });

  it("is put off at hand by the host in the last minute, and by nobody else", async () => {
    const answers = { "POST /api/rooms/7H3M00NS/commands": { seq: 4 } };
    const server = timed(30_000);
    const here = await around(language, server, answers);
    showInRoom(here, (room) => <RuleLine room={room} />);
    fireEvent.click(await screen.findByTestId("one-more-minute"));
    await vi.advanceTimersByTimeAsync(100);
    const command = here.asked.find(({ call }) => call.endsWith("/commands"))?.body;
    const until = new Date(Date.parse(server.room.ends_at ?? "") + 60_000).toISOString();
    expect(command).toEqual({ type: "extend", until });

    const guest = await around(language, timed(30_000, { host: OTHER }));
    showInRoom(guest, (room) => (
      <div data-testid="guest">
        <RuleLine room={room} />
      </div>
    ));
    expect(screen.getByTestId("guest").querySelector("button")).toBe(null);
  });

  it("follows the end that the host has put off", async () => {
    const server = timed(20_000);
    const here = await around(language, server);
    showInRoom(here, (room) => <RuleLine room={room} />);
    await vi.advanceTimersByTimeAsync(200);
    const later = new Date(Date.parse(server.room.ends_at ?? "") + 180_000).toISOString();
    server.happens({ type: "extended", ends_at: later });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(screen.getByRole("timer").textContent).toMatch(/3:1\d/);
    expect(screen.queryByTestId("one-more-minute")).toBe(null);
  });

  it("can be put off from the menu by what the server takes", async () => {
    const here = await around(language, timed(16 * 60_000));
    showInRoom(here, (room) => <ExtendSheet room={room} close={() => undefined} />);
    const disabled = (minutes: number) => screen.getByTestId<HTMLButtonElement>(`extend-${minutes}`).disabled;
    expect([1, 3, 5].map(disabled)).toEqual([false, false, true]);
    expect(screen.getByText(t("extend-most"))).toBeTruthy();
  });
});

describe.each(LANGUAGES)("the goal in %s", (language) => {
  it("may be so many minutes, from 3 to 20", async () => {
    const here = await around(language);
    const start: Choices = {
      name: "",
      rule: { kind: "unanimous" },
      goal: { kind: "whole_deck" },
      picks: 5,
      deck: null,
    };
    const [choices, setChoices] = createSignal(start);
    let goal: Goal = start.goal;
    const change = (part: Partial<Choices>) => {
      if (part.goal) ({ goal } = part);
      setChoices((before) => ({ ...before, ...part }));
    };
    show(here, () => <ChoiceFields value={choices()} change={change} />);
    fireEvent.click(screen.getByRole("radio", { name: t("goal-timed", { count: 7 }) }));
    expect(goal).toEqual({ kind: "timed", minutes: 7 });
    const stepper = () => screen.getByRole("group", { name: t("goal-minutes") });
    const press = (label: string) => {
      const button = stepper().querySelector<HTMLButtonElement>(`[aria-label="${label}"]`);
      if (button && !button.disabled) fireEvent.click(button);
    };
    for (let n = 0; n < 30; n += 1) press(t("another"));
    expect(goal).toEqual({ kind: "timed", minutes: 20 });
    for (let n = 0; n < 30; n += 1) press(t("fewer"));
    expect(goal).toEqual({ kind: "timed", minutes: 3 });
  });
});

describe.each(LANGUAGES)("a round without a match in %s", (language) => {
  it("ends with the three that came closest on a podium, and the others below", async () => {
    const server = new FakeRoom([]);
    const likes = [4, 3, 3, 1, 0];
    const results = ["a", "b", "c", "d", "e"].map((id, place) => ({
      title: film(id),
      likes: likes[place] ?? 0,
    }));
    server.room = { ...server.room, phase: "finished", results };
    const here = await around(language, server);
    showInRoom(here, (room) => <Results room={room} />);
    const podium = screen.getByTestId("podium");
    const steps = [...podium.querySelectorAll("li")];
    expect(steps.map((step) => step.className)).toEqual(["step place-1", "step place-2", "step place-2"]);
    expect(podium.textContent).toContain("Film a");
    expect(podium.contains(screen.getByTestId("result-d"))).toBe(false);
    expect(screen.queryByTestId("result-e"), "nobody liked it").toBe(null);
    expectSpoken(language, "podium");
    fireEvent.click(screen.getByTestId("result-b"));
    expect(await screen.findByTestId("details")).toBeTruthy();
  });

  it("has no podium where something matched", async () => {
    const server = new FakeRoom([]);
    const found = { number: 1, round: 1, title: film("a"), at: "2026-05-12T18:00:00Z", super_likes: [] };
    const results = [
      { title: film("a"), likes: 2 },
      { title: film("b"), likes: 1 },
    ];
    server.room = { ...server.room, phase: "finished", matches: [found], results };
    const here = await around(language, server);
    showInRoom(here, (room) => <Results room={room} />);
    expect(screen.queryByTestId("podium")).toBe(null);
    expect(screen.getByText(t("results-ranking"))).toBeTruthy();
  });
});

describe.each(LANGUAGES)("a final round in %s", (language) => {
  it("is offered to the host where nothing matched, and begins at once", async () => {
    const server = new FakeRoom([]);
    const results = ["a", "b"].map((id) => ({ title: film(id), likes: 1 }));
    server.room = { ...server.room, phase: "finished", results, finalists: 2 };
    const here = await around(language, server, { "POST /api/rooms/7H3M00NS/commands": { seq: 4 } });
    showInRoom(here, (room) => <Results room={room} />);
    fireEvent.click(screen.getByTestId("final-round"));
    await expect
      .poll(() => here.asked.find(({ call }) => call.endsWith("/commands"))?.body)
      .toEqual({ type: "restart", round: 2, final: true });
  });
});
