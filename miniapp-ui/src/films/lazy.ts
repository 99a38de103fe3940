/** My films wherever they are shown, fetched on demand. */
import { onDemand } from "../parts/onDemand";

const parts = () => import("./parts");

export const MarkButtons = onDemand(async () => ({ default: (await parts()).MarkButtons }), "part");
export const FromMyFilms = onDemand(async () => ({ default: (await parts()).FromMyFilms }), "part");
export const LeaveOutSeen = onDemand(async () => ({ default: (await parts()).LeaveOutSeen }), "part");
export const MyFilms = onDemand(async () => ({ default: (await parts()).MyFilms }), "part");
export const SaveButton = onDemand(async () => ({ default: (await parts()).SaveButton }), "part");
