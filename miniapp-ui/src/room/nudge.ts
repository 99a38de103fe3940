/** Reminding somebody of their cards. */
import type { Member } from "../generated/wire";
import type { RoomHandle } from "./useRoom";

/** Whether it makes sense: they have cards left, and nobody has reminded them in this round. */
export function canBeNudged({ view, me }: RoomHandle, member: Member): boolean {
  const { phase, deck_size } = view.room;
  return (
    phase === "swiping" &&
    member.id !== me &&
    member.swiped < deck_size &&
    (member.nudged_by ?? null) === null
  );
}

/** Resolves to whether they were. */
export function nudge(room: RoomHandle, member: Member): Promise<boolean> {
  return room.now({ type: "nudge", member: member.id, round: room.view.room.round });
}
