/** The room's menu, fetched on demand. */
import { onDemand } from "../parts/onDemand";

export const RoomMenu = onDemand(() => import("./RoomMenu"), "part");
