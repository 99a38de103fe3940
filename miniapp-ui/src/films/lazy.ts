/** My films wherever they are shown, fetched on demand. */
import { onDemand } from "../parts/onDemand";

export const MarkButtons = onDemand(() => import("./MarkButtons"), "part");
export const FromMyFilms = onDemand(() => import("./FromMyFilms"), "part");
export const SaveButton = onDemand(() => import("./SaveButton"), "part");
export const LeaveOutSeen = onDemand(() => import("./LeaveOutSeen"), "part");
