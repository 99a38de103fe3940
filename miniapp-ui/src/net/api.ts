/** The HTTP side of the contract, one method for each call the screens make. */
import type {
  Command,
  Deck,
  Goal,
  Preview,
  Room,
  RoomSummary,
  Rule,
  Title,
  TitlePage,
  User,
} from "../generated/wire";
import { Refused, Unreachable, readRefusal } from "./problem";

/** Where access tokens come from. */
export interface TokenSource {
  token(): Promise<string>;
  tokenAfter(refused: string): Promise<string>;
}

export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** What a host may choose when a room is made. */
export interface NewRoom {
  name?: string;
  rule?: Rule;
  goal?: Goal;
  picks_per_member?: number;
  deck?: string;
}

/** What to look for in the catalogue. */
export interface TitleSearch {
  q: string;
  kind?: "film" | "series";
  genre?: string;
  fromYear?: number;
  toYear?: number;
  maxRuntime?: number;
  cursor?: string;
}

/** So long an answer is waited for, in ms. */
const PATIENCE = 12_000;

/**
 * What a server has not done by then, in ms, it does no more: a person who has seen it fail may do something else. Earlier than
 * the patience ends, since clocks differ.
 */
const DONE_WITHIN = 8_000;

export class Api {
  readonly #tokens: TokenSource;
  readonly #fetch: Fetch;
  readonly #now: () => number;
  /** By how many ms the servers' clock is ahead of this one, once one has said what time it is. */
  #ahead: number | undefined;

  constructor(tokens: TokenSource, fetch: Fetch, now: () => number = Date.now) {
    this.#tokens = tokens;
    this.#fetch = fetch;
    this.#now = now;
  }

  rooms(): Promise<RoomSummary[]> {
    return this.#call("GET", "/api/rooms");
  }

  createRoom(choices: NewRoom): Promise<Room> {
    return this.#call("POST", "/api/rooms", choices);
  }

  /** The room for a member, a preview for anybody else: {@link isRoom} tells which. */
  room(code: string): Promise<Room | Preview> {
    return this.#call("GET", `/api/rooms/${encodeURIComponent(code)}`);
  }

  join(code: string): Promise<Room> {
    return this.#soon(`/api/rooms/${encodeURIComponent(code)}/join`);
  }

  command(code: string, command: Command): Promise<{ seq: number; room?: Room | null }> {
    return this.#soon(`/api/rooms/${encodeURIComponent(code)}/commands`, command);
  }

  decks(): Promise<Deck[]> {
    return this.#call("GET", "/api/decks");
  }

  deck(id: string): Promise<Deck> {
    return this.#call("GET", `/api/decks/${encodeURIComponent(id)}`);
  }

  changeMe(change: { language?: string; notifications?: boolean }): Promise<User> {
    return this.#call("PATCH", "/api/me", change);
  }

  /** Everything personal, for good. */
  eraseMe(): Promise<void> {
    return this.#call("DELETE", "/api/me");
  }

  titles(search: TitleSearch, signal?: AbortSignal): Promise<TitlePage> {
    const query = new URLSearchParams({ q: search.q, limit: "20" });
    const set = (name: string, value: string | number | undefined) => {
      if (value !== undefined) query.set(name, String(value));
    };
    set("kind", search.kind);
    set("genre", search.genre);
    set("from_year", search.fromYear);
    set("to_year", search.toYear);
    set("max_runtime", search.maxRuntime);
    set("cursor", search.cursor);
    return this.#call("GET", `/api/titles?${query.toString()}`, undefined, signal);
  }

  /** Asks for something to be done now or never. */
  #soon<T>(path: string, body?: object): Promise<T> {
    const until = this.#ahead === undefined ? undefined : this.#now() + this.#ahead + DONE_WITHIN;
    return this.#call("POST", until === undefined ? path : `${path}?until=${Math.round(until)}`, body);
  }

  async #call<T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T> {
    const token = await this.#tokens.token();
    const first = await this.#send(token, method, path, body, signal);
    // Revoked or expired under way: renewed once, and the second answer counts.
    const response =
      first.status === 401
        ? await this.#send(await this.#tokens.tokenAfter(token), method, path, body, signal)
        : first;
    if (!response.ok) throw await readRefusal(response);
    if (response.status === 204) return undefined as T;
    return (await response.json()) as T;
  }

  async #send(token: string, method: string, path: string, body?: object, signal?: AbortSignal) {
    const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
    // What was kept from an earlier answer would tell an earlier time.
    const init: RequestInit = { method, headers, cache: "no-store" };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(body);
    }
    const timeout = AbortSignal.timeout(PATIENCE);
    init.signal = signal ? AbortSignal.any([signal, timeout]) : timeout;
    try {
      const response = await this.#fetch(path, init);
      const said = Date.parse(response.headers.get("date") ?? "");
      if (!Number.isNaN(said)) this.#ahead = said - this.#now();
      return response;
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw new Unreachable(String(error));
    }
  }
}

/** Whether the answer is the room itself, which only members get. */
export function isRoom(answer: Room | Preview): answer is Room {
  return "epoch" in answer;
}

/** A title that only this phone knows so far, for a name typed by hand. */
export function typedTitle(text: string): Title {
  return {
    id: `typed:${text.toLocaleLowerCase()}`,
    kind: "text",
    name: text,
    original_name: null,
    year: null,
    runtime_min: null,
    genres: [],
    rating: null,
    overview: null,
    poster: null,
    countries: [],
  };
}

export { Refused, Unreachable };
