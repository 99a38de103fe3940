/** The sheet that decks are chosen in, fetched on demand. */
import { onDemand } from "../parts/onDemand";

export const DeckSheet = onDemand(() => import("./DeckSheet"), "part");
