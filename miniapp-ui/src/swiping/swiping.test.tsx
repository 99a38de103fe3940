// @vitest-environment jsdom
import { fireEvent, screen } from "@solidjs/testing-library";
import { describe, expect, it, vi } from "vitest";

import type { Room } from "../generated/wire";
import { FakeRoom } from "../testing/fakeRoom";
import { OTHER, film } from "../testing/rooms";
import { LANGUAGES, around, expectSpoken, problem, show, showInRoom } from "../testing/screen";
import { t } from "../text/texts";
import Details from "./Details";
import MatchScreen from "./MatchScreen";
import Results from "./Results";
import Secrecy from "./Secrecy";
import { Swipe } from "./Swipe";

/** A round that is over. */
function finished(change: Partial<Room>): FakeRoom {
  const server = new FakeRoom([]);
  server.room = { ...server.room, phase: "finished", results: [], ...change };
  return server;
}

/** What a wide page answers to the question whether it is. */
const WIDE = { matches: true, removeEventListener: () => undefined };

const match = { number: 1, round: 1, title: film("a"), at: "2026-05-12T18:00:00Z", super_likes: [] };

describe.each(LANGUAGES)("the cards in %s", (language) => {
  it("are swiped by button and by key, and come back", async () => {
    const here = await around(language, new FakeRoom(["a", "b", "c"]));
    showInRoom(here, (room) => <Swipe room={room} />);
    expectSpoken(language, "swipe");
    fireEvent.click(screen.getByTestId("like"));
    await expect.poll(() => here.server.verdicts.get("a")).toBe("like");
    fireEvent.keyDown(window, { key: "ArrowLeft" });
    await expect.poll(() => here.server.verdicts.get("b")).toBe("skip");
    fireEvent.click(screen.getByTestId("undo"));
    await expect.poll(() => here.server.verdicts.has("b")).toBe(false);
    expect(await screen.findByTestId("card-b")).toBeTruthy();
  });

  it("are swiped without a finger by arrows, opened by Enter, and keep the focus of who swipes so", async () => {
    const here = await around(language, new FakeRoom(["a", "b", "c"]));
    showInRoom(here, (room) => <Swipe room={room} />);
    const first = await screen.findByTestId("card-a");
    first.focus();
    expect(document.activeElement, "the card on top can be stood on").toBe(first);
    fireEvent.keyDown(first, { key: "ArrowRight", repeat: true });
    expect(here.server.verdicts.size, "a key that is held down swipes nothing more").toBe(0);
    fireEvent.keyDown(first, { code: "KeyV" });
    expect(here.server.verdicts.size, "a veto is offered where the room has them").toBe(0);
    fireEvent.keyDown(first, { key: "Enter" });
    const details = await screen.findByTestId("details");
    fireEvent.keyDown(details, { key: "ArrowRight" });
    expect(here.server.verdicts.size, "behind the details nothing is swiped").toBe(0);
    fireEvent.click(screen.getByLabelText(t("close")));
    fireEvent.keyDown(first, { key: "ArrowRight" });
    await expect.poll(() => here.server.verdicts.get("a")).toBe("like");
    expect(document.activeElement, "the next card").toBe(screen.getByTestId("card-b"));
    fireEvent.keyDown(document.body, { key: "Backspace" });
    await expect.poll(() => here.server.verdicts.has("a")).toBe(false);
  });

  it("are swiped when a card that is thrown has begun to fly, and before whatever is done next", async () => {
    const here = await around(language, new FakeRoom(["a", "b", "c"]));
    showInRoom(here, (room) => <Swipe room={room} />);
    const top = () => document.querySelector("[data-top]")?.getAttribute("data-testid");
    const throws = async (name: string) => {
      const card = await screen.findByTestId(name);
      card.setPointerCapture = () => undefined;
      for (const [type, clientX] of [
        ["pointerdown", 0],
        ["pointermove", 200],
        ["pointerup", 200],
      ] as const)
        card.dispatchEvent(new MouseEvent(type, { clientX, bubbles: true }));
    };
    await throws("card-a");
    expect(top(), "first the card moves").toBe("card-a");
    await expect.poll(() => here.server.verdicts.get("a")).toBe("like");
    await throws("card-b");
    expect(top()).toBe("card-b");
    fireEvent.pointerDown(window);
    expect(top(), "who touches the next card finds it on top").toBe("card-c");
    await throws("card-c");
    fireEvent(window, new Event("pagehide"));
    expect(top(), "no page goes with a card that is not swiped").toBe(undefined);
    await expect.poll(() => here.server.verdicts.get("c")).toBe("like");
  });

  it("are super-liked once, and then the star says that it is given", async () => {
    const here = await around(language, new FakeRoom(["a", "b", "c"]));
    showInRoom(here, (room) => <Swipe room={room} />);
    const star = () => screen.getByTestId<HTMLButtonElement>("super-like");
    expect(star().getAttribute("aria-label")).toBe(t("super-like"));
    fireEvent.keyDown(window, { key: "ArrowUp" });
    await expect.poll(() => here.server.verdicts.get("a")).toBe("super_like");
    expect(star().disabled).toBe(true);
    expect(star().getAttribute("aria-label")).toBe(t("super-like-none"));
    expect((await screen.findByTestId("signalled")).textContent).toBe(
      t("signalled-super-like", { count: 2 }),
    );
    fireEvent.keyDown(window, { key: "ArrowUp" });
    fireEvent.click(star());
    expect(here.server.verdicts.size, "there is one in a round").toBe(1);
    fireEvent.click(screen.getByTestId("undo"));
    // It comes back with an undo.
    await expect.poll(() => star().disabled).toBe(false);
    fireEvent.click(star());
    await expect.poll(() => here.server.verdicts.get("a")).toBe("super_like");
    fireEvent.click(screen.getByTestId("like"));
    expect(screen.queryByTestId("signalled"), "what comes of it is said once").toBe(null);
  });

  it("are vetoed from their details where the room has vetoes, once", async () => {
    const server = new FakeRoom(["a", "b", "c"]);
    server.room = { ...server.room, veto: true, my_vetoes_left: 1 };
    const here = await around(language, server);
    showInRoom(here, (room) => <Swipe room={room} />);
    fireEvent.click(screen.getByTestId("details-button"));
    fireEvent.click(await screen.findByTestId("veto"));
    await expect.poll(() => server.verdicts.get("a")).toBe("veto");
    expect((await screen.findByTestId("signalled")).textContent).toBe(t("signalled-veto", { count: 2 }));
    fireEvent.click(screen.getByTestId("details-button"));
    expect((await screen.findByTestId<HTMLButtonElement>("veto")).disabled).toBe(true);
    expect(screen.getByText(t("veto-none"))).toBeTruthy();
  });

  it("come back where a signal is refused", async () => {
    const server = new FakeRoom(["a", "b", "c"]);
    const here = await around(language, server);
    showInRoom(here, (room) => <Swipe room={room} />);
    // On another device, of which this one has not heard yet.
    server.verdicts.set("c", "super_like");
    fireEvent.click(screen.getByTestId("super-like"));
    await expect.poll(() => server.heard.length).toBeGreaterThan(0);
    await expect.poll(() => screen.getByTestId("card-a").classList.contains("flying")).toBe(false);
    expect(server.verdicts.has("a")).toBe(false);
    await expect.poll(() => screen.getByTestId("my-progress").textContent).not.toContain("2");
  });

  it("are drawn once, however many are swiped before them", async () => {
    const here = await around(language, new FakeRoom(["a", "b", "c"]));
    showInRoom(here, (room) => <Swipe room={room} />);
    const scene = () => screen.getByTestId("card-b").querySelector("svg > rect");
    const drawn = scene();
    expect(drawn).toBeTruthy();
    fireEvent.click(screen.getByTestId("like"));
    await expect.poll(() => screen.getByTestId("card-b").dataset.top).toBe("true");
    expect(scene(), "not drawn anew").toBe(drawn);
  });

  it("are drawn below the first two while nobody holds a card", async () => {
    const here = await around(language, new FakeRoom(["a", "b", "c"]));
    vi.useFakeTimers({ shouldAdvanceTime: true });
    showInRoom(here, (room) => <Swipe room={room} />);
    const third = () => screen.getByTestId("card-c").querySelector("svg > rect");
    fireEvent.pointerDown(screen.getByTestId("card-b"));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(third(), "a finger is down").toBe(null);
    fireEvent.pointerUp(window);
    await vi.advanceTimersByTimeAsync(200);
    expect(third()).not.toBe(null);
    vi.useRealTimers();
  });

  it("are opened by what reads the screen, and leave buttons their own Enter", async () => {
    const here = await around(language, new FakeRoom(["a", "b"]));
    showInRoom(here, (room) => <Swipe room={room} />);
    fireEvent.keyDown(screen.getByTestId("skip"), { key: "Enter" });
    expect(screen.queryByTestId("details")).toBe(null);
    fireEvent.click(screen.getByTestId("card-a"), { detail: 0 });
    expect(await screen.findByTestId("details")).toBeTruthy();
  });

  it("stand beside their text where the page is wider than high", async () => {
    vi.stubGlobal("matchMedia", () => ({ ...WIDE, addEventListener: () => undefined }));
    const here = await around(language, new FakeRoom(["a", "b"]));
    showInRoom(here, (room) => <Swipe room={room} />);
    const beside = await screen.findByTestId("beside");
    expect(beside.textContent).toContain("Film a");
    fireEvent.click(screen.getByTestId("like"));
    await expect.poll(() => screen.getByTestId("beside").textContent).toContain("Film b");
    vi.stubGlobal("matchMedia", () => ({ ...WIDE, matches: false, addEventListener: () => undefined }));
  });

  it("that are through say whom one waits for", async () => {
    const server = new FakeRoom(["a"]);
    server.verdicts.set("a", "like");
    server.order.push("a");
    const here = await around(language, server);
    showInRoom(here, (room) => <Swipe room={room} />);
    expect(await screen.findByText(t("waiting-title"))).toBeTruthy();
    expectSpoken(language, "waiting");
  });

  it("that are through without a network are said to be kept", async () => {
    const server = new FakeRoom(["a"]);
    server.reachable = false;
    const here = await around(language, server);
    showInRoom(here, (room) => <Swipe room={room} />);
    fireEvent.click(screen.getByTestId("like"));
    expect(await screen.findByTestId("waiting")).toBeTruthy();
    expect(here.app.keep.keys("sovpalo.out."), "the swipe is on the phone").toHaveLength(1);
  });
});

describe.each(LANGUAGES)("a match in %s", (language) => {
  it("has its moment, once", async () => {
    const server = new FakeRoom(["a", "b"]);
    const here = await around(language, server);
    showInRoom(here, (room) => <MatchScreen room={room} number={room.view.uncelebrated[0]?.number ?? 1} />);
    await expect.poll(() => server.opens.length).toBe(1);
    server.happens({ type: "match_found", ...match });
    expect((await screen.findByTestId("match-title")).textContent).toBe("Film a");
    expectSpoken(language, "match-screen");
    fireEvent.click(screen.getByTestId("match-continue"));
    expect(here.app.keep.keys("sovpalo.seen.").map((key) => here.app.keep.get(key))).toEqual(["1"]);
  });

  it("names who had super-liked it, and nobody else", async () => {
    const server = new FakeRoom(["a", "b"]);
    const here = await around(language, server);
    showInRoom(here, (room) => <MatchScreen room={room} number={1} />);
    await expect.poll(() => server.opens.length).toBe(1);
    server.happens({ type: "match_found", ...match, super_likes: [OTHER, 999] });
    const named = await screen.findByTestId("match-super-likes");
    expect(named.textContent).toBe(t("match-super-likes", { name: "Other" }));
  });

  it("leads to the trailer and to who has the film, each by one tap, and stays", async () => {
    const server = new FakeRoom([]);
    server.room = { ...server.room, phase: "swiping" };
    const here = await around(language, server);
    showInRoom(here, (room) => <MatchScreen room={room} number={1} />);
    await expect.poll(() => server.opens.length).toBe(1);
    server.happens({ type: "match_found", ...match });
    const opened = vi.spyOn(window, "open").mockReturnValue(null);
    fireEvent.click(await screen.findByTestId("match-trailer"));
    fireEvent.click(screen.getByTestId("match-where"));
    const urls = opened.mock.calls.map(([url]) => new URL(String(url)));
    expect(urls[0]?.searchParams.get("search_query")).toMatch(/^Film a (trailer|трейлер)$/);
    expect(urls[1]?.hostname).toBe(language === "ru" ? "www.kinopoisk.ru" : "www.justwatch.com");
    opened.mockRestore();
    expect(here.app.keep.keys("sovpalo.seen.").map((key) => here.app.keep.get(key))).not.toContain("1");
  });
});

describe.each(LANGUAGES)("the moment of a match in %s", (language) => {
  async function shown(change: Partial<Room> = {}) {
    const server = new FakeRoom(["a", "b"]);
    server.room = { ...server.room, ...change };
    const here = await around(language, server);
    showInRoom(here, (room) => <MatchScreen room={room} number={room.view.uncelebrated[0]?.number ?? 1} />);
    await expect.poll(() => server.opens.length).toBe(1);
    server.happens({ type: "match_found", ...match });
    await screen.findByTestId("match-title");
    const seen = () => here.app.keep.keys("sovpalo.seen.").map((key) => here.app.keep.get(key));
    return { here, seen };
  }

  it("is over with a tap, but not with one that was meant for a card", async () => {
    const { seen } = await shown();
    const before = seen();
    fireEvent.click(screen.getByTestId("match-screen"));
    expect(seen(), "it has only just come").toEqual(before);
    const later = performance.now() + 1_000;
    const clock = vi.spyOn(performance, "now").mockReturnValue(later);
    fireEvent.click(screen.getByTestId("match-screen"));
    expect(seen()).toEqual(["1"]);
    clock.mockRestore();
  });

  it("can be told to a chat where the room has a link, and put into a calendar", async () => {
    const { here } = await shown({ invite_url: "https://t.me/sovpalo_bot/app?startapp=7H3M00NS" });
    const told = vi.spyOn(here.app.tg, "share").mockReturnValue();
    fireEvent.click(screen.getByTestId("match-share"));
    expect(told.mock.calls[0]?.[1]).toContain("Film a");
    const opened = vi.spyOn(window, "open").mockReturnValue(null);
    fireEvent.click(screen.getByTestId("match-calendar"));
    const address = new URL(String(opened.mock.calls[0]?.[0]));
    expect(address.searchParams.get("text")).toBe(t("match-calendar-entry", { title: "Film a" }));
    opened.mockRestore();
  });

  it.each([
    [8, true],
    [2, false],
  ])("has confetti on a phone with %i processors: %s", async (processors, falls) => {
    const has = vi.spyOn(navigator, "hardwareConcurrency", "get").mockReturnValue(processors);
    await shown();
    expect(document.querySelector(".sparks") !== null).toBe(falls);
    has.mockRestore();
  });
});

describe.each(LANGUAGES)("the results in %s", (language) => {
  it("show what matched and how everything was liked, and lead to another round", async () => {
    const server = finished({ matches: [match], results: [{ title: film("b"), likes: 1 }] });
    const call = `POST /api/rooms/${server.room.code}/commands`;
    const here = await around(language, server, { [call]: { seq: 4 } });
    showInRoom(here, (room) => <Results room={room} />);
    expect(screen.getByTestId("result-a")).toBeTruthy();
    expect(screen.getByTestId("result-b")).toBeTruthy();
    expectSpoken(language, "results");
    fireEvent.click(screen.getByTestId("another-round"));
    await expect.poll(() => here.asked.at(-1)).toMatchObject({ call, body: { type: "restart", round: 2 } });
  });

  it("say that nothing matched, and whose turn it is", async () => {
    const here = await around(language, finished({ host: OTHER }));
    showInRoom(here, (room) => <Results room={room} />);
    expect(screen.getByText(t("results-empty"))).toBeTruthy();
    expect(screen.getByText(t("host-decides", { name: "Other" }))).toBeTruthy();
  });

  it("say why another round could not begin", async () => {
    const server = finished({});
    const call = `POST /api/rooms/${server.room.code}/commands`;
    const here = await around(language, server, { [call]: problem(409, "room_worn_out") });
    showInRoom(here, (room) => <Results room={room} />);
    fireEvent.click(screen.getByTestId("another-round"));
    await expect.poll(() => here.said).toEqual([t("refused-room_worn_out")]);
  });
});

describe.each(LANGUAGES)("about the titles in %s", (language) => {
  it("everything that is known is shown, and nothing else", async () => {
    const here = await around(language);
    const title = { ...film("a"), year: 1972, genres: ["drama"], countries: ["FR"], runtime_min: 165 };
    show(here, () => <Details title={title} close={() => undefined} />);
    const facts = screen.getByRole("dialog").textContent;
    expect(facts).toContain("1972");
    expect(facts).toContain(language === "en" ? "France" : "Франция");
  });

  it("who sees what of a swipe is said once", async () => {
    const here = await around(language);
    show(here, () => <Secrecy />);
    expectSpoken(language, "secrecy");
  });
});
