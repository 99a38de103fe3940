/**
 * Who we are to the server. Telegram's launch data is exchanged for a session of our own: the access
 * token lives in memory, the refresh token in storage, so that a reload does not present the launch data again.
 *
 * There are two ways in: the launch data, which may lead into a room, and a refresh token that the same person's last launch left. A
 * reload of the same launch takes the token first, a new launch its data; whichever is refused, the other is tried before anybody is
 * turned away, because clients hand over launch data of yesterday.
 *
 * Promises: at most one renewal is under way at a time; a rotated refresh token is stored before anybody
 * sees the new access token. Must never: log or show a token, put one into an address, or let one person in as another who uses the
 * same phone.
 */
import type { Session as Tokens, User } from "../generated/wire";
import { type Keep, keptJson } from "../net/keep";
import { CLIENT_PATIENCE_MS } from "../net/ours";
import { patience } from "../net/patience";
import { Refused, Unreachable, readRefusal } from "../net/problem";

/** What Telegram told the page at launch, as far as signing in needs it. */
export interface LaunchIdentity {
  /** The signed string, exactly as it came. */
  initData: string;
  /** 0 where the launch does not say: nothing is kept then. */
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

/** How somebody came in. */
export interface SignedIn extends Tokens {
  /** By launch data, which has joined the room that it leads to; by a kept token, it has not. */
  by: "launch" | "token";
}

/** An access token is renewed when it has less than this to live (milliseconds). */
const MARGIN = 30_000;

export class Session {
  readonly #launch: LaunchIdentity;
  readonly #ports: SessionPorts;
  readonly #key: string;
  #access: { token: string; until: number } | null = null;
  #refresh: string | null = null;
  #renewing: Promise<SignedIn> | null = null;
  #user: User | null = null;

  #forgotten = false;

  /** Called once when the session is over and only a new launch from Telegram helps. */
  onEnded: (why: Refused) => void = () => undefined;

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

  /** Signs in. Rejects with the server's word on the launch data if that and what is kept are refused. */
  async start(): Promise<SignedIn> {
    const kept = this.#kept();
    if (kept === null) return this.#byLaunch(true);
    // A room that was left since the launch is not joined again by a reload.
    return kept.launch === this.#launch.hash
      ? this.#byTokenOrLaunch(kept.refresh)
      : this.#byLaunch(true).catch((refusal: unknown) => this.#insteadOf(refusal, kept.refresh));
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
    this.#forgotten = true;
  }

  #renew(): Promise<SignedIn> {
    this.#renewing ??= this.#renewOnce().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #renewOnce(): Promise<SignedIn> {
    // Another page of the same person may have rotated the token meanwhile; storage knows.
    const refresh = this.#kept()?.refresh ?? this.#refresh;
    try {
      if (this.#forgotten || refresh === null) throw new Refused(401, "refresh_invalid", "no refresh token");
      return await this.#byTokenOrLaunch(refresh);
    } catch (error) {
      if (isOver(error) && !this.#forgotten) {
        this.forget();
        this.onEnded(error);
      }
      throw error;
    }
  }

  /** By the kept token, and by the launch data if that is no good any more. */
  async #byTokenOrLaunch(refresh: string): Promise<SignedIn> {
    try {
      return await this.#byToken(refresh);
    } catch (error) {
      if (!isOver(error)) throw error;
      return this.#byLaunch(false);
    }
  }

  /** By the kept token, because the launch data was not taken. */
  async #insteadOf(refusal: unknown, refresh: string): Promise<SignedIn> {
    if (!(refusal instanceof Refused) || refusal.status >= 500) throw refusal;
    try {
      return await this.#byToken(refresh);
    } catch (error) {
      throw isOver(error) ? refusal : error;
    }
  }

  async #byLaunch(join: boolean): Promise<SignedIn> {
    const body = { init_data: this.#launch.initData, ...(join ? {} : { join }) };
    return { ...(await this.#obtain("/api/auth/telegram", body)), by: "launch" };
  }

  async #byToken(refresh: string): Promise<SignedIn> {
    try {
      return { ...(await this.#obtain("/api/auth/refresh", { refresh_token: refresh })), by: "token" };
    } catch (error) {
      if (isOver(error) && this.#kept()?.refresh === refresh) this.#ports.keep.remove(this.#key);
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
        signal: patience(CLIENT_PATIENCE_MS),
      });
    } catch (error) {
      throw new Unreachable(String(error));
    }
    if (!response.ok) throw await readRefusal(response);
    const tokens = (await response.json()) as Tokens;
    if (this.#launch.userId !== 0) {
      if (tokens.user.id !== this.#launch.userId) {
        throw new Refused(401, "refresh_invalid", "the token is somebody else's");
      }
      const stored: Stored = { refresh: tokens.refresh_token, launch: this.#launch.hash };
      this.#ports.keep.set(this.#key, JSON.stringify(stored));
    }
    this.#forgotten = false;
    this.#refresh = tokens.refresh_token;
    this.#access = { token: tokens.access_token, until: this.#ports.now() + tokens.expires_in * 1000 };
    this.#user = tokens.user;
    return tokens;
  }

  #kept(): Stored | null {
    if (this.#launch.userId === 0) return null;
    const value = keptJson(this.#ports.keep, this.#key) as Partial<Stored> | null;
    if (typeof value?.refresh !== "string" || typeof value.launch !== "string") return null;
    return { refresh: value.refresh, launch: value.launch };
  }
}

/** Whether the server said that this token or launch is no good, as opposed to being busy or away. */
function isOver(error: unknown): error is Refused {
  return error instanceof Refused && error.status === 401;
}
