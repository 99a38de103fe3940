import { describe, expect, it } from "vitest";

import { readLaunch } from "../telegram/launch";
import { isSentTo } from "./sentTo";

const launch = (startParam: string) =>
  readLaunch(`#tgWebAppData=signed&tgWebAppStartParam=${startParam}`, null);

describe("a link into a room's cinema", () => {
  it("leads into the cinema of that room, once", () => {
    const there = launch("7KQ2M001_watch");
    expect(isSentTo("ABCDEFGH", there)).toBe(false);
    expect(isSentTo("7KQ2M001", there)).toBe(true);
    expect(isSentTo("7KQ2M001", there), "who closed it and comes back is not sent there again").toBe(false);
  });

  it.each(["7KQ2M001", "7KQ2M001_utm", "new", "_watch", "watch"])("is not %s", (param) => {
    expect(isSentTo("7KQ2M001", launch(param))).toBe(false);
  });
});
