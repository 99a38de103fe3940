// @vitest-environment jsdom
import { fireEvent, screen } from "@solidjs/testing-library";
import { describe, expect, it } from "vitest";

import { FakeRoom } from "../testing/fakeRoom";
import { ME, OTHER, film } from "../testing/rooms";
import { LANGUAGES, around, expectSpoken, problem, showInRoom } from "../testing/screen";
import { t } from "../text/texts";
import Lobby from "./Lobby";
import { PastedList } from "./PastedList";

const page = (...names: string[]) => ({ items: names.map(film), next: null });

describe.each(LANGUAGES)("the lobby in %s", (language) => {
  it("shows who is here and that nothing can begin without titles", async () => {
    const here = await around(language);
    showInRoom(here, (room) => <Lobby room={room} />);
    expect(screen.getByTestId(`member-${ME}`)).toBeTruthy();
    expect(screen.getByTestId(`member-${OTHER}`)).toBeTruthy();
    expect(screen.getByTestId<HTMLButtonElement>("start").disabled).toBe(true);
    expectSpoken(language, "lobby");
  });

  it("takes what I bring, and says that I am ready", async () => {
    const here = await around(language, new FakeRoom([]), { "GET /api/titles": page("a") });
    showInRoom(here, (room) => <Lobby room={room} />);
    fireEvent.input(screen.getByTestId("search-input"), { target: { value: "Film a" } });
    fireEvent.click(await screen.findByTestId("search-result-a"));
    expect(screen.getByTestId("pick-a"), "it is there before the server knows").toBeTruthy();
    fireEvent.click(screen.getByTestId("ready"));
    expect(screen.getByTestId(`member-${ME}`).dataset.ready).toBe("true");
    await expect.poll(() => here.server.heard.map(({ type }) => type)).toEqual(["pick", "ready"]);
    expect(screen.getByTestId<HTMLButtonElement>("start").disabled).toBe(false);
  });

  it("offers what is typed by hand when the search fails", async () => {
    const here = await around(language, new FakeRoom([]), { "GET /api/titles": problem(503, "unavailable") });
    showInRoom(here, (room) => <Lobby room={room} />);
    fireEvent.input(screen.getByTestId("search-input"), { target: { value: "Solaris" } });
    fireEvent.click(await screen.findByTestId("add-text"));
    expect(await screen.findByTestId("pick-xserver")).toBeTruthy();
  });

  it("searches again what could not be searched, when somebody asks for it", async () => {
    const here = await around(language, new FakeRoom([]), { "GET /api/titles": problem(503, "unavailable") });
    showInRoom(here, (room) => <Lobby room={room} />);
    fireEvent.input(screen.getByTestId("search-input"), { target: { value: "Film a" } });
    const again = await screen.findByTestId("search-again");
    here.answers["GET /api/titles"] = page("a");
    fireEvent.click(again);
    expect(await screen.findByTestId("search-result-a")).toBeTruthy();
    expect(screen.queryByTestId("search-failed")).toBeNull();
  });

  it("says that more is missing, asks once more, and moves nothing that is there", async () => {
    const first = { ...page("a"), near: false, read_as: null, incomplete: true };
    const here = await around(language, new FakeRoom([]), { "GET /api/titles": first });
    showInRoom(here, (room) => <Lobby room={room} />);
    fireEvent.input(screen.getByTestId("search-input"), { target: { value: "Film" } });
    expect((await screen.findByTestId("search-incomplete")).textContent).toBe(t("search-incomplete"));
    here.answers["GET /api/titles"] = { ...first, items: ["b", "a"].map(film), incomplete: false };
    await expect.poll(() => screen.queryByTestId("search-incomplete"), { timeout: 5_000 }).toBeNull();
    const found = screen.getAllByTestId(/^search-result-/).map((one) => one.dataset.testid);
    expect(found).toEqual(["search-result-a", "search-result-b"]);
  });

  it("begins when the host says so, and says why when it cannot", async () => {
    const server = new FakeRoom([]);
    server.room.deck = "d";
    const start = `POST /api/rooms/${server.room.code}/commands`;
    const here = await around(language, server, { [start]: problem(409, "wrong_phase") });
    showInRoom(here, (room) => <Lobby room={room} />);
    fireEvent.click(screen.getByTestId("start"));
    await expect.poll(() => here.excused).toHaveLength(1);
    expect(here.asked.at(-1)).toMatchObject({ call: start, body: { type: "start" } });
  });
});

describe.each(LANGUAGES)("a pasted list in %s", (language) => {
  const pasted = { lines: ["Film a"], unread: 0 };
  const call = "POST /api/titles/list";

  it("shows what its lines name and adds it", async () => {
    const items = [{ text: "Film a", title: film("a"), too_long: false }];
    const here = await around(language, new FakeRoom([]), { [call]: { items } });
    const closed: string[] = [];
    showInRoom(here, (room) => (
      <PastedList room={room} pasted={pasted} close={() => closed.push("closed")} />
    ));
    await screen.findByTestId("listed-a");
    expectSpoken(language, "pasted-list");
    fireEvent.click(screen.getByTestId("add-list"));
    expect(closed).toEqual(["closed"]);
    await expect.poll(() => here.server.heard).toMatchObject([{ type: "pick", title: { id: "a" } }]);
  });

  it("that cannot be read now can be read again", async () => {
    const here = await around(language, new FakeRoom([]), { [call]: problem(503, "unavailable") });
    showInRoom(here, (room) => <PastedList room={room} pasted={pasted} close={() => undefined} />);
    const again = await screen.findByText(t("retry"));
    here.answers[call] = { items: [] };
    fireEvent.click(again);
    await expect.poll(() => screen.queryByText(t("retry"))).toBeNull();
  });
});
