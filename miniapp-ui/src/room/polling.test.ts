import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { inMemory } from "../net/keep";
import { Refused } from "../net/problem";
import { Chance } from "../parts/poster/chance";
import { FakeRoom, type Sockets } from "../testing/fakeRoom";
import { OTHER, film } from "../testing/rooms";
import { phoneIn as phone } from "../testing/phone";
import type { RoomView } from "./live";

/** A server behind such a proxy, with a phone that has found out. */
async function behind(sockets: Sockets, deck: string[]) {
  const server = new FakeRoom(deck);
  server.sockets = sockets;
  const one = phone(server);
  await vi.advanceTimersByTimeAsync(12_000);
  return { server, ...one };
}

const ids = (view: RoomView) => view.cards.map((card) => card.id);
const soon = () => vi.advanceTimersByTimeAsync(10);

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("where no socket opens and HTTP works", () => {
  it.each(["refused", "ended", "swallowed", "cut"] as const)(
    "the room goes on by HTTP (sockets are %s)",
    async (sockets) => {
      const { server, status, live, view } = await behind(sockets, ["a", "b", "c"]);
      expect(status()).toBe("polling");
      live.swipe(film("a"), "like");
      await soon();
      expect(server.verdicts.get("a")).toBe("like");
      expect(view().pending).toBe(0);
      server.happens({ type: "match_found", number: 1, round: 1, title: film("a"), at: "", super_likes: [] });
      await soon();
      expect(
        view().uncelebrated.map((match) => match.number),
        "a match is shown at once",
      ).toEqual([1]);
    },
  );

  it("that is found out within seconds, and said once to whoever looks into the console", async () => {
    const server = new FakeRoom(["a"]);
    server.sockets = "refused";
    const { status } = phone(server);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(status()).toBe("polling");
    await vi.advanceTimersByTimeAsync(300_000);
    expect(console.warn).toHaveBeenCalledTimes(1);
  });

  it("a socket is tried now and then, seldom, and taken as soon as one opens", async () => {
    const { server, status } = await behind("refused", ["a"]);
    await vi.advanceTimersByTimeAsync(120_000);
    const before = server.opened.length;
    await vi.advanceTimersByTimeAsync(600_000);
    expect(server.opened.length - before).toBeLessThanOrEqual(10);
    expect(status(), "trying disturbs nobody").toBe("polling");
    server.sockets = "work";
    await vi.advanceTimersByTimeAsync(60_000);
    expect(status()).toBe("open");
    const asked = server.asked.length;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.asked, "nothing is asked by HTTP any more").toHaveLength(asked);
  });

  it("a socket is tried when the phone wakes up: it may be somewhere else", async () => {
    const { server, phone: line, status } = await behind("refused", ["a"]);
    await vi.advanceTimersByTimeAsync(130_000);
    server.sockets = "work";
    line.wake();
    await soon();
    expect(status()).toBe("open");
  });

  it("a trial that is swallowed takes the word away and gives it back", async () => {
    const { server, live, view, status } = await behind("swallowed", ["a", "b", "c"]);
    for (const card of ["a", "b", "c"]) {
      // Whenever a trial is under way, the server hears that connection only.
      await vi.advanceTimersByTimeAsync(7_000);
      live.swipe(film(card), "like");
      await vi.advanceTimersByTimeAsync(5_000);
      expect(view().pending, `${card} is answered`).toBe(0);
    }
    expect(server.order).toEqual(["a", "b", "c"]);
    expect(status()).toBe("polling");
  });
});

describe("what is no such network", () => {
  it("a socket that is cut every minute stays a socket", async () => {
    const server = new FakeRoom(["a"]);
    const { status } = phone(server);
    for (let minute = 0; minute < 10; minute += 1) {
      await vi.advanceTimersByTimeAsync(50_000);
      server.close(1006);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(status()).toBe("open");
    }
    expect(server.asked).toEqual([]);
  });

  it("a server that closes sockets itself, however often, is reached by them", async () => {
    const server = new FakeRoom(["a"]);
    const { status } = phone(server);
    for (const code of [4409, 4408, 4409, 1012, 4429, 4409, 4409]) {
      await vi.advanceTimersByTimeAsync(2_500);
      server.close(code);
    }
    await vi.advanceTimersByTimeAsync(5_000);
    expect(status()).toBe("open");
    expect(server.asked).toEqual([]);
  });

  it("a network that is gone is not asked by HTTP for updates", async () => {
    const server = new FakeRoom(["a"]);
    server.reachable = false;
    server.sockets = "refused";
    const { status } = phone(server);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(status()).toBe("connecting");
    expect(server.asked).toEqual([]);
  });
});

describe("by HTTP", () => {
  it("a swipe is shown at once, also while nothing answers, and sent again when something does", async () => {
    const { server, live, view } = await behind("refused", ["a", "b", "c", "d"]);
    server.reachable = false;
    live.swipe(film("a"), "like");
    expect(ids(view())).toEqual(["b", "c"]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(view().pending).toBe(1);
    server.reachable = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(view().pending).toBe(0);
    expect(server.order).toEqual(["a"]);
    expect(ids(view())).toEqual(["b", "c", "d"]);
  });

  it("commands are done in the order in which they were given, one at a time", async () => {
    const { server, live, view } = await behind("refused", ["a", "b", "c", "d", "e"]);
    for (const card of ["a", "b", "c", "d"]) live.swipe(film(card), "skip");
    live.undo();
    await soon();
    expect(server.order).toEqual(["a", "b", "c"]);
    expect(view().pending).toBe(0);
    expect(view().room.my_swipes).toBe(3);
  });

  it("a command whose answer was lost is said again on a new connection and counted once", async () => {
    const { server, live, view } = await behind("refused", ["a", "b", "c"]);
    const begun = () => server.asked.filter((one) => one.connection === "new").length;
    const before = begun();
    server.loss = () => "after";
    live.swipe(film("a"), "like");
    await soon();
    server.loss = () => "none";
    await vi.advanceTimersByTimeAsync(3_000);
    expect(begun(), "the first copy, which may come late, is fenced").toBe(before + 1);
    expect(server.order).toEqual(["a"]);
    expect(view().room.my_swipes).toBe(1);
    expect(view().pending).toBe(0);
  });

  it("what is refused comes back and is said", async () => {
    const { server, live, seen, view } = await behind("refused", ["a", "b", "c"]);
    server.verdicts.set("a", "skip");
    server.order.push("a");
    live.swipe(film("a"), "like");
    await soon();
    expect(seen.refused).toMatchObject([{ code: "invalid", intent: { title: { id: "a" } } }]);
    expect(view().pending).toBe(0);
  });

  it("nothing that happens is missed or told twice", async () => {
    const { server, view } = await behind("refused", []);
    for (let n = 1; n <= 30; n += 1) {
      server.happens({ type: "picked", member: OTHER, picks: n });
      await vi.advanceTimersByTimeAsync(n % 3 === 0 ? 300 : 0);
    }
    await soon();
    expect(view().room.members.find((member) => member.id === OTHER)?.picks).toBe(30);
    expect(view().room.seq).toBe(server.room.seq);
  });

  it("what people say comes and goes as well", async () => {
    const server = new FakeRoom([]);
    server.sockets = "refused";
    const messages = { last: 0, change: 0, read: 0, unread: 0, marks: {} };
    server.room = { ...server.room, messages };
    const { live } = phone(server);
    const heard: string[] = [];
    const nothing = () => undefined;
    live.timeline.subscribe({
      ...{ gap: nothing, read: nothing, typing: nothing },
      message: ({ text }) => heard.push(text),
      summary: ({ last }) => heard.push(`${last} so far`),
    });
    await vi.advanceTimersByTimeAsync(12_000);
    server.says("Hello");
    await soon();
    const outcome = live.timeline.say({ key: "k", text: "Hi", kind: "text" });
    await soon();
    await expect(outcome).resolves.toBe("done");
    expect(heard).toEqual(["0 so far", "Hello", "Hi"]);
  });

  it("another history is told as the whole room", async () => {
    const { server, view } = await behind("refused", ["a", "b"]);
    server.room = { ...server.room, epoch: 9, seq: 1, name: "Another" };
    server.happens({ type: "ready", member: OTHER, ready: true });
    await soon();
    expect(view().room).toMatchObject({ epoch: 9, name: "Another" });
  });

  it.each([
    [new Refused(403, "not_a_member", ""), { ended: "removed" }],
    [new Refused(404, "room_not_found", ""), { ended: "gone" }],
  ])("%s ends it for good", async (refusal, ended) => {
    const { server, status } = await behind("refused", ["a"]);
    server.refuse = refusal;
    server.happens({ type: "ready", member: OTHER, ready: true });
    await soon();
    expect(status()).toEqual(ended);
  });

  it.each([403, 404, 502, 511])("a proxy's own page with the status %i ends nothing", async (status) => {
    const { server, live, ...one } = await behind("refused", ["a", "b"]);
    server.refuse = new Refused(status, "unknown", "");
    live.swipe(film("a"), "like");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(one.status()).toBe("polling");
    expect(server.verdicts.get("a")).toBe("like");
  });

  it("a server that goes is left, and come back to, spread over as long as it says", async () => {
    const { server, status } = await behind("refused", ["a"]);
    server.refuse = new Refused(503, "unavailable", "restarting, come back in 0-5000 ms");
    server.happens({ type: "ready", member: OTHER, ready: true });
    await soon();
    expect(status()).toBe("connecting");
    await vi.advanceTimersByTimeAsync(2_400);
    expect(status(), "half of the spread has not passed yet").toBe("connecting");
    await vi.advanceTimersByTimeAsync(200);
    expect(status()).toBe("polling");
  });

  it("a proxy that cuts long requests is asked with shorter ones", async () => {
    const { server, seen } = await behind("refused", ["a"]);
    server.cutAfter = 10_000;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(server.asked.at(-1)?.wait).toBeLessThan(10);
    const trouble = seen.status.slice(seen.status.indexOf("polling")).filter((one) => one === "connecting");
    expect(trouble, "nobody notices").toEqual([]);
  });
});

describe("whatever the network and its proxy do", () => {
  it.each(Array.from({ length: 100 }, (_, seed) => seed))(
    "evening %i ends with the server knowing exactly what the person meant",
    async (seed) => {
      const chance = new Chance(seed * 15_485_863 + 11);
      const deck = Array.from({ length: 9 }, (_, index) => `t${index}`);
      const server = new FakeRoom(deck);
      const keep = inMemory();
      server.sockets = "refused";
      let at = phone(server, keep);
      const meant = new Map<string, string>();
      server.loss = () => chance.one(["none", "none", "none", "before", "after"] as const);

      for (let step = 0; step < 60; step += 1) {
        const roll = chance.unit();
        const top = at.view().cards[0];
        if (roll < 0.45 && top) {
          const verdict = chance.heads() ? "like" : "skip";
          at.live.swipe(top, verdict);
          meant.set(top.id, verdict);
        } else if (roll < 0.58) {
          const last = at.view().undoable;
          if (last) {
            at.live.undo();
            meant.delete(last.title.id);
          }
        } else if (roll < 0.64) {
          at.stop();
          at = phone(server, keep);
        } else if (roll < 0.7) {
          server.reachable = !server.reachable;
          if (!server.reachable) server.close(1006);
        } else if (roll < 0.8) {
          server.sockets = chance.one(["work", "refused", "swallowed", "cut"] as const);
          if (server.sockets !== "work") server.close(1006);
        } else {
          await vi.advanceTimersByTimeAsync(chance.whole(0, 8_000));
        }
      }
      server.loss = () => "none";
      server.reachable = true;
      await vi.advanceTimersByTimeAsync(120_000);

      expect(at.view().pending, "everything is answered in the end").toBe(0);
      expect(at.seen.refused, "nothing is refused: the phone says only what can be").toEqual([]);
      expect(Object.fromEntries(server.verdicts)).toEqual(Object.fromEntries(meant));
      expect(at.view().room.my_swipes).toBe(meant.size);
    },
  );
});
