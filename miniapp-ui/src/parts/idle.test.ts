// @vitest-environment jsdom
import { fireEvent } from "@solidjs/testing-library";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { whenIdle } from "./idle";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  fireEvent.pointerUp(window);
  vi.useRealTimers();
});

it("what can wait is done in a pause, and not while a finger is on the screen", () => {
  const done = vi.fn();
  fireEvent.pointerDown(window);
  whenIdle(done);
  vi.advanceTimersByTime(2_000);
  expect(done).not.toHaveBeenCalled();
  fireEvent.pointerUp(window);
  vi.advanceTimersByTime(500);
  expect(done).toHaveBeenCalledOnce();
});

it("a finger whose lifting nobody tells holds nothing up for ever", () => {
  const done = vi.fn();
  fireEvent.pointerDown(window);
  whenIdle(done);
  vi.advanceTimersByTime(6_000);
  expect(done).toHaveBeenCalledOnce();
});

it("what is not wanted any more is not done, whatever it waited for", () => {
  const done = vi.fn();
  const cancelAtOnce = whenIdle(done);
  cancelAtOnce();
  fireEvent.pointerDown(window);
  const cancelLater = whenIdle(done);
  vi.advanceTimersByTime(1_000);
  cancelLater();
  fireEvent.pointerUp(window);
  vi.advanceTimersByTime(10_000);
  expect(done).not.toHaveBeenCalled();
});
