/** Links of the bot that lead into a room's cinema, whether or not anything is on. */
import type { Launch } from "../telegram/launch";
import { roomCode } from "../telegram/roomCode";

/** What follows the room's code; `bot/src/links.rs` writes it. */
const CINEMA = "_watch";

const followed = new WeakSet<Launch>();

/** Whether a launch leads into this room's cinema. Once: who closes the cinema and comes to the room again is not sent there again. */
export function isSentTo(code: string, launch: Launch): boolean {
  const { startParam } = launch;
  const leads = startParam?.endsWith(CINEMA) === true && roomCode(startParam) === code;
  if (!leads || followed.has(launch)) return false;
  followed.add(launch);
  return true;
}
