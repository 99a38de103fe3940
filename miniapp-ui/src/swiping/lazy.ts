/** What swiping shows beside the cards, fetched on demand. */
import { onDemand } from "../parts/onDemand";

export const Ahead = onDemand(() => import("./Ahead"), "part");
export const Beside = onDemand(() => import("./Beside"), "part");
export const Details = onDemand(() => import("./Details"), "part");
export const RuleLine = onDemand(() => import("./RuleLine"), "part");
export const Signalled = onDemand(() => import("./Signalled"), "part");
export const Secrecy = onDemand(() => import("./Secrecy"), "part");
export const Through = onDemand(() => import("./Through"), "part");
