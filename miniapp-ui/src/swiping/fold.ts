/**
 * The room as this member sees it, one event later. Pure: the same room and event give the same room.
 *
 * An event that says less than the room shows (a new round, a change made on my other device) leaves the
 * fold *stale*: right as far as it goes, and to be replaced by the whole room soon.
 */
import type { Event, Member, Room } from "../generated/wire";
import { withMember } from "../sync/members";
import type { Folded } from "../sync/rules";

const fresh = (room: Room): Folded => ({ room, stale: false });
const stale = (room: Room): Folded => ({ room, stale: true });

export function fold(room: Room, event: Event, me: number): Folded {
  switch (event.type) {
    case "joined":
      return fresh({
        ...letIn(room, event.member),
        members: [...without(room, event.member), event.profile],
      });
    case "left": {
      const next = event.removed ? withRemoved(room, event.member) : letIn(room, event.member);
      return fresh({ ...next, members: without(room, event.member) });
    }
    case "picked": {
      const next = withMember(room, event.member, { picks: event.picks });
      if (event.member !== me) return fresh(next);
      return event.my_picks ? fresh({ ...next, my_picks: event.my_picks }) : stale(next);
    }
    case "ready":
      return fresh(withMember(room, event.member, { ready: event.ready }));
    case "configured": {
      const { name, rule, goal, picks_per_member, deck, leave_out_seen, access, veto } = event;
      const next = { ...room, name, rule, goal, picks_per_member, deck, leave_out_seen, access, veto };
      return fresh(room.phase === "lobby" ? withSignals(next) : next);
    }
    case "started":
      return fresh({
        ...everySwipeForgotten(room),
        phase: "swiping",
        round: event.round,
        deck_size: event.deck_size,
        queue: event.queue,
        ends_at: event.ends_at,
      });
    case "extended":
      return fresh({ ...room, ends_at: event.ends_at });
    case "progress":
      return fresh(withMember(room, event.member, { swiped: event.swiped }));
    case "swiped": {
      const { swiped, my_super_likes_left, my_vetoes_left } = event;
      const queue = room.queue.filter((title) => title.id !== event.title);
      const mine = { my_swipes: swiped, my_super_likes_left, my_vetoes_left };
      const next = withMember({ ...room, ...mine, queue }, me, { swiped });
      return { room: next, stale: queue.length < Math.min(3, room.deck_size - swiped) };
    }
    case "undone": {
      const next = withMember(room, event.member, { swiped: event.swiped });
      if (event.member !== me) return fresh(next);
      const { my_super_likes_left = room.my_super_likes_left, my_vetoes_left = room.my_vetoes_left } = event;
      return stale({ ...next, my_swipes: event.swiped, my_super_likes_left, my_vetoes_left });
    }
    case "match_found": {
      if (room.matches.some((match) => match.number === event.number)) return fresh(room);
      const { number, round, title, at, super_likes } = event;
      return fresh({ ...room, matches: [...room.matches, { number, round, title, at, super_likes }] });
    }
    case "away":
      return fresh(withMember(room, event.member, { away: true }));
    case "back":
      return fresh(withMember(room, event.member, { away: false }));
    case "nudged":
      return fresh(withMember(room, event.member, { nudged_by: event.by }));
    case "role_changed":
      return fresh(withMember(room, event.member, { role: event.role }));
    case "host_changed": {
      const next = { ...room, host: event.member, members: room.members.map(roleUnder(event.member)) };
      // Whom others have removed only a host is told.
      return event.member === me ? stale(next) : fresh(next);
    }
    case "finished":
      return fresh({
        ...room,
        phase: "finished",
        ends_at: null,
        results: event.results,
        finalists: event.finalists,
        queue: [],
      });
    case "restarted":
      return stale({
        ...everySwipeForgotten(room),
        phase: "lobby",
        round: event.round,
        deck_size: 0,
        queue: [],
      });
    default:
      // A newer server may tell of things that this version has no picture for.
      return stale(room);
  }
}

function without(room: Room, id: number): Member[] {
  return room.members.filter((member) => member.id !== id);
}

/** Of what only who may let people in knows, nothing is known here if nothing was said. */
function withRemoved(room: Room, id: number): Room {
  const member = room.members.find((member) => member.id === id);
  if (room.removed === undefined || member === undefined) return room;
  return { ...room, removed: [{ id, name: member.name }, ...room.removed] };
}

function letIn(room: Room, id: number): Room {
  if (room.removed === undefined) return room;
  return { ...room, removed: room.removed.filter((person) => person.id !== id) };
}

function roleUnder(host: number): (member: Member) => Member {
  const under = (member: Member) => (member.role === "host" ? "participant" : member.role);
  return (member) => ({ ...member, role: member.id === host ? "host" : under(member) });
}

/** Each round has its own super-like, and its own veto where there are vetoes. */
function withSignals(room: Room): Room {
  return { ...room, my_super_likes_left: 1, my_vetoes_left: room.veto ? 1 : 0 };
}

function everySwipeForgotten(room: Room): Room {
  return {
    ...withSignals(room),
    my_swipes: 0,
    matches: [],
    results: null,
    ends_at: null,
    members: room.members.map((member) => ({ ...member, swiped: 0, ready: false, nudged_by: null })),
  };
}
