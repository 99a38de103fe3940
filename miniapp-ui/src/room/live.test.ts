import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { inMemory } from "../net/keep";
import { Chance } from "../parts/poster/chance";
import { FakeRoom } from "../testing/fakeRoom";
import { ME, film } from "../testing/rooms";
import { phoneIn as phone } from "../testing/phone";
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
    server.happens({ type: "match_found", number: 1, round: 1, title: film("a"), at: "", super_likes: [] });
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
    const left = { my_super_likes_left: 1, my_vetoes_left: 0 };
    server.happens({ type: "swiped", title: "a", verdict: "like", swiped: 1, ...left });
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
    server.happens({ type: "match_found", number: 1, round: 1, title: film("a"), at: "", super_likes: [] });
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
    server.room.matches = [{ number: 1, round: 1, title: film("a"), at: "", super_likes: [] }];
    expect(phone(server).view().uncelebrated).toEqual([]);
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
          const mayLift = at.view().room.my_super_likes_left > 0 && chance.unit() < 0.2;
          const verdict = mayLift ? "super_like" : chance.heads() ? "like" : "skip";
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
