/**
 * A connection of a kind that few networks need: its code is fetched when one is opened. What cannot be fetched is a connection
 * that ended at once, and is tried again like any other.
 */
import type { Asked, Wire } from "./frames";

export class LaterWire implements Wire {
  onmessage: Wire["onmessage"] = null;
  onclose: Wire["onclose"] = null;
  #wire: Wire | null = null;
  #closed = false;

  constructor(open: () => Promise<Wire>) {
    open().then(
      (wire) => {
        this.#opened(wire);
      },
      () => this.onclose?.({ code: 1006, reason: "" }),
    );
  }

  /** Nothing is sent before the first message has come. */
  send(asked: Asked): void {
    this.#wire?.send(asked);
  }

  close(): void {
    this.#closed = true;
    this.#wire?.close();
  }

  #opened(wire: Wire): void {
    if (this.#closed) {
      wire.close();
      return;
    }
    this.#wire = wire;
    wire.onmessage = (event) => this.onmessage?.(event);
    wire.onclose = (event) => this.onclose?.(event);
  }
}
