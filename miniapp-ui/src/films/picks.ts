/** Which titles of a list become picks in a room: from the top, as many as there is place for. */
import type { ImportedList, Room, Title } from "../generated/wire";

export function picksOf(list: ImportedList, room: Room): (Title | { text: string })[] {
  const free = Math.max(0, room.picks_per_member - room.my_picks.length);
  const mine = new Set(room.my_picks.map((title) => title.id));
  const known = list.recognised.map(({ title }) => title).filter((title) => !mine.has(title.id));
  const typed = list.typed.map(({ text }) => ({ text }));
  return [...known, ...typed].slice(0, free);
}
