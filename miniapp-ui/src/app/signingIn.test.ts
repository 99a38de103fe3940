import { describe, expect, it } from "vitest";

import { endingOf, launchLink } from "./endings";
import { Refused, Unreachable } from "../net/problem";
import { afterFailure } from "./signingIn";

describe("a page that could not sign in", () => {
  it("waits as long as the server says, and says so", () => {
    const busy = (retryAfter: number | null) =>
      afterFailure(new Refused(429, "too_many", "", retryAfter), 3, 0.5);
    expect(busy(6)).toEqual({ kind: "wait", seconds: 6 });
    expect(busy(null)).toEqual({ kind: "wait", seconds: 5 });
    expect(busy(86_400)).toEqual({ kind: "wait", seconds: 120 });
  });

  it("keeps trying while nobody answers, less often each time", () => {
    const pauses = [0, 1, 2, 9].map((attempt) => {
      const next = afterFailure(new Unreachable("silence"), attempt, 1);
      return next.kind === "again" ? next.pause : null;
    });
    expect(pauses).toEqual([400, 800, 1600, 8000]);
  });

  it("comes back no sooner than a busy server asks", () => {
    expect(afterFailure(new Refused(503, "unavailable", "", 1), 0, 0)).toEqual({
      kind: "again",
      pause: 1000,
    });
  });

  it("knows what only another launch helps against", () => {
    for (const code of ["init_data_expired", "init_data_spent", "init_data_invalid", "clock_differs"]) {
      expect(afterFailure(new Refused(401, code, ""), 0, 0)).toEqual({ kind: "ended", code });
      expect(endingOf(code)).toBe(code);
    }
    expect(endingOf("refresh_invalid")).toBe("other");
    expect(afterFailure(new Refused(422, "invalid", ""), 0, 0)).toEqual({ kind: "broken" });
  });
});

describe("the link that launches anew", () => {
  it("leads back into the room", () => {
    expect(launchLink("https://t.me/bot/app", "7H3M00NS")).toBe("https://t.me/bot/app?startapp=7H3M00NS");
    expect(launchLink("https://t.me/bot?startapp", "7H3M00NS")).toBe("https://t.me/bot?startapp=7H3M00NS");
    expect(launchLink("https://t.me/bot/app", null)).toBe("https://t.me/bot/app");
  });

  it("is none where the server does not know its bot, or where the page was not filled in", () => {
    for (const none of ["", "__APP_LINK__", "https://example.org/app"]) {
      expect(launchLink(none, null)).toBeNull();
    }
  });
});
