/** Where somebody stands in a round, as their face shows it. */
import type { Member } from "../generated/wire";

export type Standing = "done" | "away" | "here" | "offline";

/** Who has swiped all the cards is done, wherever they are. */
export function standing(member: Member, cards: number): Standing {
  if (cards > 0 && member.swiped >= cards) return "done";
  if (member.away) return "away";
  return member.online ? "here" : "offline";
}
