import { describe, expect, it } from "vitest";

import { emptyRoom, film, ME } from "../testing/rooms";
import { type Intent, type Lasting, compact, foresee } from "./intents";

function box(...commands: Lasting[]): Intent[] {
  return commands.map((command, id) => ({ id, command, round: 1 }));
}
const like = (title: string): Lasting => ({ type: "swipe", title, verdict: "like" });
const skip = (title: string): Lasting => ({ type: "swipe", title, verdict: "skip" });
const superLike = (title: string): Lasting => ({ type: "swipe", title, verdict: "super_like" });
const veto = (title: string): Lasting => ({ type: "swipe", title, verdict: "veto" });
const undo = (title: string): Lasting => ({ type: "undo", title });
const said = (...commands: Lasting[]) => compact(box(...commands), 1).map(({ command }) => command);

describe("after a silence", () => {
  it("swipes are said in their order", () => {
    expect(said(like("a"), skip("b"), like("c"))).toEqual([like("a"), skip("b"), like("c")]);
  });

  it("a like that was taken back is not said again", () => {
    expect(said(like("a"), undo("a"))).toEqual([undo("a")]);
  });

  it("a super-like that was taken back and given to another card is given to that one", () => {
    const box = said(superLike("a"), undo("a"), skip("a"), superLike("b"));
    expect(box).toEqual([undo("a"), skip("a"), superLike("b")]);
  });

  it("a changed mind is an undo and the new verdict", () => {
    expect(said(like("a"), undo("a"), skip("a"))).toEqual([undo("a"), skip("a")]);
  });

  it("cards come off the pile from the top", () => {
    expect(said(like("a"), like("b"), undo("b"), like("b"), undo("b"), undo("a"), skip("a"))).toEqual([
      undo("b"),
      undo("a"),
      skip("a"),
    ]);
    expect(said(undo("b"), undo("a"), like("a"), like("b"))).toEqual([
      undo("b"),
      undo("a"),
      like("a"),
      like("b"),
    ]);
  });

  it("only the last of several picks, readies and settings is left", () => {
    const title = { id: "a" };
    expect(said({ type: "pick", title }, { type: "unpick", title })).toEqual([{ type: "unpick", title }]);
    expect(said({ type: "ready", ready: true }, { type: "ready", ready: false })).toEqual([
      { type: "ready", ready: false },
    ]);
    expect(
      said({ type: "configure", name: "A", picks_per_member: 3 }, { type: "configure", name: "B" }),
    ).toEqual([{ type: "configure", name: "B", picks_per_member: 3 }]);
  });

  it("what was meant for another round is dropped, picks excepted", () => {
    const intents = box(like("a"), { type: "ready", ready: true }, { type: "pick", title: { id: "p" } });
    expect(compact(intents, 2).map(({ command }) => command.type)).toEqual(["pick"]);
  });
});

describe("what will be", () => {
  const swiping = emptyRoom({ phase: "swiping", deck_size: 3, queue: [film("a"), film("b")], my_swipes: 1 });
  const will = (command: Lasting, title = film("x")) =>
    foresee(swiping, { id: 1, command, round: 1, title }, ME);

  it("a swipe takes the card and counts", () => {
    const room = will(like("a"));
    expect(room.queue.map((card) => card.id)).toEqual(["b"]);
    expect(room.my_swipes).toBe(2);
    expect(room.members[0]?.swiped).toBe(2);
  });

  it("a super-like and a veto are given, whatever the network does", () => {
    const room = { ...swiping, veto: true, my_vetoes_left: 1 };
    const once = foresee(room, { id: 1, command: superLike("a"), round: 1 }, ME);
    expect(once).toMatchObject({ my_super_likes_left: 0, my_vetoes_left: 1, my_swipes: 2 });
    const both = foresee(once, { id: 2, command: veto("b"), round: 1 }, ME);
    expect(both).toMatchObject({ my_super_likes_left: 0, my_vetoes_left: 0 });
    const again = foresee(both, { id: 3, command: superLike("c"), round: 1 }, ME);
    expect(again.my_super_likes_left, "never fewer than none").toBe(0);
  });

  it("vetoes are in the room at once", () => {
    expect(will({ type: "configure", veto: true }).veto).toBe(true);
    expect(will({ type: "configure", name: "B" }).veto, "and stay as they were otherwise").toBe(false);
  });

  it("an undo puts the card on top, and counts only what had been swiped", () => {
    expect(will(undo("x")).queue.map((card) => card.id)).toEqual(["x", "a", "b"]);
    expect(will(undo("x")).my_swipes).toBe(0);
    expect(will(undo("a"), film("a")).my_swipes).toBe(1);
  });

  it("a pick is there once", () => {
    const once = will({ type: "pick", title: { id: "x" } });
    const twice = foresee(
      once,
      { id: 2, command: { type: "pick", title: { id: "x" } }, round: 1, title: film("x") },
      ME,
    );
    expect(twice.my_picks.map((pick) => pick.id)).toEqual(["x"]);
    expect(twice.members[0]?.picks).toBe(1);
  });
});
