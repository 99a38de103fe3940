import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { inMemory } from "../net/keep";
import { Chance } from "../parts/poster/chance";
import { FakeRoom, ME, OTHER, film } from "../testing/fakeRoom";
import { phoneIn as phone } from "../testing/phone";
import type { Probe } from "../sync/connection";
import type { RoomView } from "./live";

const ids = (view: RoomView) => view.cards.map((card) => card.id);
const soon = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a swipe", () => {
  it("is shown at once and confirmed later", async () => {
    const server = new FakeRoom(["a", "b", "c", "d"]);
    server.reachable = false;
    const { live, view, phone: line } = phone(server);
    live.swipe(film("a"), "like");
    expect(ids(view())).toEqual(["b", "c"]);
    expect(view().room.my_swipes).toBe(1);
    expect(view().pending).toBe(1);
    server.reachable = true;
    line.wake();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(view().pending).toBe(0);
    expect(server.verdicts.get("a")).toBe("like");
    expect(ids(view())).toEqual(["b", "c", "d"]);
    expect(view().room.my_swipes).toBe(1);
  });

  it("survives a reload that comes before the answer", async () => {
    const server = new FakeRoom(["a", "b", "c"]);
    server.reachable = false;
    const keep = inMemory();
    const before = phone(server, keep);
    before.live.swipe(film("a"), "like");
    before.stop();
    server.reachable = true;
    const after = phone(server, keep);
    expect(ids(after.view()), "the swiped card must not come back after a reload").toEqual(["b", "c"]);
    await soon();
    expect(server.verdicts.get("a")).toBe("like");
    expect(after.view().pending).toBe(0);
  });

  it("whose answer was lost is said again and counted once", async () => {
    const server = new FakeRoom(["a", "b", "c", "d"]);
    const { live, view } = phone(server);
    await soon();
    server.loss = () => "after";
    live.swipe(film("a"), "like");
    await vi.advanceTimersByTimeAsync(1);
    server.loss = () => "none";
    await vi.advanceTimersByTimeAsync(2_000);
    expect(server.heard.filter((command) => command.type === "swipe")).toHaveLength(2);
    expect(server.order).toEqual(["a"]);
    expect(view().room.my_swipes).toBe(1);
    expect(view().pending).toBe(0);
  });

  it("without an answer for long makes the phone connect anew", async () => {
    const server = new FakeRoom(["a", "b", "c"]);
    const { live, view } = phone(server);
    await soon();
    const wire = server.wire;
    if (wire) wire.send = () => undefined;
    live.swipe(film("a"), "skip");
    await vi.advanceTimersByTimeAsync(9_000);
    expect(server.opened).toHaveLength(2);
    expect(server.verdicts.get("a")).toBe("skip");
    expect(view().pending).toBe(0);
  });

  it("that is refused brings its card back and says why", async () => {
    const server = new FakeRoom(["a", "b", "c"]);
    const { live, view, seen } = phone(server);
    await soon();
    server.verdicts.set("a", "skip");
    server.order.push("a");
    live.swipe(film("a"), "like");
    await soon();
    expect(seen.refused).toMatchObject([{ code: "invalid", intent: { title: { id: "a" } } }]);
    expect(view().pending).toBe(0);
  });

  it("of the last round is not said in this one", async () => {
    const server = new FakeRoom(["a", "b", "c"]);
    server.reachable = false;
    const keep = inMemory();
    const before = phone(server, keep);
    before.live.swipe(film("a"), "like");
    before.stop();
    server.reachable = true;
    server.room = { ...server.room, round: 2, seq: 40 };
    phone(server, keep);
    await soon();
    expect(server.heard, "a like of round 1 must not land in round 2").toEqual([]);
    expect(keep.keys("sovpalo.out.")).toEqual([]);
  });
});

describe("a swipe under way when the next round begins", () => {
  it("is none of it, without a word", async () => {
    const server = new FakeRoom(["a", "b", "c"]);
    const { live, seen, keep } = phone(server);
    await soon();
    live.swipe(film("a"), "like");
    server.room = { ...server.room, round: 2 };
    server.happens({ type: "restarted", round: 2 });
    await soon();
    expect(server.heard).toMatchObject([{ type: "swipe", title: "a", round: 1 }]);
    expect(server.verdicts.size, "a like of round 1 must not land in round 2").toBe(0);
    expect(seen.refused).toEqual([]);
    expect(keep.keys("sovpalo.out.")).toEqual([]);
  });
});

describe("taking back", () => {
  it("brings the card back on top", async () => {
    const server = new FakeRoom(["a", "b", "c", "d"]);
    const { live, view } = phone(server);
    await soon();
    live.swipe(film("a"), "like");
    expect(view().undoable?.title.id).toBe("a");
    live.undo();
    expect(ids(view())[0]).toBe("a");
    expect(view().room.my_swipes).toBe(0);
    expect(view().undoable).toBeNull();
    await soon();
    expect(server.verdicts.has("a")).toBe(false);
    expect(ids(view())).toEqual(["a", "b", "c"]);
  });

  it("a like that never left the phone keeps it from ever being said", async () => {
    const server = new FakeRoom(["a", "b", "c"]);
    server.reachable = false;
    const { live, view } = phone(server);
    live.swipe(film("a"), "like");
    live.undo();
    expect(view().room.my_swipes).toBe(0);
    live.swipe(film("a"), "skip");
    server.reachable = true;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(server.everLiked, "a like that was taken back could complete a match nobody wants").toEqual([]);
    expect(server.verdicts.get("a")).toBe("skip");
    expect(view().pending).toBe(0);
  });

  it("still works after a reload", async () => {
    const server = new FakeRoom(["a", "b", "c"]);
    const keep = inMemory();
    const before = phone(server, keep);
    await soon();
    before.live.swipe(film("a"), "skip");
    await soon();
    before.stop();
    const after = phone(server, keep);
    after.live.undo();
    await soon();
    expect(server.verdicts.has("a")).toBe(false);
    expect(ids(after.view())[0]).toBe("a");
  });

  it("is not offered for a like that has matched", async () => {
    const server = new FakeRoom(["a", "b", "c"]);
    const { live, view } = phone(server);
    await soon();
    live.swipe(film("a"), "like");
    server.happens({ type: "match_found", number: 1, round: 1, title: film("a"), at: "" });
    expect(view().undoable).toBeNull();
  });
});

describe("the top card", () => {
  it("stays while somebody looks at it, whatever order the server now prefers", async () => {
    const server = new FakeRoom(["a", "b", "c", "d", "e"]);
    const { live, view } = phone(server);
    await soon();
    live.swipe(film("a"), "skip");
    expect(ids(view())[0]).toBe("b");
    server.deck.reverse();
    server.say({ type: "presence", room: server.room.code, online: [ME] });
    live.ready(true);
    await soon();
    expect(ids(view())[0]).toBe("b");
  });

  it("goes when another device of mine swipes it", async () => {
    const server = new FakeRoom(["a", "b", "c", "d"]);
    const { view } = phone(server);
    await soon();
    server.verdicts.set("a", "like");
    server.order.push("a");
    server.happens({ type: "swiped", title: "a", verdict: "like" });
    await soon();
    expect(ids(view())).toEqual(["b", "c", "d"]);
    expect(view().undoable?.title.id).toBe("a");
  });
});

describe("a match", () => {
  it("is celebrated once, also when it happened while the phone was away", async () => {
    const server = new FakeRoom(["a", "b", "c"]);
    const keep = inMemory();
    const before = phone(server, keep);
    await soon();
    before.stop();
    server.wire = null;
    server.happens({ type: "match_found", number: 1, round: 1, title: film("a"), at: "" });
    const after = phone(server, keep);
    await soon();
    expect(after.view().uncelebrated.map((match) => match.number)).toEqual([1]);
    after.live.celebrated(1);
    expect(after.view().uncelebrated).toEqual([]);
    after.stop();
    expect(phone(server, keep).view().uncelebrated).toEqual([]);
  });

  it("from before I joined is not celebrated", () => {
    const server = new FakeRoom(["a"]);
    server.room.matches = [{ number: 1, round: 1, title: film("a"), at: "" }];
    expect(phone(server).view().uncelebrated).toEqual([]);
  });
});

describe("the connection", () => {
  it("says which device it is, also after a reload", async () => {
    const server = new FakeRoom(["a"]);
    const { keep, stop } = phone(server);
    await soon();
    stop();
    phone(server, keep);
    phone(server);
    await soon();
    const devices = server.opened.map((path) => new URL(path, "http://test").searchParams.get("device"));
    expect(devices[1]).toBe(devices[0]);
    expect(devices[2], "two devices must not have one name").not.toBe(devices[0]);
  });

  it("says what it has, and asks again after a gap", async () => {
    const server = new FakeRoom(["a", "b"]);
    const { view } = phone(server);
    await soon();
    expect(server.opened[0]).toMatch(/^\/api\/socket\?device=[0-9a-z-]{16,64}$/);
    expect(server.opens[0]).toMatchObject({ open: "7H3M00NS", epoch: 7, seq: 3 });
    server.happens({ type: "progress", member: OTHER, swiped: 1 }, false);
    server.room.members = server.room.members.map((m) => (m.id === OTHER ? { ...m, swiped: 2 } : m));
    server.happens({ type: "progress", member: OTHER, swiped: 2 });
    await soon();
    expect(server.opens).toHaveLength(2);
    expect(server.opened, "a gap in one room costs no connection").toHaveLength(1);
    expect(view().room.seq).toBe(5);
    expect(view().room.members.find((m) => m.id === OTHER)?.swiped).toBe(2);
  });

  it("notices by the time that the last event was lost", async () => {
    const server = new FakeRoom(["a"]);
    phone(server);
    await soon();
    server.happens({ type: "progress", member: OTHER, swiped: 1 }, false);
    server.say({ type: "time", now: 0, rooms: { [server.room.code]: { seq: server.room.seq, change: 0 } } });
    await soon();
    expect(server.opens).toHaveLength(2);
  });

  it("stays when a room on it is over", async () => {
    for (const [code, ended] of [
      ["not_a_member", "removed"],
      ["room_not_found", "gone"],
    ] as const) {
      const server = new FakeRoom(["a"]);
      const { seen } = phone(server);
      await soon();
      server.closeRoom(code);
      await vi.advanceTimersByTimeAsync(20_000);
      expect(seen.status.at(-1)).toEqual({ ended });
      expect(server.opened, "the connection is none of the room's").toHaveLength(1);
      expect(server.opens, "what is over is not opened again").toHaveLength(1);
    }
  });

  it("opens a room again that fell behind, from where it stands", async () => {
    const server = new FakeRoom(["a"]);
    const { seen, view } = phone(server);
    await soon();
    server.happens({ type: "progress", member: OTHER, swiped: 1 });
    server.closeRoom("fell_behind");
    server.happens({ type: "progress", member: OTHER, swiped: 2 });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(seen.status.at(-1)).toBe("open");
    expect(server.opens.at(-1)).toMatchObject({ epoch: 7, seq: 4 });
    expect(view().room.seq).toBe(5);
  });

  it("takes a room that goes on under a new epoch as it is told", async () => {
    const server = new FakeRoom(["a", "b"]);
    const { view } = phone(server);
    await soon();
    const state = { ...server.view(), epoch: 9, seq: 1, name: "Another" };
    server.say({ type: "opened", room: state.code, epoch: 9, seq: 1, state });
    expect(view().room).toMatchObject({ epoch: 9, seq: 1, name: "Another" });
  });

  it("folds who comes and who goes into who is here", async () => {
    const server = new FakeRoom([]);
    const { view } = phone(server);
    await soon();
    const online = () => view().room.members.flatMap(({ id, online }) => (online ? [id] : []));
    const room = server.room.code;
    server.say({ type: "presence", room, online: [ME] });
    expect(online()).toEqual([ME]);
    server.say({ type: "presence", room, in: [OTHER] });
    expect(online()).toEqual([ME, OTHER]);
    server.say({ type: "presence", room, out: [OTHER], in: [] });
    expect(online()).toEqual([ME]);
  });

  it("that another page of this phone has taken is left to it until somebody looks here", async () => {
    const server = new FakeRoom(["a"]);
    const { turnAway, lookBack } = phone(server);
    await soon();
    turnAway();
    server.close(4409);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.opened).toHaveLength(1);
    lookBack();
    await soon();
    expect(server.opened).toHaveLength(2);
  });

  it("applies an event once, however often it comes", async () => {
    const server = new FakeRoom(["a", "b", "c", "d", "e"]);
    const { view } = phone(server);
    await soon();
    server.happens({ type: "swiped", title: "a", verdict: "skip" });
    const event = { type: "swiped", title: "a", verdict: "skip" } as const;
    server.say({ type: "event", room: server.room.code, seq: 4, at: "", event });
    expect(view().room.my_swipes).toBe(1);
  });

  it("comes back after the codes that ask for it", async () => {
    for (const code of [1006, 1012, 4408, 4409, 4429]) {
      const server = new FakeRoom(["a"]);
      const { seen } = phone(server);
      await soon();
      server.close(code);
      await vi.advanceTimersByTimeAsync(4_000);
      expect(server.opened, `after ${code}`).toHaveLength(2);
      expect(seen.status.at(-1)).toBe("open");
    }
  });

  it("takes a new token when the session has ended", async () => {
    const server = new FakeRoom(["a"]);
    const { renewed } = phone(server);
    await soon();
    server.close(4401);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(renewed).toEqual(["token"]);
    expect(server.opened).toHaveLength(2);
  });

  it("leaves for good, and forgets the room, when one is removed or the room is gone", async () => {
    for (const [code, ended] of [
      ["not_a_member", "removed"],
      ["room_not_found", "gone"],
    ] as const) {
      const server = new FakeRoom(["a", "b"]);
      const { live, seen, keep } = phone(server);
      await soon();
      server.loss = () => "before";
      live.swipe(film("a"), "like");
      server.refuseOpen(code);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(seen.status.at(-1)).toEqual({ ended });
      expect(keep.keys("sovpalo.")).toEqual(["sovpalo.device"]);
    }
  });

  it("asks by HTTP why a socket would not open", async () => {
    const server = new FakeRoom(["a"]);
    server.reachable = false;
    const { seen, setProbe } = phone(server);
    setProbe("ended");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(seen.status.at(-1)).toEqual({ ended: "session" });
  });

  it("is back within two seconds of the network, however long that was away and without being told", async () => {
    const server = new FakeRoom(["a"]);
    const { seen, setProbe } = phone(server);
    setProbe(() => (server.reachable ? "fine" : "unreachable"));
    await soon();
    server.reachable = false;
    server.close(1006);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(seen.status.at(-1)).toBe("connecting");
    server.reachable = true;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(seen.status.at(-1)).toBe("open");
  });

  it("opens no socket while nobody answers, because browsers hold back sockets that fail often", async () => {
    const server = new FakeRoom(["a"]);
    const { probed, setProbe } = phone(server);
    setProbe("unreachable");
    await soon();
    server.reachable = false;
    server.close(1006);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.opened, "the first one, and one try to come back").toHaveLength(2);
    expect(probed.length, "it keeps asking by HTTP").toBeGreaterThan(30);
  });

  it("is asked for less often when nobody looks", async () => {
    const server = new FakeRoom(["a"]);
    const { probed, setProbe, turnAway } = phone(server);
    setProbe("unreachable");
    await soon();
    turnAway();
    server.reachable = false;
    server.close(1006);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(probed.length).toBeLessThan(15);
  });

  it("asks again when a question is swallowed by the network", async () => {
    const server = new FakeRoom(["a"]);
    server.reachable = false;
    const { live, seen, setProbe } = phone(server);
    const never = new Promise<Probe>(() => undefined);
    setProbe(() => never);
    await vi.advanceTimersByTimeAsync(1_000);
    setProbe("fine");
    server.reachable = true;
    await vi.advanceTimersByTimeAsync(6_000);
    expect(seen.status.at(-1)).toBe("open");
    live.stop();
  });

  it("comes back from a server's restart spread over two seconds, not all phones at once", async () => {
    const server = new FakeRoom(["a"]);
    phone(server);
    await soon();
    server.close(1012, "restarting, come back");
    await vi.advanceTimersByTimeAsync(900);
    expect(server.opened, "half of the spread has not passed yet").toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(server.opened).toHaveLength(2);
  });

  it("comes back spread over as long as the server says, within reason", async () => {
    for (const [said, middle] of [
      ["0-300 ms", 300],
      ["0-5000 ms", 2_500],
      ["0-999999 ms", 15_000],
    ] as const) {
      const server = new FakeRoom(["a"]);
      phone(server);
      await soon();
      server.close(1012, `restarting, come back in ${said}`);
      await vi.advanceTimersByTimeAsync(middle - 100);
      expect(server.opened, `too early after ${said}`).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(200);
      expect(server.opened, `too late after ${said}`).toHaveLength(2);
    }
  });

  it("that is silent for a minute is replaced", async () => {
    const server = new FakeRoom(["a"]);
    phone(server);
    await soon();
    await vi.advanceTimersByTimeAsync(62_000);
    expect(server.opened.length).toBeGreaterThan(1);
  });
});

describe("picks", () => {
  it("typed by hand get the server's id when it answers", async () => {
    const server = new FakeRoom([]);
    const { live, view } = phone(server);
    live.pick({ text: "Solaris" });
    expect(view().room.my_picks.map((pick) => pick.name)).toEqual(["Solaris"]);
    await soon();
    expect(view().room.my_picks.map((pick) => pick.id)).toEqual(["xserver"]);
    expect(view().pending).toBe(0);
  });

  describe("typed by hand that the catalogue has", () => {
    const matrix = { ...film("c30"), name: "Матрица", original_name: "The Matrix" };
    /** A connected phone whose commands wait until they are let through. */
    async function slow(name = "The Matrix") {
      const server = new FakeRoom([]);
      server.catalogue.set("The Matrix", matrix).set(name, matrix);
      const one = phone(server);
      await soon();
      const held: string[] = [];
      const { wire } = server;
      const send = wire?.send.bind(wire);
      if (wire) wire.send = (text) => held.push(text);
      return {
        ...one,
        server,
        through: () => {
          send?.(held.shift() ?? "");
          return soon();
        },
      };
    }

    it("become its title and are there once at any time", async () => {
      const { live, view, seen, through } = await slow();
      live.pick({ text: "The Matrix" });
      await through();
      expect(seen.picks).toEqual(["", "typed:the matrix", "c30"]);
      expect(view().room.members[0]?.picks).toBe(1);
    });

    it("are not shown twice if the title is there already", async () => {
      const { live, seen, through, server } = await slow();
      live.pick(matrix);
      await through();
      live.pick({ text: "matrix, the" });
      server.catalogue.set("matrix, the", matrix);
      live.pick({ text: "The Matrix (1999)" });
      server.catalogue.set("The Matrix (1999)", matrix);
      await through();
      await through();
      expect(seen.picks.at(-1)).toBe("c30");
      expect(seen.picks, "one in the same letters is known before the server says so").not.toContain(
        "c30,typed:the matrix (1999)",
      );
    });

    it.each(["The Matrix", "Le Matriçe"])(
      "can be taken away before the server has answered (%s)",
      async (name) => {
        const { live, view, seen, through } = await slow(name);
        live.pick({ text: name });
        const [typed] = view().room.my_picks;
        if (typed) live.unpick(typed);
        expect(view().room.my_picks).toEqual([]);
        await through();
        await through();
        expect(seen.picks, "it does not come back for a moment under its other name").toEqual([
          "",
          `typed:${name.toLowerCase()}`,
          "",
        ]);
        expect(view().pending).toBe(0);
      },
    );

    it("and taken away while there was no connection are gone, whatever the server had done", async () => {
      const { live, view, server } = await slow();
      server.loss = () => "after";
      live.pick({ text: "The Matrix" });
      const [typed] = view().room.my_picks;
      server.loss = () => "none";
      server.close(1006);
      if (typed) live.unpick(typed);
      await vi.advanceTimersByTimeAsync(3_000);
      expect(view().room.my_picks).toEqual([]);
      expect(server.room.my_picks).toEqual([]);
    });
  });

  it("that are refused disappear again", async () => {
    const server = new FakeRoom([]);
    server.room.picks_per_member = 0;
    const { live, view, seen } = phone(server);
    await soon();
    live.pick(film("a"));
    await soon();
    expect(view().room.my_picks).toEqual([]);
    expect(seen.refused).toHaveLength(1);
  });
});

describe("whatever the network does", () => {
  it.each(Array.from({ length: 150 }, (_, seed) => seed))(
    "evening %i ends with the server knowing exactly what the person meant",
    async (seed) => {
      const chance = new Chance(seed * 104_729 + 7);
      const deck = Array.from({ length: 9 }, (_, index) => `t${index}`);
      const server = new FakeRoom(deck);
      const keep = inMemory();
      let at = phone(server, keep);
      const meant = new Map<string, string>();
      const takenBack = new Set<string>();
      server.loss = () => chance.one(["none", "none", "none", "before", "after"] as const);

      for (let step = 0; step < 60; step += 1) {
        const roll = chance.unit();
        const top = at.view().cards[0];
        if (roll < 0.5 && top) {
          const verdict = chance.heads() ? "like" : "skip";
          at.live.swipe(top, verdict);
          meant.set(top.id, verdict);
        } else if (roll < 0.65) {
          const last = at.view().undoable;
          if (last) {
            at.live.undo();
            meant.delete(last.title.id);
            takenBack.add(last.title.id);
          }
        } else if (roll < 0.75) {
          at.stop();
          at = phone(server, keep);
        } else if (roll < 0.8) {
          server.reachable = !server.reachable;
          if (!server.reachable) server.close(1006);
        } else {
          await vi.advanceTimersByTimeAsync(chance.whole(0, 3_000));
        }
      }
      server.loss = () => "none";
      server.reachable = true;
      await vi.advanceTimersByTimeAsync(90_000);

      expect(at.view().pending, "everything is answered in the end").toBe(0);
      expect(at.seen.refused, "nothing is refused: the phone says only what can be").toEqual([]);
      expect(Object.fromEntries(server.verdicts)).toEqual(Object.fromEntries(meant));
      expect(at.view().room.my_swipes).toBe(meant.size);
      const left = deck.filter((id) => !meant.has(id));
      expect(new Set(ids(at.view()))).toEqual(new Set(left.slice(0, Math.max(3, ids(at.view()).length))));
    },
  );
});
