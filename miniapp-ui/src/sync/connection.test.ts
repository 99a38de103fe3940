import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeRoom } from "../testing/fakeRoom";
import { phoneIn as phone } from "../testing/phone";
import { ME, OTHER, film } from "../testing/rooms";
import type { Probe } from "./connection";

const soon = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
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
    const left = { my_super_likes_left: 1, my_vetoes_left: 0 };
    const event = { type: "swiped", title: "a", verdict: "skip", swiped: 1, ...left } as const;
    server.happens(event);
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
