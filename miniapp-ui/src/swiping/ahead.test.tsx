// @vitest-environment jsdom
/** The next cards come in advance, and are dealt when there is no network. */
import { fireEvent, screen } from "@solidjs/testing-library";
import { afterEach, describe, expect, it, vi } from "vitest";

import { FakeRoom } from "../testing/fakeRoom";
import { film } from "../testing/rooms";
import { around, problem, showInRoom } from "../testing/screen";
import Ahead from "./Ahead";
import { Swipe } from "./Swipe";

const CALL = "GET /api/rooms/7H3M00NS/queue";
const IDS = ["a", "b", "c", "d", "e", "f"];

afterEach(() => {
  vi.restoreAllMocks();
});

async function shown(answer: unknown, veto = false, deck = IDS) {
  const server = new FakeRoom(deck);
  server.room = { ...server.room, veto };
  const here = await around("en", server, { [CALL]: answer });
  showInRoom(here, (room) => (
    <>
      <Swipe room={room} />
      <Ahead room={room} />
    </>
  ));
  await expect.poll(() => server.opens.length).toBe(1);
  const asked = () => here.asked.filter(({ call }) => call === CALL).length;
  const isOnTop = (id: string) =>
    expect.poll(() => screen.queryByTestId(`card-${id}`)?.dataset.top).toBe("true");
  return { server, asked, isOnTop, here };
}

describe("cards in advance", () => {
  it("are swiped one after the other when the network has gone", async () => {
    const { epoch, round } = new FakeRoom(IDS).view();
    const { server, isOnTop } = await shown({ epoch, round, items: IDS.map(film) });
    await expect.poll(() => screen.getByTestId("ahead").dataset.filled).toBe("true");
    server.reachable = false;
    server.loss = () => "before";
    for (const id of IDS) {
      await isOnTop(id);
      fireEvent.click(screen.getByTestId("like"));
    }
    await screen.findByTestId("waiting");
  });

  it("are asked for once, also where the server does not give them", async () => {
    const { asked, isOnTop } = await shown(problem(503, "unavailable"));
    await expect.poll(asked).toBe(1);
    for (const id of ["a", "b", "c"]) {
      await isOnTop(id);
      fireEvent.click(screen.getByTestId("skip"));
    }
    await isOnTop("d");
    expect(asked(), "not with every swipe").toBe(1);
  });

  it.each([
    [true, 2],
    [false, 1],
  ])("are asked for anew after five swipes where others may veto (%s)", async (veto, times) => {
    const deck = Array.from({ length: 20 }, (_, number) => `f${number}`);
    const { epoch, round } = new FakeRoom(deck).view();
    const { asked, isOnTop } = await shown({ epoch, round, items: deck.map(film) }, veto, deck);
    await expect.poll(() => screen.getByTestId("ahead").dataset.filled).toBe("true");
    // Long enough after the first time.
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + 60_000);
    for (const id of deck.slice(0, 5)) {
      await isOnTop(id);
      expect(asked()).toBe(1);
      fireEvent.click(screen.getByTestId("skip"));
    }
    await isOnTop("f5");
    await expect.poll(asked).toBe(times);
  });
});
