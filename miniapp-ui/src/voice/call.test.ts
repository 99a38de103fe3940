import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { GRACE } from "./call.ts";
import { readRtcData } from "./rtcData.ts";
import { FakeNetwork, type FakePhone } from "./testing/fakeNetwork.ts";

/** As long as a track: nothing here listens to it. */
const voiceOf = (id: number) => ({ id: String(id), enabled: true }) as unknown as MediaStreamTrack;

let network: FakeNetwork;
beforeEach(() => {
  vi.useFakeTimers();
  network = new FakeNetwork();
});
afterEach(() => {
  for (const phone of network.phones.values()) phone.call.leave();
  vi.useRealTimers();
});

const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** So many phones that talk, each of which came a moment after the one before. */
async function talking(people: number): Promise<FakePhone[]> {
  const phones: FakePhone[] = [];
  for (let id = 1; id <= people; id += 1) {
    const phone = network.phone(id);
    phone.joins(network);
    phone.call.speak(voiceOf(id));
    phones.push(phone);
    await passes(300);
  }
  await passes(3_000);
  return phones;
}

/** Everybody hears everybody else. */
function all(people: number[]): string[] {
  return people.flatMap((a) => people.filter((b) => b !== a).map((b) => `${a}>${b}`)).sort();
}

describe("a voice chat", () => {
  it("has everybody hear everybody else, one connection for each two", async () => {
    const phones = await talking(8);
    expect(network.heard()).toEqual(all([1, 2, 3, 4, 5, 6, 7, 8]));
    expect(phones.map((phone) => phone.peersMade)).toEqual(Array(8).fill(7));
  });

  it("has them hear each other also when they come at the same moment", async () => {
    const phones = [1, 2, 3].map((id) => network.phone(id));
    for (const phone of phones) {
      phone.joins(network);
      phone.call.speak(voiceOf(phone.id));
    }
    await passes(3_000);
    expect(network.heard()).toEqual(all([1, 2, 3]));
  });

  it("lets somebody only listen, and hears them from when they speak", async () => {
    const [anna, ben] = [network.phone(1), network.phone(2)];
    anna.joins(network);
    ben.joins(network);
    await passes(1_000);
    expect(anna.states, "nobody has to speak to be connected").toEqual({ 2: "connected" });
    expect(network.heard()).toEqual([]);
    ben.call.speak(voiceOf(2));
    await passes(100);
    expect(network.heard()).toEqual(["2>1"]);
  });

  it("settles two offers that meet: the polite one takes its own back", async () => {
    await talking(2);
    const peers = [...network.peers.values()];
    for (const peer of peers) peer.breaks();
    await passes(1_000);
    expect(peers.map(({ state, isStable }) => [state, isStable])).toEqual([
      ["connected", true],
      ["connected", true],
    ]);
  });

  it("comes about although much of what they say to each other is lost", async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      network = new FakeNetwork();
      let state = seed;
      const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
      network.loses = () => random() < 0.4;
      await talking(3);
      await passes(20_000);
      network.loses = () => false;
      await passes(20_000);
      expect(network.heard(), `with seed ${seed}`).toEqual(all([1, 2, 3]));
      for (const phone of network.phones.values()) phone.call.leave();
      await passes(1_000);
    }
  });

  it("says whom it cannot reach, and reaches them once there is a way", async () => {
    network.reaches = (a, b) => a + b !== 3;
    const [anna, ben] = await talking(3);
    await passes(20_000);
    expect(anna?.states).toEqual({ 2: "unreachable", 3: "connected" });
    expect(ben?.states).toEqual({ 1: "unreachable", 3: "connected" });
    network.reaches = () => true;
    await passes(20_000);
    expect(anna?.states).toEqual({ 2: "connected", 3: "connected" });
    expect(network.heard()).toEqual(all([1, 2, 3]));
  });

  it("goes on over a new connection to the server, with the same connections to the others", async () => {
    const phones = await talking(3);
    const [anna] = phones;
    if (anna) network.reconnects(anna);
    await passes(1_000);
    expect([...network.voices].sort()).toEqual([1, 2, 3]);
    await passes(GRACE * 2);
    expect(network.heard()).toEqual(all([1, 2, 3]));
    expect(
      phones.map((phone) => phone.peersMade),
      "none was made anew",
    ).toEqual([2, 2, 2]);
  });

  it("begins anew with a page that was loaded again", async () => {
    const [, ben] = await talking(2);
    network.peers.forEach((peer) => {
      if (peer.owner === 1) peer.close();
    });
    const anna = network.phone(1);
    network.voices.delete(1);
    network.tell(1, false);
    anna.joins(network);
    anna.call.speak(voiceOf(1));
    await passes(2_000);
    expect(network.heard()).toEqual(all([1, 2]));
    expect(ben?.peersMade).toBe(2);
  });

  it("is without somebody at once who leaves, and after a moment without somebody who is gone", async () => {
    const [anna, ben, cleo] = await talking(3);
    anna?.call.leave();
    await passes(50);
    expect(ben?.states).toEqual({ 3: "connected" });
    network.phones.delete(3);
    network.voices.delete(3);
    network.tell(3, false);
    expect(Object.keys(ben?.states ?? {}), "she may only have lost the server").toEqual(["3"]);
    await passes(GRACE + 10);
    expect(ben?.states).toEqual({});
    cleo?.call.leave();
  });

  it("has somebody back who left and came again at once, whichever word comes first", async () => {
    const [anna, ben] = await talking(2);
    const old = anna?.call.others.length;
    anna?.call.leave();
    network.tell(1, false);
    await passes(50);
    ben?.call.hear(1, { type: "rtc", data: { session: "1-of-before", bye: true } });
    anna?.joins(network);
    anna?.call.speak(voiceOf(1));
    await passes(2_000);
    expect([old, network.heard()]).toEqual([1, all([1, 2])]);
  });

  it("has a late word of somebody who has left begin nothing", async () => {
    const [anna, ben] = await talking(2);
    anna?.call.leave();
    await passes(50);
    ben?.call.hear(1, { type: "rtc", data: { session: "old", candidates: [] } });
    expect(ben?.states).toEqual({});
  });

  it("ends for a ninth, who is told that it is full, and for a phone whose person goes on elsewhere", async () => {
    await talking(8);
    const ninth = network.phone(9);
    ninth.joins(network);
    await passes(100);
    expect([ninth.call.isIn, ninth.endings]).toEqual([false, ["full"]]);
    const anna = network.phones.get(1);
    anna?.call.hear(1, { type: "voice", on: true });
    expect([anna?.call.isIn, anna?.endings]).toEqual([false, ["elsewhere"]]);
  });

  it("says again that it is there where the server lost that", async () => {
    const [anna] = await talking(2);
    network.voices.delete(1);
    anna?.call.hear(1, { type: "voice", on: false });
    await passes(100);
    expect(network.voices.has(1)).toBe(true);
    anna?.call.refused("unavailable");
    network.voices.delete(1);
    await passes(3_000);
    expect(network.voices.has(1), "and once more where it could not be done").toBe(true);
  });
});

describe("what another phone says", () => {
  it("is taken only in its shape", () => {
    for (const nonsense of [
      null,
      5,
      "x",
      [],
      {},
      { session: "" },
      { session: "x".repeat(65) },
      { session: "s", for: 5 },
    ])
      expect(readRtcData(nonsense)).toBeNull();
    const description = { type: "offer", sdp: "v=0", more: 1 };
    const candidate = { candidate: "c", sdpMid: null, sdpMLineIndex: 0 };
    expect(readRtcData({ session: "s", hello: 1, description, candidates: [candidate, 5, {}] })).toEqual({
      session: "s",
      description: { type: "offer", sdp: "v=0" },
      candidates: [candidate],
    });
    expect(readRtcData({ session: "s", description: { type: "rollback", sdp: "" } })).toEqual({
      session: "s",
    });
  });
});
