/**
 * What two phones in a voice chat say to each other about their connection, as the `data` of an `rtc` signal.
 *
 * Promises: what comes from another phone passes only in this shape and within bounds; anything else is nothing.
 */

/** An offer or an answer, as browsers write it. */
export interface Description {
  type: "offer" | "answer";
  sdp: string;
}

/** A way to reach a phone, as browsers write it. */
export interface Candidate {
  candidate: string;
  sdpMid: string | null;
  sdpMLineIndex: number | null;
}

export interface RtcData {
  /** Which stay in the voice chat it is said from: a page that was loaded again has another. */
  session: string;
  /** Which stay of the other phone it is meant for; absent while that is not known. */
  for?: string;
  /** I am here. */
  hello?: true;
  /** I leave. */
  bye?: true;
  description?: Description;
  candidates?: Candidate[];
}

/** Candidates in one message; those beyond it are not taken. */
export const MOST_CANDIDATES = 64;
/** A session's name is no longer than this. */
const LONGEST_SESSION = 64;

export function readRtcData(data: unknown): RtcData | null {
  if (!isRecord(data) || !isSession(data.session)) return null;
  const read: RtcData = { session: data.session };
  if (data.for !== undefined) {
    if (!isSession(data.for)) return null;
    read.for = data.for;
  }
  if (data.hello === true) read.hello = true;
  if (data.bye === true) read.bye = true;
  const { description, candidates } = data;
  if (isDescription(description)) read.description = { type: description.type, sdp: description.sdp };
  if (Array.isArray(candidates)) read.candidates = candidates.filter(isCandidate).slice(0, MOST_CANDIDATES);
  return read;
}

function isSession(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= LONGEST_SESSION;
}

function isDescription(value: unknown): value is Description {
  return (
    isRecord(value) && (value.type === "offer" || value.type === "answer") && typeof value.sdp === "string"
  );
}

function isCandidate(value: unknown): value is Candidate {
  return (
    isRecord(value) &&
    typeof value.candidate === "string" &&
    (value.sdpMid === null || typeof value.sdpMid === "string") &&
    (value.sdpMLineIndex === null || typeof value.sdpMLineIndex === "number")
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
