// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from "@solidjs/testing-library";
import { Show } from "solid-js";
import { describe, expect, it, vi } from "vitest";

import { AppContext } from "../app/context";
import type { Language } from "../text/texts";
import { createWords } from "../text/words";
import { type Around, LANGUAGES, around, expectSpoken } from "../testing/screen";
import { EMOJI, MAX_FLOATING } from "./Cheers";
import { type BesideFilm, Cinema } from "./Cinema";
import { CinemaContext, clockTime, nameOf } from "./cinema";
import type { Wanted } from "./offers";
import {
  ANNA,
  BEN,
  type FakeCinema,
  SOLARIS,
  type Shown,
  fakeCinema,
  showing,
  watcher,
} from "./testing/fakeCinema";

const DUNE: Wanted = { id: "dune", name: "Dune", year: 2021 };

interface Seat extends Around {
  cinema: FakeCinema;
  closed: number;
  places: (BesideFilm | null)[];
}

/** Shows the cinema once its words are there. */
async function seated(
  language: Language,
  begin: Partial<Shown> = {},
  wanted: Wanted | null = null,
): Promise<Seat> {
  const here = await around(language);
  const seat: Partial<Seat> = { ...here, closed: 0, places: [] };
  const Hall = () => {
    const word = createWords({
      en: () => import("../../../locales/en/watching.ftl"),
      ru: () => import("../../../locales/ru/watching.ftl"),
    });
    const cinema = fakeCinema(word, begin);
    seat.cinema = cinema;
    return (
      <CinemaContext.Provider value={cinema}>
        <Show when={word("cinema")}>
          <Cinema
            close={() => (seat.closed = (seat.closed ?? 0) + 1)}
            places={(places) => seat.places?.push(places)}
            name={(id) => ({ [ANNA]: "Anna", [BEN]: "Ben" })[id] ?? ""}
            matched={[DUNE]}
            wanted={wanted}
          />
        </Show>
      </CinemaContext.Provider>
    );
  };
  render(() => (
    <AppContext.Provider value={here.app}>
      <Hall />
    </AppContext.Provider>
  ));
  await screen.findByTestId("cinema");
  return seat as Seat;
}

describe.each(LANGUAGES)("the cinema in %s", (language) => {
  it("plays, pauses and seeks for whoever may", async () => {
    const { cinema } = await seated(language);
    expectSpoken(language, "cinema");
    fireEvent.click(screen.getByTestId("film-toggle"));
    cinema.set({ screen: showing({ playing: false }) });
    fireEvent.click(screen.getByTestId("film-toggle"));
    fireEvent.click(screen.getByTestId("film-back"));
    fireEvent.change(screen.getByTestId("film-seek"), { target: { value: "60" } });
    expect(cinema.asked).toEqual(["pause", "play", "seek 3715", "seek 60"]);
  });

  it("tells a guest who decides, and asks for nothing", async () => {
    const { cinema, said } = await seated(language, { mayControl: false });
    fireEvent.click(screen.getByTestId("film-toggle"));
    expect(cinema.asked).toEqual([]);
    expect(said).toEqual([cinema.word("cinema-control-host")]);
    expect(screen.getByTestId<HTMLInputElement>("film-seek").disabled).toBe(true);
  });

  it("takes an address that it knows, and says what is wrong with another", async () => {
    const { cinema } = await seated(language, { screen: null });
    expectSpoken(language, "cinema-empty");
    const [field, take] = [
      screen.getByTestId("address"),
      screen.getByTestId<HTMLButtonElement>("address-take"),
    ];
    fireEvent.input(field, { target: { value: "http://example.com/a.mp4" } });
    expect(screen.getByTestId("address-found").textContent).toBe(cinema.word("cinema-refused-not_https"));
    expect(take.disabled).toBe(true);
    fireEvent.input(field, { target: { value: " https://example.com/a.mp4 " } });
    fireEvent.click(take);
    expect(cinema.asked).toEqual(["show https://example.com/a.mp4"]);
  });

  it("says where to find what matched, also to those who do not decide what is on", async () => {
    await seated(language, { screen: null, mayControl: false });
    expectSpoken(language, "cinema-empty");
    const opened = vi.spyOn(window, "open").mockReturnValue(null);
    fireEvent.click(screen.getByTestId("trailer-dune"));
    fireEvent.click(screen.getByTestId("where-dune"));
    expect(opened.mock.calls.map(([url]) => new URL(String(url)).hostname)).toEqual([
      "www.youtube.com",
      language === "ru" ? "www.kinopoisk.ru" : "www.justwatch.com",
    ]);
    opened.mockRestore();
  });

  it("offers what somebody has come for from a match, whatever is on", async () => {
    const { cinema } = await seated(language, {}, DUNE);
    const list = within(screen.getByTestId("playlist"));
    expect(list.getByTestId("trailer-dune"), "the trailer").toBeTruthy();
    fireEvent.input(list.getByTestId("address"), { target: { value: "https://example.com/dune.mp4" } });
    fireEvent.click(list.getByTestId("address-take"));
    expect(cinema.asked).toEqual(["enqueue https://example.com/dune.mp4"]);
    cleanup();
    await seated(language, { screen: null }, { ...DUNE, id: "other", name: "Other" });
    const found = screen.getAllByTestId(/^trailer-/).map((one) => one.dataset.testid);
    expect(found, "first what was come for").toEqual(["trailer-other", "trailer-dune"]);
  });

  it("says for whom everybody waits, and starts without them", async () => {
    const until = performance.now() + 8_000;
    const { cinema } = await seated(language, { waiting: { ids: [ANNA, BEN], until } });
    const waiting = screen.getByTestId("waiting-for");
    expect(waiting.textContent).toContain(cinema.word("cinema-waiting", { names: "Anna, Ben" }));
    fireEvent.click(screen.getByTestId("without-them"));
    expect(cinema.asked).toEqual(["without them"]);
    cinema.set({ waiting: null });
    expect(screen.queryByTestId("waiting-for")).toBeNull();
  });

  it("asks for a tap where the browser does not let it play", async () => {
    const { cinema } = await seated(language, { player: { is: "blocked" } });
    expect(screen.queryByTestId("film-toggle"), "one thing to do").toBeNull();
    fireEvent.click(screen.getByTestId("tap-to-join"));
    expect(cinema.asked).toEqual(["join"]);
  });

  it.each(["unreachable", "not_allowed_to_embed", "unsupported", "too_narrow", "gone"])(
    "says what one can do where a film is %s",
    async (why) => {
      const { cinema } = await seated(language, { player: { is: "failed", why } });
      const word = within(screen.getByTestId("stage-failed"));
      expect(word.getByText(cinema.word(`cinema-failed-${why}`))).toBeTruthy();
      expect(word.getByRole("link").getAttribute("href")).toBe(SOLARIS.url);
    },
  );

  it("shows how everybody's player is doing", async () => {
    const watchers = [watcher(ANNA, "Anna", { doing: "buffering" }), watcher(BEN, "Ben", { behind_s: 0.42 })];
    const { cinema } = await seated(language, { watchers });
    expect(screen.getByTestId(`watcher-${ANNA}`).textContent).toContain(
      cinema.word("cinema-doing-buffering"),
    );
    expect(screen.getByTestId(`watcher-${BEN}`).textContent).toContain(
      cinema.word("cinema-behind", { seconds: 0.4 }),
    );
  });

  it("lets emoji float, mine and others', and never too many", async () => {
    const { cinema } = await seated(language);
    fireEvent.click(screen.getByTestId(`cheer-${EMOJI[1]}`));
    expect(cinema.asked).toEqual([`cheer ${EMOJI[1]}`]);
    for (let n = 0; n < 100; n += 1) cinema.hears("👏");
    expect(screen.getByTestId("floating").children).toHaveLength(MAX_FLOATING);
    const [first] = screen.getByTestId("floating").children;
    if (first) fireEvent.animationEnd(first);
    expect(screen.getByTestId("floating").children).toHaveLength(MAX_FLOATING - 1);
  });

  it("keeps a list, and says who added what", async () => {
    const playlist = [{ item: "i1", media: { ...SOLARIS, title: "Stalker" }, by: BEN }];
    const { cinema } = await seated(language, { screen: showing({ playlist }) });
    fireEvent.click(screen.getByTestId("playlist-open"));
    const list = screen.getByTestId("playlist");
    expectSpoken(language, "playlist");
    expect(list.textContent).toContain(cinema.word("cinema-added-by", { name: "Ben" }));
    fireEvent.click(
      within(list).getByRole("button", { name: cinema.word("cinema-remove", { name: "Stalker" }) }),
    );
    fireEvent.click(screen.getByTestId("next"));
    expect(cinema.asked).toEqual(["dequeue i1", "next"]);
  });

  it("adjusts this phone within bounds", async () => {
    const { cinema } = await seated(language);
    fireEvent.click(screen.getByTestId("tuning"));
    expectSpoken(language, "tuning-sheet");
    fireEvent.click(screen.getByTestId("correcting"));
    expect(cinema.adjusting().correcting).toBe(false);
    const later = screen.getByRole<HTMLButtonElement>("button", {
      name: cinema.word("cinema-later", { what: cinema.word("cinema-offset") }),
    });
    for (let n = 0; n < 20; n += 1) fireEvent.click(later);
    expect(cinema.adjusting().offset_ms).toBe(500);
    expect(later.disabled).toBe(true);
  });

  it("leaves it to those who decide whether all wait for each other", async () => {
    await seated(language, { mayControl: false });
    fireEvent.click(screen.getByTestId("tuning"));
    expect(screen.getByTestId("correcting"), "what is this phone's stays").toBeTruthy();
    expect(screen.queryByTestId("wait-start")).toBeNull();
    expect(screen.queryByTestId("wait-stalls")).toBeNull();
  });

  it("is driven by keys, though not while somebody writes", async () => {
    const { cinema } = await seated(language);
    const hall = screen.getByTestId("cinema");
    for (const key of [" ", "ArrowLeft", "ArrowRight", "m"]) fireEvent.keyDown(hall, { key });
    expect(cinema.asked).toEqual(["pause", "seek 3715", "seek 3735"]);
    expect(cinema.muted()).toBe(true);
    fireEvent.keyDown(screen.getByTestId("film-seek"), { key: " " });
    expect(cinema.asked).toHaveLength(3);
  });

  it("gives the talk its place, and takes it back when it closes", async () => {
    const { places } = await seated(language);
    expect(places[0]?.talk).toBeInstanceOf(HTMLElement);
    cleanup();
    expect(places[1]).toBeNull();
  });
});

describe("a film's time", () => {
  it.each([
    [0, "0:00"],
    [65.9, "1:05"],
    [3_725, "1:02:05"],
    [-3, "0:00"],
  ])("%s s reads %s", (seconds, shown) => {
    expect(clockTime(seconds)).toBe(shown);
  });

  it("has no name but its own, or that of its place", () => {
    expect(nameOf(SOLARIS)).toBe("Solaris");
    expect(nameOf({ ...SOLARIS, title: "  ", url: "https://www.example.com/a" })).toBe("example.com");
  });
});
