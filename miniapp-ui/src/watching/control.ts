/** Who may control what is shown, by the rules of the room and on loan, and how that is said. Pure. */
import type { Words } from "../text/words";
import type { Screen } from "./types";

/** What decides about it. */
export interface Ruled {
  host: number;
  access: { control: "host" | "moderators" | "everyone" };
  members: readonly { id: number; name: string; role: "host" | "moderator" | "participant" }[];
  screen?: Pick<Screen, "lent_to"> | null;
}

/** Those who may, in an order that is the same on every phone; last who may only while nobody else is here. */
export function inControl(room: Ruled): number[] {
  const rank = { host: 0, moderator: 1, participant: 2 } as const;
  const allowed = { host: 0, moderators: 1, everyone: 2 }[room.access.control];
  const anyway = room.members
    .filter(({ role }) => rank[role] <= allowed)
    .sort((one, other) => rank[one.role] - rank[other.role] || one.id - other.id)
    .map(({ id }) => id);
  const borrower = borrowerOf(room);
  return borrower === null || anyway.includes(borrower) ? anyway : [...anyway, borrower];
}

/** Who may only while nobody is here who may anyway; null: nobody. */
export function borrowerOf({ members, screen }: Ruled): number | null {
  const lent = screen?.lent_to ?? null;
  return members.some(({ id }) => id === lent) ? lent : null;
}

/** Who decides what is on, in a line for this phone. */
export function whoControls(word: Words, me: number, room: Ruled): string {
  const { control } = room.access;
  const borrower = borrowerOf(room);
  if (borrower === null || control === "everyone") return word(`cinema-control-${control}`);
  const by = borrower === me ? "me" : "other";
  return word(`cinema-lent-${control}-${by}`, names(word, room, borrower));
}

/** What is to be said when somebody else has it on loan than before, or nobody; null: nothing. */
export function controlPassed(word: Words, me: number, before: number | null, room: Ruled): string | null {
  const { control } = room.access;
  const borrower = borrowerOf(room);
  if (borrower === before || !room.screen || control === "everyone") return null;
  if (borrower !== null) return whoControls(word, me, room);
  return word(`cinema-returned-${control}`, names(word, room, null));
}

function names(
  word: Words,
  { host, members }: Ruled,
  borrower: number | null,
): { name: string; host: string } {
  const name = (id: number | null) => members.find((one) => one.id === id)?.name ?? word("cinema-someone");
  return { name: name(borrower), host: name(host) };
}
