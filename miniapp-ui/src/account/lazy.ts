/** The account's sheet, fetched on demand. */
import { onDemand } from "../parts/onDemand";

export const AccountSheet = onDemand(() => import("./AccountSheet"), "part");
