/** This page's phone: its one connection, awake when the page is. */
import { Refused } from "../net/problem";
import type { Api, Fetch } from "../net/api";
import type { Keep } from "../net/keep";
import { type Probe, SOCKET } from "../sync/connection";
import { deviceOf } from "../sync/device";
import type { Wire } from "../sync/frames";
import { LaterWire } from "../sync/laterWire";
import { Phone } from "../sync/phone";
import type { Session } from "./session";

export function phoneOf(api: Api, session: Session, keep: Keep, ask: Fetch): Phone {
  const phone = new Phone({
    device: deviceOf(keep),
    random: Math.random,
    watched: () => document.visibilityState === "visible",
    token: () => session.token(),
    renew: (refused) => session.tokenAfter(refused),
    open(path, protocols) {
      const scheme = location.protocol === "https:" ? "wss:" : "ws:";
      return socketTo(`${scheme}//${location.host}${path}`, protocols);
    },
    poll: (device) =>
      new LaterWire(async () => {
        const { PollingWire } = await import("../sync/polling");
        return new PollingWire(
          {
            updates: (...asked) => api.updates(...asked),
            command: (...asked) => api.command(...asked),
            now: Date.now,
          },
          device,
        );
      }),
    probe: () => probe(api, ask),
  });
  followPage(phone);
  return phone;
}

function socketTo(address: string, protocols: string[]): Wire {
  const socket = new WebSocket(address, protocols);
  const wire: Wire = {
    onmessage: null,
    onclose: null,
    send(asked) {
      socket.send(JSON.stringify(asked));
    },
    close() {
      socket.close();
    },
  };
  socket.onmessage = (event) => wire.onmessage?.(event);
  socket.onclose = (event) => wire.onclose?.(event);
  return wire;
}

async function probe(api: Api, ask: Fetch): Promise<Probe> {
  try {
    await api.me();
    // Browsers hide why a socket would not open: asked by HTTP, its address says whether this page is too old for it (./reload).
    void ask(SOCKET, {}).catch(() => undefined);
    return "fine";
  } catch (error) {
    // By the server's own word only: a proxy's page may have any status.
    return error instanceof Refused && error.status === 401 && error.code !== "unknown"
      ? "ended"
      : "unreachable";
  }
}

function followPage(phone: Phone): void {
  const wake = () => {
    if (document.visibilityState === "visible") phone.wake();
  };
  document.addEventListener("visibilitychange", wake);
  addEventListener("online", wake);
  addEventListener("offline", () => {
    phone.sleep();
  });
  // Out of the back-forward cache a page comes as it was left, with sockets that the browser has closed.
  addEventListener("pageshow", (event) => {
    if (event.persisted) phone.sleep();
  });
}
