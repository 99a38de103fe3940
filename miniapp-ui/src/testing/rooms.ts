/** Titles and rooms for tests to begin with. */
import type { Member, Room, Title } from "../generated/wire";
import { typedTitle } from "../net/api";

export const ME = 1001;
export const OTHER = 1002;

export function film(id: string): Title {
  return { ...typedTitle(id), id, kind: "film", name: `Film ${id}` };
}

export function emptyRoom(change: Partial<Room> = {}): Room {
  const member = (id: number, name: string): Member => ({
    id,
    name,
    photo_url: null,
    role: id === ME ? "host" : "participant",
    ready: false,
    picks: 0,
    swiped: 0,
    online: true,
    away: false,
    nudged_by: null,
    voice: false,
  });
  return {
    code: "7H3M00NS",
    name: "Movie night",
    phase: "lobby",
    round: 1,
    epoch: 7,
    seq: 3,
    host: ME,
    rule: { kind: "unanimous" },
    goal: { kind: "whole_deck" },
    picks_per_member: 5,
    deck: null,
    ends_at: null,
    leave_out_seen: false,
    veto: false,
    access: { listed: false, password: false, capacity: 100, control: "everyone" },
    members: [member(ME, "Me"), member(OTHER, "Other")],
    my_picks: [],
    deck_size: 0,
    queue: [],
    my_swipes: 0,
    my_super_likes_left: 1,
    my_vetoes_left: 0,
    matches: [],
    results: null,
    finalists: 0,
    screen: null,
    invite_url: null,
    ...change,
  };
}
