/** A phone that has the room of a {@link FakeRoom} open, and what it shows. */
import { type Keep, inMemory } from "../net/keep";
import { LiveRoom, type RefusedIntent, type RoomView } from "../room/live";
import type { Probe } from "../sync/connection";
import { deviceOf } from "../sync/device";
import { Phone } from "../sync/phone";
import type { Status } from "../sync/roomLine";
import type { FakeRoom } from "./fakeRoom";
import { ME } from "./rooms";

export function phoneIn(server: FakeRoom, keep: Keep = inMemory()) {
  const seen = { status: [] as Status[], refused: [] as RefusedIntent[], picks: [] as string[] };
  let view: RoomView | null = null;
  let probe: Probe | (() => Probe | Promise<Probe>) = () => (server.reachable ? "fine" : "unreachable");
  let watched = true;
  const probed: number[] = [];
  const renewed: string[] = [];
  const phone = new Phone({
    device: deviceOf(keep),
    random: () => 0.5,
    watched: () => watched,
    open: server.open,
    poll: server.poll,
    token: () => Promise.resolve("token"),
    renew(refused) {
      renewed.push(refused);
      return Promise.resolve();
    },
    probe() {
      probed.push(Date.now());
      return Promise.resolve(typeof probe === "function" ? probe() : probe);
    },
  });
  const ports = {
    phone,
    keep,
    now: Date.now,
    fetchRoom: () => Promise.resolve(server.reachable ? server.view() : null),
    fetchPage: () => Promise.resolve({ items: [], more: false }),
  };
  const live = new LiveRoom(server.view(), ME, ports, {
    view(next) {
      view = next;
      const picks = next.room.my_picks.map((pick) => pick.id).join();
      if (picks !== seen.picks.at(-1)) seen.picks.push(picks);
    },
    status: (status) => seen.status.push(status),
    refused: (refused) => seen.refused.push(refused),
  });
  phone.start();
  live.start();
  return {
    live,
    phone,
    keep,
    seen,
    renewed,
    probed,
    /** The page is gone. */
    stop: () => {
      live.stop();
      phone.stop();
    },
    turnAway: () => {
      watched = false;
    },
    lookBack: () => {
      watched = true;
      phone.wake();
    },
    status: () => seen.status.at(-1),
    view: () => {
      if (view === null) throw new Error("nothing was shown yet");
      return view;
    },
    setProbe: (next: typeof probe) => {
      probe = next;
    },
  };
}
