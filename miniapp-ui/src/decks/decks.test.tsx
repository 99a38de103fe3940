// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from "@solidjs/testing-library";
import { describe, expect, it, vi } from "vitest";

import type { DeckChoice } from "../generated/wire";
import { LANGUAGES, around, expectSpoken, problem, show } from "../testing/screen";
import { t } from "../text/texts";
import { DeckField } from "./DeckField";
import DeckSheet from "./DeckSheet";
import { filterWords } from "./words";

const TITLES = "GET /api/titles";
const ELSEWHERE = "GET /api/titles/elsewhere";
const page = (count: number | null, more_elsewhere = false) => ({
  items: [],
  next: null,
  near: false,
  read_as: null,
  incomplete: false,
  more_elsewhere,
  count,
});
const chip = (id: string) => screen.getByTestId<HTMLButtonElement>(id);

/** The sheet on its filter, and what was chosen in it. */
async function filterSheet(language: (typeof LANGUAGES)[number], answers: Record<string, unknown>) {
  const here = await around(language, undefined, answers);
  const chosen: unknown[] = [];
  show(here, () => (
    <DeckSheet deck={null} choose={(deck) => chosen.push(deck)} close={() => chosen.push("closed")} />
  ));
  fireEvent.click(await screen.findByTestId("deck-by-filter"));
  return { here, chosen };
}

describe.each(LANGUAGES)("choosing a deck in %s", (language) => {
  it("ready-made ones are offered, and none", async () => {
    const here = await around(language, undefined, { "GET /api/decks": [] });
    const chosen: unknown[] = [];
    show(here, () => <DeckSheet deck="d" choose={(deck) => chosen.push(deck)} close={() => undefined} />);
    expect(await screen.findByTestId("deck-sheet")).toBeTruthy();
    fireEvent.click(await screen.findByTestId("deck-none"));
    expect(chosen).toEqual([null]);
  });

  it("ready-made ones that could not be had are asked for again", async () => {
    const here = await around(language, undefined, { "GET /api/decks": problem(503, "unavailable") });
    show(here, () => <DeckSheet deck={null} choose={() => undefined} close={() => undefined} />);
    const again = await screen.findByTestId("decks-again");
    here.answers["GET /api/decks"] = [];
    fireEvent.click(again);
    await waitFor(() => {
      expect(screen.queryByTestId("decks-again")).toBeNull();
    });
  });

  it("a filter says how many titles fit, and becomes the deck", async () => {
    const { chosen } = await filterSheet(language, { [TITLES]: page(132) });
    fireEvent.click(chip("genre-comedy"));
    fireEvent.click(chip("genre-crime"));
    fireEvent.click(chip("decade-1990"));
    fireEvent.click(chip("runtime-120"));
    expect(chip("genre-comedy").getAttribute("aria-pressed")).toBe("true");
    await waitFor(() => {
      expect(chip("take-filter").textContent).toBe(t("deck-play-with", { count: 132 }));
    });
    expectSpoken(language, "deck-filter");
    fireEvent.click(chip("take-filter"));
    const filter = { kind: "film", genre: "comedy,crime", from_year: 1990, to_year: 1999, max_runtime: 120 };
    expect(chosen).toEqual([{ filter }]);
  });

  it("a filter that nothing fits is not taken, and says so", async () => {
    const { chosen } = await filterSheet(language, { [TITLES]: page(0) });
    await waitFor(() => {
      expect(chip("take-filter").textContent).toBe(t("deck-nothing-fits"));
    });
    fireEvent.click(chip("take-filter"));
    expect(chosen).toEqual([]);
    expect(screen.getByText(t("deck-nothing-note"))).toBeTruthy();
  });

  it("what TMDB has beside what is stored here is added when it comes", async () => {
    const { here } = await filterSheet(language, { [TITLES]: page(5, true), [ELSEWHERE]: { count: 7 } });
    await screen.findByText(t("deck-play-with", { count: 12 }));
    here.answers[ELSEWHERE] = { count: null };
    fireEvent.click(chip("genre-comedy"));
    await screen.findByText(t("deck-play-with", { count: 5 }));
    here.answers[TITLES] = page(0, true);
    fireEvent.click(chip("genre-drama"));
    await screen.findByText(t("deck-uncounted"));
    expect(screen.queryByText(t("deck-nothing-note")), "nobody knows that there is none").toBeNull();
  });

  it("who offers titles in one's country can be chosen, and whose data that is stands there", async () => {
    const { here, chosen } = await filterSheet(language, {
      [TITLES]: page(9),
      "GET /api/providers": { items: ["Netflix", "Canal+"], region: "FR" },
    });
    expect(await screen.findByText(t("source-justwatch"))).toBeTruthy();
    expect(
      screen.getByText(`${t("where-to-watch")} · ${language === "en" ? "France" : "Франция"}`),
    ).toBeTruthy();
    here.answers[TITLES] = page(0, true);
    here.answers[ELSEWHERE] = { count: 3 };
    fireEvent.click(chip("provider-Canal+"));
    await screen.findByText(t("deck-play-with", { count: 3 }));
    fireEvent.click(chip("take-filter"));
    expect(chosen).toEqual([{ filter: { kind: "film", provider: "Canal+" } }]);
    fireEvent.click(chip("provider-Canal+"));
    expect(chip("provider-Canal+").getAttribute("aria-pressed")).toBe("false");
  });

  it("where nobody says who offers titles, nothing is offered to choose", async () => {
    await filterSheet(language, { [TITLES]: page(9), "GET /api/providers": { items: [], region: null } });
    await screen.findByText(t("deck-play-with", { count: 9 }));
    expect(screen.queryByText(t("source-justwatch"))).toBeNull();
  });

  it("without a connection a filter can be taken uncounted, and is counted once there is one", async () => {
    const { here, chosen } = await filterSheet(language, { [TITLES]: problem(503, "unavailable") });
    expect(await screen.findByText(t("deck-uncounted"))).toBeTruthy();
    expect(chip("take-filter").textContent).toBe(t("deck-take"));
    here.answers[TITLES] = page(7);
    window.dispatchEvent(new Event("online"));
    await waitFor(() => {
      expect(chip("take-filter").textContent).toBe(t("deck-play-with", { count: 7 }));
    });
    fireEvent.click(chip("take-filter"));
    expect(chosen).toEqual([{ filter: { kind: "film" } }]);
  });

  it("an answer that comes late says nothing of what was tapped since", async () => {
    const { here } = await filterSheet(language, { [TITLES]: page(132) });
    await screen.findByText(t("deck-play-with", { count: 132 }));
    const late: ((page: unknown) => void)[] = [];
    const titles = vi.spyOn(here.app.api, "titles");
    titles.mockImplementation(
      () =>
        new Promise((resolve) => {
          late.push((count) => {
            resolve(page(count as number));
          });
        }),
    );
    fireEvent.click(chip("genre-comedy"));
    await waitFor(() => {
      expect(late).toHaveLength(1);
    });
    fireEvent.click(chip("genre-drama"));
    await waitFor(() => {
      expect(late).toHaveLength(2);
    });
    late[1]?.(5);
    await screen.findByText(t("deck-play-with", { count: 5 }));
    late[0]?.(99);
    await Promise.resolve();
    expect(chip("take-filter").textContent).toBe(t("deck-play-with", { count: 5 }));
  });
});

describe.each(LANGUAGES)("the deck of a room in %s", (language) => {
  const field = async (deck: DeckChoice | null, answers: Record<string, unknown>, picks = 0) => {
    const here = await around(language, undefined, answers);
    const chosen: unknown[] = [];
    show(here, () => (
      <DeckField deck={deck} none={t("choose-deck")} picks={picks} choose={(deck) => chosen.push(deck)} />
    ));
    return { here, chosen };
  };

  it("that is ready-made has its name as soon as it comes, and is there before", async () => {
    const deck = { id: "d", name: "Evening deck", description: "", size: 40, titles: [] };
    await field("d", { "GET /api/decks": [deck] });
    expect(screen.getByTestId("deck-name").textContent, "nothing waits for it").toBe(t("deck"));
    expect(await screen.findByText("Evening deck")).toBeTruthy();
    expect(screen.getByText(t("titles-count", { count: 40 }))).toBeTruthy();
    expect(screen.queryByTestId("deck-tiny")).toBeNull();
  });

  it("by a filter is told in words, with how much it holds", async () => {
    const filter = {
      kind: "film",
      genre: "comedy",
      from_year: 1990,
      to_year: 1999,
      max_runtime: 120,
    } as const;
    await field({ filter }, { [TITLES]: page(57) });
    expect(await screen.findByText(t("titles-count", { count: 57 }))).toBeTruthy();
    const words = language === "en" ? "Films · comedy · 90s · up to 2 h" : "Фильмы · комедия · 90-е · до 2 ч";
    expect(screen.getByTestId("deck-name").textContent).toBe(words);
    expectSpoken(language, "deck-field");
  });

  it("that is tiny says so before it starts, and more can be added", async () => {
    await field({ filter: { genre: "western" } }, { [TITLES]: page(3) }, 1);
    expect((await screen.findByTestId("deck-tiny")).textContent).toContain(t("deck-tiny", { count: 4 }));
    fireEvent.click(screen.getByTestId("deck-more"));
    expect(await screen.findByTestId("deck-filter")).toBeTruthy();
  });

  it("surprises with each tap, and says with what", async () => {
    const deck = { filter: { genre: "drama", from_year: 2010 } };
    const { here, chosen } = await field(null, { "GET /api/decks/surprise": { deck, count: 88 } });
    fireEvent.click(screen.getByTestId("surprise"));
    fireEvent.click(screen.getByTestId("surprise"));
    await waitFor(() => {
      expect(chosen).toEqual([deck]);
    });
    expect(here.said.join()).toContain(t("titles-count", { count: 88 }));
    fireEvent.click(screen.getByTestId("surprise"));
    await waitFor(() => {
      expect(chosen).toHaveLength(2);
    });
  });

  it("is no other where a surprise could not be had", async () => {
    const { here, chosen } = await field(null, { "GET /api/decks/surprise": problem(503, "unavailable") });
    fireEvent.click(screen.getByTestId("surprise"));
    await waitFor(() => {
      expect(here.excused).toHaveLength(1);
    });
    expect(chosen).toEqual([]);
  });
});

describe("a filter in words", () => {
  it("says each of its fields", async () => {
    await around("en");
    const all = {
      q: "star",
      kind: "series",
      genre: "sci-fi",
      family: true,
      to_year: 1959,
      country: "SU,FR",
      min_rating: 7.5,
      max_runtime: 90,
      provider: "Okko",
    } as const;
    expect(filterWords(all)).toBe(
      "«star» · Series · sci-fi · for the family · before 1960 · USSR, France · up to 1 h 30 min · 7.5 and better · Okko",
    );
    expect(filterWords({})).toBe("Everything");
    expect(filterWords({ from_year: 1985, to_year: 1994 })).toBe("1985–1994");
    expect(filterWords({ from_year: 1985 })).toBe("Since 1985");
  });
});
