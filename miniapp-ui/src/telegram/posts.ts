/** Asking something of Telegram's client, for what is loaded on demand: never below the version that knows it, and never with an error. */
import { type Method, supports } from "./bridge";
import type { Telegram } from "./client";

/** Whom it is asked of. */
export type Client = Pick<Telegram, "launch" | "present">;

/** Whether the client has the method, by its version. */
export function has({ launch, present }: Client, method: Method): boolean {
  // Some clients say a third number.
  const version = /^\d{1,4}\.\d{1,4}/.exec(launch.version)?.[0];
  return present && version !== undefined && supports(method, version);
}

/** Whether the client has at least been told. */
export function posts(client: Client, method: Method, post: () => void): boolean {
  if (!has(client, method)) return false;
  try {
    post();
    return true;
  } catch {
    // A client that lacks what its version promises.
    return false;
  }
}
