/** The five faces: how somebody liked what was watched together. Pure. */
import type { Face, RoomMark, RoomMarkChange } from "../generated/wire";

/** The best first. */
export const FACES: readonly (readonly [Face, string])[] = [
  ["love", "😍"],
  ["good", "🙂"],
  ["fine", "😐"],
  ["bad", "🙁"],
  ["asleep", "😴"],
];

export function emojiOf(face: Face): string {
  return FACES.find(([one]) => one === face)?.[1] ?? "";
}

export function faceOf(mark: RoomMark, member: number): Face | null {
  return mark.faces.find((one) => one.member === member)?.face ?? null;
}

/** The mark as it will be once a change of this member is done: what the screen shows before the answer comes. */
export function changed(
  mark: RoomMark,
  change: Omit<RoomMarkChange, "title">,
  member: number,
  now: string,
): RoomMark {
  const { face } = change;
  const has = mark.faces.some((one) => one.member === member);
  const others = mark.faces.filter((one) => one.member !== member);
  const faces =
    face === undefined
      ? mark.faces
      : face === null
        ? others
        : has
          ? mark.faces.map((one) => (one.member === member ? { member, face } : one))
          : [...others, { member, face }];
  const seen = face === undefined || face === null ? undefined : true;
  const watched = change.watched ?? seen;
  return {
    faces,
    never: change.never ?? mark.never,
    watched_at: watched === undefined ? mark.watched_at : watched ? (mark.watched_at ?? now) : null,
  };
}
