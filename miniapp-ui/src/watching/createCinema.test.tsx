// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor } from "@solidjs/testing-library";
import { describe, expect, it } from "vitest";

import { FakeRoom } from "../testing/fakeRoom";
import { ME } from "../testing/rooms";
import { type Around, LANGUAGES, around, expectSpoken, showInRoom } from "../testing/screen";
import type { Order, Report } from "./players/messages";
import { screenWith } from "./testing/screens";
import type { Screen } from "./types";
import Watching from "./Watching";

const KEPT = "sovpalo.cinema";
const SUBTITLES = "https://subs.sovpalo-tests.ru/Dune.en.vtt";
const FILM = screenWith({ by: ME });
const OTHER = screenWith({ by: ME, rev: 9, media: { ...FILM.media, url: "https://films.test/other.mp4" } });

/** A room in which a film is on, and its cinema open. */
async function atFilm(here: Around): Promise<void> {
  here.server.room = { ...here.server.room, screen: FILM };
  showInRoom(here, (room) => <Watching room={room} places={() => undefined} />);
  await screen.findByTestId("cinema");
}

/** What the document with the player is asked from now on; it says that it is there. */
function player() {
  const [frame] = document.getElementsByTagName("iframe");
  const there = frame?.contentWindow;
  if (!there) throw new Error("there is no player");
  const asked: Order[] = [];
  there.postMessage = (order: unknown) => asked.push(order as Order);
  const says = (data: Report) =>
    window.dispatchEvent(new MessageEvent("message", { data, origin: location.origin, source: there }));
  says({ type: "hello" });
  return { says, titles: () => asked.flatMap((one) => (one.type === "subtitles" ? [one.source] : [])) };
}

async function tuning(): Promise<void> {
  fireEvent.click(await screen.findByTestId("tuning"));
  await screen.findByTestId("tuning-sheet");
}

function takesSubtitles(address: string): void {
  fireEvent.input(screen.getByTestId("subtitles-address"), { target: { value: address } });
  fireEvent.click(screen.getByTestId("subtitles-take"));
}

const isOn = (id: string) => screen.getByTestId(id).getAttribute("aria-checked");
const shows = (here: Around, next: Screen | null) =>
  here.server.happens({ type: "screen_changed", screen: next });

describe.each(LANGUAGES)("waiting for each other in %s", (language) => {
  it("is up to whoever may control, and kept on the phone", async () => {
    const here = await around(language, new FakeRoom([]));
    await atFilm(here);
    await tuning();
    expectSpoken(language, "tuning-sheet");
    for (const id of ["wait-start", "wait-stalls"]) {
      expect(isOn(id)).toBe("true");
      fireEvent.click(screen.getByTestId(id));
      expect(isOn(id)).toBe("false");
    }
    cleanup();
    await atFilm(here);
    await tuning();
    expect([isOn("wait-start"), isOn("wait-stalls"), isOn("correcting")]).toEqual(["false", "false", "true"]);
  });
});

describe("what the phone has kept", () => {
  it.each(["nonsense", "[]", '{"waits":null}', '{"waits":{"start":1},"correcting":"no"}'])(
    "changes nothing where it is %s",
    async (kept) => {
      const here = await around("en", new FakeRoom([]));
      here.app.keep.set(KEPT, kept);
      await atFilm(here);
      await tuning();
      expect([isOn("wait-start"), isOn("wait-stalls"), isOn("correcting")]).toEqual(["true", "true", "true"]);
    },
  );
});

describe.each(LANGUAGES)("subtitles from an address in %s", (language) => {
  it("are asked of the player, and gone with one tap", async () => {
    const here = await around(language, new FakeRoom([]));
    await atFilm(here);
    const { titles } = player();
    await tuning();
    fireEvent.input(screen.getByTestId("subtitles-address"), { target: { value: "http://a.ru/a.vtt" } });
    expect(screen.getByTestId("subtitles-found").textContent).not.toBe("");
    expect(screen.getByTestId<HTMLButtonElement>("subtitles-take").disabled).toBe(true);
    takesSubtitles(SUBTITLES);
    expect(titles()).toEqual([{ url: SUBTITLES }]);
    expect(screen.getByTestId("subtitles-name").textContent).toBe("Dune en");
    expectSpoken(language, "tuning-sheet");
    fireEvent.click(screen.getByTestId("subtitles-remove"));
    expect(titles()).toEqual([{ url: SUBTITLES }, null]);
    expect(screen.getByTestId("subtitles-address")).toBeTruthy();
  });

  it.each(["unreachable", "unsupported", "too_large"] as const)(
    "that are %s are said so",
    async (outcome) => {
      const here = await around(language, new FakeRoom([]));
      await atFilm(here);
      const { says } = player();
      await tuning();
      takesSubtitles(SUBTITLES);
      says({ type: "subtitles", outcome });
      await screen.findByTestId("subtitles-address");
      expect(here.said).toHaveLength(1);
      expect(/[а-яё]/i.test(here.said[0] ?? "")).toBe(language === "ru");
    },
  );
});

describe("subtitles", () => {
  it("are put on again where the same film comes back, and after its document was loaded again", async () => {
    const here = await around("en", new FakeRoom([]));
    await atFilm(here);
    const first = player();
    await tuning();
    takesSubtitles(SUBTITLES);
    first.says({ type: "subtitles", outcome: "shown" });
    first.says({ type: "hello" });
    expect(first.titles()).toEqual([{ url: SUBTITLES }, { url: SUBTITLES }]);
    shows(here, null);
    await screen.findByTestId("cinema-empty");
    shows(here, { ...FILM, rev: 8 });
    await screen.findByTestId("stage");
    expect(player().titles()).toEqual([{ url: SUBTITLES }]);
  });

  it("are those of one film", async () => {
    const here = await around("en", new FakeRoom([]));
    await atFilm(here);
    const { titles } = player();
    await tuning();
    takesSubtitles(SUBTITLES);
    shows(here, OTHER);
    await waitFor(() => expect(screen.queryByTestId("subtitles-name")).toBeNull());
    expect(titles()).toEqual([{ url: SUBTITLES }]);
    expect(here.said).toEqual([]);
  });
});
