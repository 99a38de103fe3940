/**
 * What can go wrong between the phone and the server, as two errors that a screen can tell apart:
 * the server said no ({@link Refused}), or nobody answered ({@link Unreachable}).
 */
import type { Problem } from "../generated/wire";

/** The server answered, and the answer is no. `code` is the contract's stable code. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly status: number;
  readonly code: string;
  /** Seconds after which trying again makes sense, if the server said so. */
  readonly retryAfter: number | null;

  constructor(status: number, code: string, detail: string, retryAfter: number | null = null) {
    super(detail);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** Nobody answered: no network, a server that is away, or silence for too long. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** The refusal in an answer. An answer that is no problem document (a proxy's page) keeps its status. */
export async function readRefusal(response: Response): Promise<Refused | Unreachable> {
  const retry = Number(response.headers.get("Retry-After") ?? "");
  const retryAfter = Number.isFinite(retry) && retry > 0 ? retry : null;
  try {
    const problem = (await response.json()) as Partial<Problem>;
    if (typeof problem.code === "string") {
      return new Refused(response.status, problem.code, problem.detail ?? problem.title ?? "", retryAfter);
    }
  } catch {
    // Not JSON: judged by its status below.
  }
  if (response.status >= 502 && response.status <= 504) return new Unreachable(`gateway ${response.status}`);
  return new Refused(response.status, "unknown", response.statusText, retryAfter);
}
