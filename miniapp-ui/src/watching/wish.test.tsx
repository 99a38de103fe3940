// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from "@solidjs/testing-library";
import { Show } from "solid-js";
import { describe, expect, it } from "vitest";

import type { RoomHandle } from "../room/useRoom";
import MatchScreen from "../swiping/MatchScreen";
import { FakeRoom } from "../testing/fakeRoom";
import { film } from "../testing/rooms";
import { around, showInRoom } from "../testing/screen";
import { t } from "../text/texts";
import Watching from "./Watching";

const match = (number: number, id: string) => ({
  type: "match_found" as const,
  number,
  round: 1,
  title: film(id),
  at: "2026-05-12T18:00:00Z",
  super_likes: [],
});

/** A room on a phone, as its screen shows it: the cinema, and above it what is celebrated. */
async function inRoom(matched: readonly string[]) {
  const server = new FakeRoom(["a", "b"]);
  const here = await around("en", server);
  let handle: RoomHandle | undefined;
  showInRoom(here, (room) => {
    handle = room;
    return (
      <>
        <Watching room={room} places={() => undefined} />
        <Show when={room.view.uncelebrated[0]?.number} keyed>
          {(number) => <MatchScreen room={room} number={number} />}
        </Show>
      </>
    );
  });
  await expect.poll(() => server.opens.length).toBe(1);
  matched.forEach((id, at) => server.happens(match(at + 1, id)));
  await screen.findByTestId("match-screen");
  return { server, isInCinema: () => handle?.cinema() };
}

describe("who wants to watch what matched", () => {
  it("is in the cinema by one tap, where it is offered", async () => {
    await inRoom(["a"]);
    fireEvent.click(screen.getByTestId("match-watch"));
    expect(await screen.findByTestId("cinema-empty")).toBeTruthy();
    expect(screen.getByTestId("trailer-a")).toBeTruthy();
    expect(screen.getByTestId("address")).toBeTruthy();
  });

  it("sees what else matched first, and is in the cinema then", async () => {
    await inRoom(["a", "b"]);
    fireEvent.click(screen.getByTestId("match-watch"));
    await waitFor(() => expect(screen.getByTestId("match-title").textContent).toBe("Film b"));
    expect(screen.queryByTestId("cinema"), "nothing is celebrated over a film").toBeNull();
    expect(screen.getByTestId("match-continue").textContent).toBe(t("match-to-cinema"));
    fireEvent.click(screen.getByTestId("match-continue"));
    await screen.findByTestId("cinema-empty");
    const offered = screen.getAllByTestId(/^trailer-/).map((one) => one.dataset.testid);
    expect(offered, "what they chose is first").toEqual(["trailer-a", "trailer-b"]);
  });

  it("leaves the cinema as from anywhere, and is not led there again", async () => {
    const { isInCinema, server } = await inRoom(["a"]);
    fireEvent.click(screen.getByTestId("match-watch"));
    fireEvent.click(await screen.findByTestId("cinema-leave"));
    expect(isInCinema()).toBe(false);
    server.happens(match(2, "b"));
    fireEvent.click(await screen.findByTestId("match-continue"));
    expect(screen.queryByTestId("cinema")).toBeNull();
  });

  it("who only goes on swiping is led nowhere", async () => {
    const { isInCinema } = await inRoom(["a"]);
    fireEvent.click(screen.getByTestId("match-continue"));
    expect(isInCinema()).toBe(false);
  });
});
