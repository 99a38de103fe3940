// @vitest-environment jsdom
import { fireEvent, screen, within } from "@solidjs/testing-library";
import { describe, expect, it, vi } from "vitest";

import type { ImportedList } from "../generated/wire";
import type { Language } from "../text/texts";
import { FakeRoom } from "../testing/fakeRoom";
import { emptyRoom, film } from "../testing/rooms";
import { LANGUAGES, around, expectSpoken, problem, show, showInRoom } from "../testing/screen";
import FromMyFilms from "./FromMyFilms";
import ImportList from "./ImportList";
import LeaveOutSeen from "./LeaveOutSeen";
import MarkButtons from "./MarkButtons";
import { Marks } from "./marks";
import MyFilms from "./MyFilms";
import SaveButton from "./SaveButton";
import { picksOf } from "./picks";

/** Once the words are there. */
const spoken = (language: Language, testid: string) =>
  vi.waitFor(() => {
    expectSpoken(language, testid);
  });
const done = () => new Response(null, { status: 204 });
const list = (part: Partial<ImportedList>): ImportedList => ({
  recognised: [],
  typed: [],
  rejected: [],
  ...part,
});
const line = (id: string, mark: "wanted" | "watched" | null = null) => ({
  ...{ line: 2, file: null },
  title: film(id),
  mark,
});

describe.each(LANGUAGES)("the marks of a title in %s", (language) => {
  it("are shown, set by one tap, and taken back by another", async () => {
    const here = await around(language, undefined, {
      "GET /api/me/titles/a": { mark: "wanted" },
      "PUT /api/me/titles/a": done(),
    });
    show(here, () => <MarkButtons title={film("a")} />);
    const wanted = await screen.findByTestId("mark-wanted");
    await expect.poll(() => wanted.getAttribute("aria-pressed")).toBe("true");
    fireEvent.click(screen.getByTestId("mark-watched"));
    expect(screen.getByTestId("mark-watched").getAttribute("aria-pressed"), "at once").toBe("true");
    expect(wanted.getAttribute("aria-pressed"), "a title has one mark").toBe("false");
    await expect
      .poll(() => here.asked.at(-1))
      .toEqual({ call: "PUT /api/me/titles/a", body: { mark: "watched" } });
    fireEvent.click(screen.getByTestId("mark-watched"));
    await expect.poll(() => here.asked.at(-1)?.body).toEqual({ mark: null });
    await spoken(language, "marks");
  });

  it("go back to what they were where the server does not take them", async () => {
    const here = await around(language, undefined, {
      "GET /api/me/titles/a": { mark: null },
      "PUT /api/me/titles/a": problem(503, "unavailable"),
    });
    show(here, () => <MarkButtons title={film("a")} />);
    fireEvent.click(await screen.findByTestId("mark-hidden"));
    await expect.poll(() => here.excused).toHaveLength(1);
    expect(screen.getByTestId("mark-hidden").getAttribute("aria-pressed")).toBe("false");
  });

  it("are not offered for a name that somebody typed", async () => {
    const here = await around(language);
    show(here, () => <MarkButtons title={{ ...film("x"), kind: "text" }} />);
    expect(screen.queryByTestId("marks")).toBeNull();
    expect(here.asked).toEqual([]);
  });
});

describe.each(LANGUAGES)("a match in %s", (language) => {
  it("can be saved among what I want to watch", async () => {
    const here = await around(language, undefined, {
      "GET /api/me/titles/a": { mark: null },
      "PUT /api/me/titles/a": done(),
    });
    show(here, () => <SaveButton title={film("a")} />);
    fireEvent.click(await screen.findByTestId("match-save"));
    expect(screen.getByTestId("match-save").getAttribute("aria-pressed")).toBe("true");
    await expect.poll(() => here.asked.at(-1)?.body).toEqual({ mark: "wanted" });
  });
});

describe("marks that are tapped faster than the server answers", () => {
  it("are said one after another, and only the last of those that waited", async () => {
    const here = await around("en", undefined, { "PUT /api/me/titles/a": done() });
    const marks = new Marks(here.app.api);
    await Promise.all([marks.set("a", "wanted"), marks.set("a", "watched"), marks.set("a", "hidden")]);
    expect(here.asked.map(({ body }) => body)).toEqual([{ mark: "wanted" }, { mark: "hidden" }]);
    expect(marks.of("a")).toBe("hidden");
  });

  it("are not overtaken by what was asked before", async () => {
    const here = await around("en", undefined, {
      "GET /api/me/titles/a": { mark: "wanted" },
      "PUT /api/me/titles/a": done(),
    });
    const marks = new Marks(here.app.api);
    await Promise.all([marks.ask("a"), marks.set("a", "watched")]);
    expect(marks.of("a")).toBe("watched");
  });
});

describe.each(LANGUAGES)("my films in %s", (language) => {
  it("are three lists, and what is taken out can be put back", async () => {
    const here = await around(language, undefined, {
      "GET /api/me/titles": { items: [film("a"), film("b")], next: null },
      "PUT /api/me/titles/a": done(),
    });
    show(here, () => <MyFilms close={() => undefined} />);
    const row = await screen.findByTestId("film-a");
    fireEvent.click(within(row).getByTestId("film-remove"));
    fireEvent.click(await within(row).findByTestId("film-undo"));
    await within(row).findByTestId("film-remove");
    await expect
      .poll(() => here.asked.filter(({ call }) => call.startsWith("PUT")).at(-1)?.body)
      .toEqual({ mark: "wanted" });
    here.answers["GET /api/me/titles"] = { items: [], next: null };
    fireEvent.click(screen.getByTestId("films-hidden"));
    await expect.poll(() => screen.queryByTestId("film-a")).toBeNull();
    expect(screen.getByTestId("films-hidden").getAttribute("aria-selected")).toBe("true");
    await spoken(language, "films-sheet");
  });

  it("come a page at a time, no title twice", async () => {
    const here = await around(language, undefined, {
      "GET /api/me/titles": { items: [film("a"), film("b")], next: "1.b" },
    });
    show(here, () => <MyFilms close={() => undefined} />);
    const more = await screen.findByTestId("films-more");
    here.answers["GET /api/me/titles"] = { items: [film("b"), film("c")], next: null };
    fireEvent.click(more);
    await screen.findByTestId("film-c");
    expect(screen.getByTestId("films-list").children).toHaveLength(3);
    expect(screen.queryByTestId("films-more")).toBeNull();
  });

  it("can be asked for again when they do not come", async () => {
    const here = await around(language, undefined, { "GET /api/me/titles": problem(503, "unavailable") });
    show(here, () => <MyFilms close={() => undefined} />);
    const again = await screen.findByTestId("films-again");
    here.answers["GET /api/me/titles"] = { items: [film("a")], next: null };
    fireEvent.click(again);
    await screen.findByTestId("film-a");
  });

  it("have tabs that arrows go along", async () => {
    const here = await around(language, undefined, { "GET /api/me/titles": { items: [], next: null } });
    show(here, () => <MyFilms close={() => undefined} />);
    const first = await screen.findByTestId("films-wanted");
    fireEvent.keyDown(first, { key: "ArrowLeft" });
    expect(screen.getByTestId("films-hidden").getAttribute("aria-selected")).toBe("true");
    expect(document.activeElement).toBe(screen.getByTestId("films-hidden"));
  });
});

describe.each(LANGUAGES)("a list from elsewhere in %s", (language) => {
  const call = "POST /api/me/titles/import";
  const answer = list({
    recognised: [line("a", "watched"), line("b", "wanted")],
    typed: [{ line: 4, file: null, text: "Paris Summer (1987)" }],
    rejected: [
      { line: 5, file: "watched.csv", reason: "it is neither a film nor a series", code: "no_film" },
      { line: 6, file: null, reason: "a reason of tomorrow", code: "new_reason" },
    ],
  });

  it("is shown before anything is marked, and then marked as the export says", async () => {
    const here = await around(language, undefined, { [call]: answer, "PUT /api/me/titles": done() });
    const closed: string[] = [];
    show(here, () => <ImportList close={() => closed.push("closed")} />);
    fireEvent.input(await screen.findByTestId("import-text"), { target: { value: "Film a\nFilm b" } });
    fireEvent.click(await screen.findByTestId("import-read"));
    await screen.findByTestId("import-sum");
    expect(here.asked.map(({ call }) => call)).toEqual([call]);
    expect(screen.getByTestId("import-rejected").textContent, "what is new here").toContain("of tomorrow");
    await spoken(language, "import-sheet");
    fireEvent.click(screen.getByTestId("import-as-exported"));
    await expect.poll(() => closed).toEqual(["closed"]);
    expect(here.asked.slice(1).map(({ body }) => body)).toEqual([
      { titles: ["b"], mark: "wanted" },
      { titles: ["a"], mark: "watched" },
    ]);
    expect(here.said).toHaveLength(1);
  });

  it("can be put into one list as a whole", async () => {
    const here = await around(language, undefined, { [call]: answer, "PUT /api/me/titles": done() });
    show(here, () => <ImportList close={() => undefined} />);
    const file = new File(["Name,Year\n"], "watched.csv");
    fireEvent.change(await screen.findByTestId("import-file"), { target: { files: [file] } });
    fireEvent.click(await screen.findByTestId("import-wanted"));
    await expect.poll(() => here.asked.at(-1)?.body).toEqual({ titles: ["a", "b"], mark: "wanted" });
  });

  it("that is none is said to be none, and another one can be chosen", async () => {
    const here = await around(language, undefined, { [call]: problem(422, "invalid") });
    show(here, () => <ImportList close={() => undefined} />);
    const file = new File(["\0"], "picture.png");
    fireEvent.change(await screen.findByTestId("import-file"), { target: { files: [file] } });
    await expect.poll(() => screen.getByTestId("import-problem").textContent).not.toBe("");
    here.answers[call] = answer;
    fireEvent.change(await screen.findByTestId("import-file"), { target: { files: [file] } });
    await screen.findByTestId("import-sum");
  });

  it("becomes picks in a room, as many as there is place for", async () => {
    const server = new FakeRoom([]);
    server.room.picks_per_member = 2;
    const here = await around(language, server, { [call]: answer });
    showInRoom(here, (room) => <ImportList room={room} close={() => undefined} />);
    fireEvent.input(await screen.findByTestId("import-text"), { target: { value: "Film a" } });
    fireEvent.click(await screen.findByTestId("import-read"));
    fireEvent.click(await screen.findByTestId("import-pick"));
    await expect
      .poll(() => here.server.heard)
      .toMatchObject([
        { type: "pick", title: { id: "a" } },
        { type: "pick", title: { id: "b" } },
      ]);
  });
});

describe("what of a list becomes picks", () => {
  it("is what is not picked yet, from the top, catalogue first", () => {
    const room = emptyRoom({ picks_per_member: 3, my_picks: [film("a")] });
    const both = list({
      recognised: [line("a"), line("b")],
      typed: [
        { line: 4, file: null, text: "C" },
        { line: 5, file: null, text: "D" },
      ],
    });
    expect(picksOf(both, room)).toEqual([film("b"), { text: "C" }]);
    expect(picksOf(both, { ...room, picks_per_member: 1 })).toEqual([]);
  });
});

describe.each(LANGUAGES)("the lobby in %s", (language) => {
  it("offers what I want to watch", async () => {
    const here = await around(language, new FakeRoom([]), {
      "GET /api/me/titles": { items: [film("a")], next: null },
    });
    showInRoom(here, (room) => <FromMyFilms room={room} />);
    fireEvent.click(await screen.findByTestId("wanted-a"));
    // It is picked.
    await expect.poll(() => screen.queryByTestId("wanted-a")).toBeNull();
    await expect.poll(() => here.server.heard).toMatchObject([{ type: "pick", title: { id: "a" } }]);
    await spoken(language, "from-my-films");
  });

  it("is whole where my films do not come", async () => {
    const here = await around(language, new FakeRoom([]), {
      "GET /api/me/titles": problem(503, "unavailable"),
    });
    showInRoom(here, (room) => <FromMyFilms room={room} />);
    await screen.findByTestId("import-into-room");
    expect(here.said).toEqual([]);
  });

  it("says aloud what is left out, and lets only the host choose", async () => {
    const here = await around(language);
    showInRoom(here, (room) => <LeaveOutSeen room={room} />);
    fireEvent.click(await screen.findByTestId("leave-out-switch"));
    await expect.poll(() => here.server.heard).toMatchObject([{ type: "configure", leave_out_seen: true }]);
    await expect.poll(() => screen.getByTestId("leave-out-switch").getAttribute("aria-checked")).toBe("true");
    await spoken(language, "leave-out-seen");
  });
});
