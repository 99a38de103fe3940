import { describe, expect, it } from "vitest";

import type { Event } from "../generated/wire";
import { ME, OTHER, emptyRoom, film } from "../testing/rooms";
import { withPresence } from "../sync/members";
import { fold } from "./fold";

const swiping = emptyRoom({ phase: "swiping", deck_size: 4, queue: [film("a"), film("b"), film("c")] });
const after = (event: Event, room = swiping) => fold(room, event, ME);

/** A swipe of my own, of the first card. */
const mine = (change: Partial<Extract<Event, { type: "swiped" }>>): Event => ({
  ...{ type: "swiped", title: "a", verdict: "like", swiped: 1, my_super_likes_left: 1, my_vetoes_left: 0 },
  ...change,
});

describe("an event", () => {
  it("tells that somebody came, was renamed or left", () => {
    const profile = { ...emptyRoom().members[1], id: 7, name: "Vera" };
    const joined = after({ type: "joined", member: 7, profile } as Event).room;
    expect(joined.members.map((member) => member.id)).toEqual([ME, OTHER, 7]);
    expect(after({ type: "left", member: 7, removed: false }, joined).room.members).toHaveLength(2);
  });

  it("keeps for a host whom they removed, until they are let in again or come", () => {
    const left = (removed: boolean): Event => ({ type: "left", member: OTHER, removed });
    const room = emptyRoom({ removed: [{ id: 7, name: "Vera" }] });
    const other = { id: OTHER, name: emptyRoom().members[1]?.name };
    const gone = after(left(true), room).room;
    expect(gone.removed, "the newest first").toEqual([other, { id: 7, name: "Vera" }]);
    expect(after(left(false), gone).room.removed).toEqual([{ id: 7, name: "Vera" }]);
    const profile = { ...emptyRoom().members[1], id: 7, name: "Vera" };
    const joined = after({ type: "joined", member: 7, profile } as Event, gone).room;
    expect(joined.removed).toEqual([other]);
    expect(after(left(true)).room.removed, "others are told nothing of it").toBeUndefined();
    expect(after({ type: "host_changed", member: ME }).stale, "a new host asks").toBe(true);
  });

  it("tells how far others are, and never what they think", () => {
    const { room, stale } = after({ type: "progress", member: OTHER, swiped: 3 });
    expect(room.members.find((member) => member.id === OTHER)?.swiped).toBe(3);
    expect(stale).toBe(false);
  });

  it("passes the host's role on", () => {
    const { room, stale } = after({ type: "host_changed", member: OTHER });
    expect(room.host).toBe(OTHER);
    expect(room.members.map(({ id, role }) => [id, role])).toEqual([
      [ME, "participant"],
      [OTHER, "host"],
    ]);
    expect(stale).toBe(false);
  });

  it("keeps everybody's role but the host's when somebody else is the host", () => {
    const trusted = after({ type: "role_changed", member: OTHER, role: "moderator" }).room;
    expect(trusted.members[1]?.role).toBe("moderator");
    const handed = after({ type: "host_changed", member: OTHER }, trusted).room;
    const said = after({ type: "role_changed", member: ME, role: "moderator" }, handed).room;
    expect(said.members.map(({ id, role }) => [id, role])).toEqual([
      [ME, "moderator"],
      [OTHER, "host"],
    ]);
    const third = after({ type: "host_changed", member: 7 }, trusted).room;
    expect(third.members[1]?.role, "a moderator stays one").toBe("moderator");
  });

  it("begins and ends a round", () => {
    const begun = after({ type: "started", round: 2, deck_size: 2, queue: [film("z")], ends_at: null }).room;
    expect(begun).toMatchObject({ phase: "swiping", round: 2, deck_size: 2, my_swipes: 0, matches: [] });
    const results = [{ title: film("z"), likes: 2 }];
    const ended = after({ type: "finished", results, finalists: 3 }, begun).room;
    expect(ended).toMatchObject({ phase: "finished", results, finalists: 3, queue: [] });
    const again = after({ type: "restarted", round: 3 }, ended).room;
    expect(again).toMatchObject({ phase: "lobby", round: 3, results: null, deck_size: 0 });
  });

  it("of my own says how far I am and what I may still signal", () => {
    const given = after(mine({ verdict: "super_like", swiped: 2, my_super_likes_left: 0 })).room;
    // A veto of somebody else's took a card out of my queue at this step.
    expect(given).toMatchObject({ my_swipes: 2, my_super_likes_left: 0 });
    expect(given.queue.map((card) => card.id)).toEqual(["b", "c"]);
    const undone: Event = { type: "undone", member: ME, swiped: 1, title: "a", my_super_likes_left: 1 };
    expect(after(undone, given).room).toMatchObject({ my_swipes: 1, my_super_likes_left: 1 });
    const spent: Event = { ...undone, my_super_likes_left: 0 };
    expect(after(spent, given).room.my_super_likes_left, "it is in effect already").toBe(0);
    const others: Event = { type: "undone", member: OTHER, swiped: 0 };
    expect(after(others, given).room.my_super_likes_left).toBe(0);
    const next = after(
      { type: "started", round: 2, deck_size: 1, queue: [film("z")], ends_at: null },
      given,
    ).room;
    expect(next.my_super_likes_left, "each round has its own").toBe(1);
  });

  it("that lets members veto gives each of them one", () => {
    const { name, rule, goal, picks_per_member, deck, leave_out_seen, access } = emptyRoom();
    const settings = { name, rule, goal, picks_per_member, deck, leave_out_seen, access };
    const allowed = after({ type: "configured", ...settings, veto: true }, emptyRoom()).room;
    expect(allowed).toMatchObject({ veto: true, my_vetoes_left: 1 });
    const renamed = after({ type: "configured", ...settings, veto: true }, { ...swiping, veto: true }).room;
    expect(renamed.my_vetoes_left, "in a round it stays given").toBe(swiping.my_vetoes_left);
  });

  it("announces a match once", () => {
    const match: Event = {
      type: "match_found",
      number: 4,
      round: 1,
      title: film("a"),
      at: "2026-11-21T20:00:00Z",
      super_likes: [OTHER],
    };
    const once = after(match).room;
    expect(once.matches[0]?.super_likes, "who said so on purpose").toEqual([OTHER]);
    expect(after(match, once).room.matches).toHaveLength(1);
  });

  it("that this version does not know leaves the room as it was and asks for it", () => {
    const strange = { type: "danced", member: OTHER } as unknown as Event;
    expect(after(strange)).toEqual({ room: swiping, stale: true });
  });

  it("never changes the room it was given", () => {
    const before = structuredClone(swiping);
    after(mine({ verdict: "like" }));
    after({ type: "ready", member: ME, ready: true });
    withPresence(swiping, { online: [] });
    expect(swiping).toEqual(before);
  });
});
