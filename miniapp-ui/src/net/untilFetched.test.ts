// @vitest-environment jsdom
/** Parts that do not come at once: they come in the end. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { untilFetched, whenOftenFailed } from "./untilFetched";

/** Fails so often, and then has it. */
function comingAfter(failures: number) {
  let asked = 0;
  const load = () => {
    asked += 1;
    return asked > failures ? Promise.resolve("the part") : Promise.reject(new Error("no network"));
  };
  return { load, asked: () => asked };
}

describe("a part that is fetched on demand", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    whenOftenFailed(() => undefined);
  });

  it("comes although it has failed many times, and each failure was said", async () => {
    const { load } = comingAfter(7);
    const failed = vi.fn();
    const part = untilFetched(load, failed);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await part).toBe("the part");
    expect(failed).toHaveBeenCalledTimes(7);
  });

  it("is asked for at once when the network is back", async () => {
    const { load, asked } = comingAfter(1);
    const part = untilFetched(load, () => undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked(), "it was asked for again without a pause").toBe(1);
    dispatchEvent(new Event("online"));
    expect(await part).toBe("the part");
  });

  it("says every third time that the files may be others by now, and not before", async () => {
    const hopeless = vi.fn();
    whenOftenFailed(hopeless);
    const seen: number[] = [];
    const part = untilFetched(comingAfter(7).load, () => seen.push(hopeless.mock.calls.length));
    await vi.advanceTimersByTimeAsync(60_000);
    await part;
    expect(seen).toEqual([0, 0, 0, 1, 1, 1, 2]);
  });

  it("has a style that did not come fetched once more before it", async () => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = "https://example.test/style.css";
    document.head.append(link);
    link.dispatchEvent(new Event("error"));
    const { load, asked } = comingAfter(0);
    const part = untilFetched(load, () => undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked(), "the part came without its style").toBe(0);
    const again = document.head.querySelector("link");
    expect(again, "it is the link that failed").not.toBe(link);
    again?.dispatchEvent(new Event("load"));
    expect(await part).toBe("the part");
    again?.remove();
  });
});
