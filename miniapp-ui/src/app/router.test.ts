import { describe, expect, it } from "vitest";

import { MAX_DEPTH, createRouter } from "./router";

const room = (code: string) => ({ screen: "room", code, room: null }) as const;

function router() {
  const moves: string[] = [];
  const made = createRouter((route) => moves.push(route.screen));
  return { ...made, moves };
}

describe("the router", () => {
  it("begins at home, from where nothing leads back", () => {
    const { route, canGoBack, back, moves } = router();
    expect(canGoBack()).toBe(false);
    back();
    expect(route()).toEqual({ screen: "home" });
    expect(moves).toEqual([]);
  });

  it("leads back from a room that the launch led into to home", () => {
    const { route, canGoBack, go, back, moves } = router();
    go(room("7H3M00NS"));
    expect(canGoBack()).toBe(true);
    back();
    expect(route()).toEqual({ screen: "home" });
    expect(moves).toEqual(["room", "home"]);
  });

  it("never leads back to where a room is made once it is made", () => {
    const { route, go, back } = router();
    go({ screen: "new" });
    go(room("7H3M00NS"), { replace: true });
    back();
    expect(route()).toEqual({ screen: "home" });
  });

  it("leads back from a second room to the first", () => {
    const { route, go, back } = router();
    go(room("AAAAAAAA"));
    go(room("BBBBBBBB"));
    back();
    expect(route()).toEqual(room("AAAAAAAA"));
  });

  it("forgets the way when somebody goes home", () => {
    const { route, go, back } = router();
    go(room("AAAAAAAA"));
    go({ screen: "home" });
    back();
    expect(route()).toEqual({ screen: "home" });
  });

  it("does not remember a way without end", () => {
    const { route, go, back } = router();
    for (let step = 0; step < 3 * MAX_DEPTH; step += 1) go(room(`ROOM${String(step)}`));
    for (let step = 0; step < MAX_DEPTH; step += 1) back();
    expect(route(), "home is never forgotten").toEqual({ screen: "home" });
  });
});
