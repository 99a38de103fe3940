import { describe, expect, it } from "vitest";

import { LaterWire } from "./laterWire";
import type { Wire } from "./frames";

function wire() {
  const sent: unknown[] = [];
  const inner: Wire & { closed: boolean } = {
    closed: false,
    send: (asked) => sent.push(asked),
    close() {
      inner.closed = true;
    },
    onmessage: null,
    onclose: null,
  };
  return { inner, sent };
}

describe("a connection whose code is fetched first", () => {
  it("is that connection once it is there", async () => {
    const { inner, sent } = wire();
    const later = new LaterWire(() => Promise.resolve(inner));
    const heard: unknown[] = [];
    later.onmessage = ({ data }) => heard.push(data);
    later.onclose = ({ code }) => heard.push(code);
    await Promise.resolve();
    inner.onmessage?.({ data: "welcome" });
    later.send({ id: 1, clock: true });
    inner.onclose?.({ code: 1006, reason: "" });
    expect(heard).toEqual(["welcome", 1006]);
    expect(sent).toEqual([{ id: 1, clock: true }]);
  });

  it("closes what comes after it was closed", async () => {
    const { inner } = wire();
    const later = new LaterWire(() => Promise.resolve(inner));
    later.close();
    await Promise.resolve();
    expect(inner.closed).toBe(true);
  });

  it("has ended if its code cannot be fetched", async () => {
    const later = new LaterWire(() => Promise.reject(new TypeError("no network")));
    const ended = new Promise((resolve) => (later.onclose = resolve));
    expect(await ended).toEqual({ code: 1006, reason: "" });
  });
});
