import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { patience, within } from "./patience";

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const never = new Promise<string>(() => undefined);

describe("patience", () => {
  it("ends when its time is over, and not before", () => {
    const signal = patience(1_000);
    vi.advanceTimersByTime(999);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.aborted).toBe(true);
  });

  it("ends with the other signal, whenever that ends", () => {
    const other = new AbortController();
    const signal = patience(1_000, other.signal);
    expect(signal.aborted).toBe(false);
    other.abort();
    expect(signal.aborted).toBe(true);
    expect(patience(1_000, other.signal).aborted, "an end that was before").toBe(true);
    expect(vi.getTimerCount(), "nothing is left running").toBe(0);
  });

  it("does without what browsers learned later", () => {
    vi.spyOn(AbortSignal, "any").mockImplementation(() => {
      throw new TypeError("AbortSignal.any is not a function");
    });
    vi.spyOn(AbortSignal, "timeout").mockImplementation(() => {
      throw new TypeError("AbortSignal.timeout is not a function");
    });
    expect(patience(1_000, new AbortController().signal).aborted).toBe(false);
  });
});

describe("a promise with a time limit", () => {
  it("gives its value, and the other one when it is late or fails", async () => {
    expect(await within(1_000, Promise.resolve("yes"), null)).toBe("yes");
    expect(await within(1_000, Promise.reject(new Error("no")), null)).toBeNull();
    const late = within(1_000, never, null);
    vi.advanceTimersByTime(1_000);
    expect(await late).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });
});
