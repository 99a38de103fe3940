/** What a room keeps, fetched on demand. */
import { onDemand } from "../parts/onDemand";

export const HistorySheet = onDemand(() => import("./HistorySheet"), "part");
export const NeverSwitch = onDemand(() => import("./NeverSwitch"), "part");
