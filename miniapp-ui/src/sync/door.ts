/**
 * Reads what comes over a connection: the one place where bytes become frames.
 *
 * Promises: a frame that passes has a known type and, in every field that is always there, what the contract says, as far as a
 * glance can tell. Anything else (a newer server's frame, a proxy's page) is passed over.
 */
import type { Frame } from "./frames";

/** What a glance tells of a value. */
type Glance<V> = V extends string ? "string" : V extends number ? "number" : "object";

/** The fields that each kind of frame always has, and never as `null`. */
type Fields = {
  [F in Frame as F["type"]]: {
    [
      K in keyof F as K extends "type"
        ? never
        : undefined extends F[K]
          ? never
          : null extends F[K]
            ? never
            : K
    ]: Glance<F[K]>;
  };
};

const [text, number, object] = ["string", "number", "object"] as const;

/** A field that the contract gains or loses, or whose kind changes, does not compile here. */
const FIELDS: Fields = {
  hello: { now: number },
  opened: { room: text, epoch: number, seq: number },
  event: { room: text, seq: number, at: text, event: object },
  ack: { id: number, room: text, seq: number },
  refused: { code: text, message: text },
  presence: { room: text },
  message: { room: text, message: object },
  messages_gap: { room: text, from: number },
  read: { room: text, member: number, number },
  signal: { room: text, from: number, signal: object },
  unread: { room: text, messages: object },
  closed: { room: text, code: text },
  clock: { id: number, now: number },
  time: { now: number, rooms: object },
  state: { room: text, state: object },
  done: { id: number, room: text },
};

/** The frame in what came: a socket brings text, a connection by HTTP what it has read already. */
export function frameIn(data: unknown): Frame | null {
  try {
    const frame: unknown = typeof data === "string" ? JSON.parse(data) : data;
    return isFrame(frame) ? frame : null;
  } catch {
    return null;
  }
}

function isFrame(value: unknown): value is Frame {
  if (!isRecord(value)) return false;
  const fields = Object.entries(FIELDS).find(([type]) => type === value.type)?.[1];
  return (
    fields !== undefined &&
    Object.entries(fields).every(([name, kind]) => value[name] !== null && typeof value[name] === kind)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
