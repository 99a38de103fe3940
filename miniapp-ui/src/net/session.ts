/**
 * Who we are to the server. Telegram's launch data is exchanged once for a session of our own: the access
 * token lives in memory, the refresh token in storage, so that a reload does not present the launch data again.
 *
 * Promises: at most one renewal is under way at a time; a rotated refresh token is stored before anybody
 * sees the new access token. Must never: log or show a token, or put one into an address.
 */
import type { Session as Tokens, User } from "../generated/wire";
import { type Keep, keptJson } from "./keep";
import { Refused, Unreachable, readRefusal } from "./problem";

/** What Telegram told the page at launch, as far as signing in needs it. */
export interface LaunchIdentity {
  /** The signed string, exactly as it came. */
  initData: string;
  userId: number;
  /** Tells one launch from another without keeping the secret itself. */
  hash: string;
}

/** What signing in outside of a test needs. */
export interface SessionPorts {
  fetch: (path: string, init: RequestInit) => Promise<Response>;
  keep: Keep;
  now: () => number;
}

interface Stored {
  refresh: string;
  launch: string;
}

/** An access token is renewed when it has less than this to live (milliseconds). */
const MARGIN = 30_000;
const PATIENCE = 12_000;

export class Session {
  readonly #launch: LaunchIdentity;
  readonly #ports: SessionPorts;
  readonly #key: string;
  #access: { token: string; until: number } | null = null;
  #refresh: string | null = null;
  #renewing: Promise<Tokens> | null = null;
  #user: User | null = null;

  /** Called once when the session is over and only a new launch from Telegram helps. */
  onEnded: () => void = () => undefined;

  constructor(launch: LaunchIdentity, ports: SessionPorts) {
    this.#launch = launch;
    this.#ports = ports;
    this.#key = `sovpalo.session.${launch.userId}`;
  }

  get user(): User {
    if (this.#user === null) throw new Error("not signed in yet");
    return this.#user;
  }

  set user(user: User) {
    this.#user = user;
  }

  /** Signs in: with what is kept if this is a reload of the same launch, else with the launch data. */
  async start(): Promise<Tokens> {
    const kept = this.#kept();
    if (kept?.launch === this.#launch.hash) {
      try {
        return await this.#obtain("/api/auth/refresh", { refresh_token: kept.refresh });
      } catch (error) {
        if (!isOver(error)) throw error;
      }
    }
    return this.#obtain("/api/auth/telegram", { init_data: this.#launch.initData });
  }

  /** An access token that is good for a while yet. */
  async token(): Promise<string> {
    const access = this.#access;
    if (access !== null && access.until - this.#ports.now() > MARGIN) return access.token;
    return (await this.#renew()).access_token;
  }

  /** A token other than the one that the server has just refused. */
  async tokenAfter(refused: string): Promise<string> {
    const access = this.#access;
    if (access !== null && access.token !== refused) return access.token;
    return (await this.#renew()).access_token;
  }

  /** Nothing of this session stays on the phone. */
  forget(): void {
    this.#ports.keep.remove(this.#key);
    this.#access = null;
    this.#refresh = null;
  }

  #renew(): Promise<Tokens> {
    this.#renewing ??= this.#renewOnce().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #renewOnce(): Promise<Tokens> {
    // Another page of the same person may have rotated the token meanwhile; storage knows.
    const refresh = this.#kept()?.refresh ?? this.#refresh;
    try {
      if (refresh === null) throw new Refused(401, "refresh_invalid", "no refresh token");
      return await this.#obtain("/api/auth/refresh", { refresh_token: refresh });
    } catch (error) {
      if (isOver(error)) {
        this.forget();
        this.onEnded();
      }
      throw error;
    }
  }

  async #obtain(path: string, body: object): Promise<Tokens> {
    let response: Response;
    try {
      response = await this.#ports.fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE),
      });
    } catch (error) {
      throw new Unreachable(String(error));
    }
    if (!response.ok) throw await readRefusal(response);
    const tokens = (await response.json()) as Tokens;
    const stored: Stored = { refresh: tokens.refresh_token, launch: this.#launch.hash };
    this.#ports.keep.set(this.#key, JSON.stringify(stored));
    this.#refresh = tokens.refresh_token;
    this.#access = { token: tokens.access_token, until: this.#ports.now() + tokens.expires_in * 1000 };
    this.#user = tokens.user;
    return tokens;
  }

  #kept(): Stored | null {
    const value = keptJson(this.#ports.keep, this.#key) as Partial<Stored> | null;
    if (typeof value?.refresh !== "string" || typeof value.launch !== "string") return null;
    return { refresh: value.refresh, launch: value.launch };
  }
}

/** Whether the server said that this token or launch is no good, as opposed to being busy or away. */
function isOver(error: unknown): boolean {
  return error instanceof Refused && error.status === 401;
}
