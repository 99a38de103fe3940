/** A room with something about its members changed. */
import type { Member, Room } from "../generated/wire";

/** The room with something about one member changed. */
export function withMember(room: Room, id: number, change: Partial<Member>): Room {
  return {
    ...room,
    members: room.members.map((member) => (member.id === id ? { ...member, ...change } : member)),
  };
}

/** The room with who is connected right now: all of them, or who came and who went. */
export function withPresence(room: Room, news: { online?: number[]; in?: number[]; out?: number[] }): Room {
  const here = new Set(news.online ?? room.members.filter((member) => member.online).map(({ id }) => id));
  for (const id of news.in ?? []) here.add(id);
  for (const id of news.out ?? []) here.delete(id);
  return {
    ...room,
    members: room.members.map((member) => ({ ...member, online: here.has(member.id) })),
  };
}
