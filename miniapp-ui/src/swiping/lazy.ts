/** What swiping shows beside the cards, fetched on demand. */
import { onDemand } from "../parts/onDemand";

export const Details = onDemand(() => import("./Details"), "part");
export const Secrecy = onDemand(() => import("./Secrecy"), "part");
