/** The HTTP side of the contract, one method for each call the screens make. */
import type {
  AccessChange,
  Command,
  Deck,
  DeckChoice,
  Goal,
  HistoryPage,
  IceServers,
  MePatch,
  NeverDealt,
  Outcome,
  PersonalStats,
  PreparedMessage,
  Preview,
  Room,
  RoomSummary,
  Rule,
  SignedIn,
  Surprise,
  Title,
  TitleDetails,
  TitleFilter,
  TitleList,
  RoomMark,
  RoomMarkChange,
  TitlePage,
  Upcoming,
  Updates,
  User,
} from "../generated/wire";
import { CLIENT_ATTEMPTS, CLIENT_PATIENCE_MS } from "./ours";
import type { Page, PageQuery } from "../sync/timeline";
import { backoff } from "./backoff";
import { patience } from "./patience";
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
  deck?: DeckChoice;
  access?: AccessChange;
}

/** What to look for in the catalogue. */
export type TitleSearch = TitleFilter & { q: string; limit?: number; cursor?: string };

/** Which of a phone's connections a command belongs to: the server does none of an older one's. */
export interface Connection {
  device: string;
  connection: string;
}

/** Where a phone that asks by HTTP stands, and how many seconds it waits for news. */
export interface Question extends Connection {
  epoch?: number;
  seq?: number;
  change?: number;
  wait?: number;
  presence?: string;
}

/**
 * What a server has not done by then, in ms, it does no more: a person who has seen it fail may do something else. Earlier than
 * the patience ends, since clocks differ.
 */
const DONE_WITHIN = 8_000;

/** What else a call says. */
interface Manner {
  signal?: AbortSignal | undefined;
  /** The same in every attempt at one thing: it is done once. */
  key?: string;
  /** So long its answer is waited for, in ms, if that is longer than others'. */
  within?: number;
}

const pauseFor = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds);
  });

export class Api {
  readonly #tokens: TokenSource;
  readonly #fetch: Fetch;
  readonly #now: () => number;
  readonly #pause: (milliseconds: number) => Promise<void>;
  /** The room that was asked for last, and whose making nobody has confirmed. */
  #unconfirmed: { choices: string; key: string } | null = null;
  /** By how many ms the servers' clock is ahead of this one, once one has said what time it is. */
  #ahead: number | undefined;

  constructor(tokens: TokenSource, fetch: Fetch, now: () => number = Date.now, pause = pauseFor) {
    this.#tokens = tokens;
    this.#fetch = fetch;
    this.#now = now;
    this.#pause = pause;
  }

  rooms(): Promise<RoomSummary[]> {
    return this.#call("GET", "/api/rooms");
  }

  /** Makes one room, also where the answer is lost: neither another attempt nor another tap makes a second one. */
  async createRoom(choices: NewRoom): Promise<Room> {
    const wanted = JSON.stringify(choices);
    if (this.#unconfirmed?.choices !== wanted) this.#unconfirmed = { choices: wanted, key: newKey() };
    const { key } = this.#unconfirmed;
    try {
      const room = await this.#untilAnswered(() => this.#call<Room>("POST", "/api/rooms", choices, { key }));
      this.#unconfirmed = null;
      return room;
    } catch (error) {
      // A clear no is an answer, too; after anything else the room may be there.
      if (error instanceof Refused && error.status < 500) this.#unconfirmed = null;
      throw error;
    }
  }

  /** The room for a member, a preview for anybody else: {@link isRoom} tells which. */
  room(code: string): Promise<Room | Preview> {
    return this.#call("GET", `/api/rooms/${encodeURIComponent(code)}`);
  }

  /** `password`: what a room that has one asks of those who are no members. */
  join(code: string, password?: string): Promise<Room> {
    const body = password === undefined ? undefined : { password };
    return this.#soon(`/api/rooms/${encodeURIComponent(code)}/join`, body);
  }

  /** The rooms that anybody can find, fullest first, but for the first ones. */
  publicRooms(q: string, skip: number, limit: number): Promise<RoomSummary[]> {
    const query = new URLSearchParams({ q, skip: String(skip), limit: String(limit) });
    return this.#call("GET", `/api/rooms/public?${query.toString()}`);
  }

  /** Says what is wrong with a room. */
  report(code: string, reason: string): Promise<void> {
    return this.#call("POST", `/api/rooms/${encodeURIComponent(code)}/report`, { reason });
  }

  /** Has the bot prepare a message about a match, for this person to send; its id for Telegram. */
  async shareMatch(code: string, match: number): Promise<string> {
    const path = `/api/rooms/${encodeURIComponent(code)}/share`;
    return (await this.#call<PreparedMessage>("POST", path, { match })).id;
  }

  /** My next cards in advance. */
  upcoming(code: string): Promise<Upcoming> {
    return this.#call("GET", `/api/rooms/${encodeURIComponent(code)}/queue`);
  }

  command(code: string, command: Command, connection?: Connection, signal?: AbortSignal): Promise<Outcome> {
    const query = connection === undefined ? undefined : { ...connection };
    return this.#soon(`/api/rooms/${encodeURIComponent(code)}/commands`, command, query, signal);
  }

  /** What happened since, as soon as something does; null if nothing did for so long. */
  async updates(code: string, question: Question, signal?: AbortSignal): Promise<Updates | null> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(question)) query.set(name, String(value));
    const path = `/api/rooms/${encodeURIComponent(code)}/updates?${query.toString()}`;
    const within = CLIENT_PATIENCE_MS + (question.wait ?? 0) * 1000;
    return (await this.#call<Updates | undefined>("GET", path, undefined, { signal, within })) ?? null;
  }

  /** A page of what was said. */
  messages(code: string, page: PageQuery): Promise<Page> {
    const query = new URLSearchParams();
    const { changedSince, ...others } = page;
    for (const [name, value] of Object.entries({ ...others, changed_since: changedSince })) {
      if (value !== undefined) query.set(name, String(value));
    }
    return this.#call("GET", `/api/rooms/${encodeURIComponent(code)}/messages?${query.toString()}`);
  }

  /** What matched in a room, the newest first; before the match of this number, if one is named. */
  history(code: string, before?: number): Promise<HistoryPage> {
    const query = before === undefined ? "" : `?before=${before}`;
    return this.#call("GET", `/api/rooms/${encodeURIComponent(code)}/history${query}`);
  }

  /** Says what is thought of a title of a room. */
  markTitle(code: string, change: RoomMarkChange): Promise<RoomMark> {
    return this.#call("PUT", `/api/rooms/${encodeURIComponent(code)}/history`, change);
  }

  /** The titles that are never dealt in a room. */
  neverDealt(code: string): Promise<NeverDealt> {
    return this.#call("GET", `/api/rooms/${encodeURIComponent(code)}/never`);
  }

  /** Servers that help phones to reach each other in a room's voice chat. */
  ice(code: string): Promise<IceServers> {
    return this.#call("GET", `/api/rooms/${encodeURIComponent(code)}/ice`);
  }

  decks(): Promise<Deck[]> {
    return this.#call("GET", "/api/decks");
  }

  deck(id: string): Promise<Deck> {
    return this.#call("GET", `/api/decks/${encodeURIComponent(id)}`);
  }

  /** A deck by chance: another seed (32 bits) is another one. */
  surprise(seed: number): Promise<Surprise> {
    return this.#call("GET", `/api/decks/surprise?seed=${seed}`);
  }

  me(): Promise<User> {
    return this.#call("GET", "/api/me");
  }

  changeMe(change: MePatch): Promise<User> {
    return this.#call("PATCH", "/api/me", change);
  }

  /** What I have done with others, and what I have earned by it. */
  stats(): Promise<PersonalStats> {
    return this.#call("GET", "/api/me/stats");
  }

  /** Where I am signed in. */
  sessions(): Promise<SignedIn[]> {
    return this.#call("GET", "/api/me/sessions");
  }

  /** Signs out of one session, or of all but this one. */
  endSessions(id = ""): Promise<void> {
    return this.#untilAnswered(() => this.#call("DELETE", `/api/me/sessions${id && `/${id}`}`));
  }

  /** Everything personal, for good. */
  async eraseMe(): Promise<void> {
    let unanswered = false;
    await this.#untilAnswered(async () => {
      try {
        await this.#call<undefined>("DELETE", "/api/me");
      } catch (error) {
        // Whoever is not known any more has been erased by what was not answered.
        if (unanswered && error instanceof Refused && error.status === 401) return;
        unanswered = true;
        throw error;
      }
    });
  }

  titles(search: TitleSearch, signal?: AbortSignal): Promise<TitlePage> {
    const query = new URLSearchParams({ limit: "20" });
    for (const [name, value] of Object.entries(search)) query.set(name, String(value));
    return this.#call("GET", `/api/titles?${query.toString()}`, undefined, { signal });
  }

  /** A call that only one part of the app makes; see there for what it is. A file goes as it is. */
  ask<T>(method: string, path: string, body?: object, within?: number): Promise<T> {
    return this.#call(method, path, body, within === undefined ? {} : { within });
  }

  /** All that is known of a title. */
  titleDetails(id: string): Promise<TitleDetails> {
    return this.#call("GET", `/api/titles/${encodeURIComponent(id)}`);
  }

  /** Asks again, a few times, for what may be asked for twice. */
  async #untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof Unreachable) || attempt >= CLIENT_ATTEMPTS) throw error;
        await this.#pause(backoff(attempt - 1, Math.random()));
      }
    }
  }

  /** What the lines of a pasted list name. */
  readList(lines: string[]): Promise<TitleList> {
    return this.#call("POST", "/api/titles/list", { lines });
  }

  /** Asks for something to be done now or never. */
  #soon<T>(path: string, body?: object, also?: Record<string, string>, signal?: AbortSignal): Promise<T> {
    const query = new URLSearchParams(also);
    if (this.#ahead !== undefined)
      query.set("until", String(Math.round(this.#now() + this.#ahead + DONE_WITHIN)));
    return this.#call("POST", query.toString() === "" ? path : `${path}?${query.toString()}`, body, {
      signal,
    });
  }

  async #call<T>(method: string, path: string, body?: object, manner: Manner = {}): Promise<T> {
    const token = await this.#tokens.token();
    const first = await this.#send(token, method, path, body, manner);
    // Revoked or expired under way: renewed once, and the second answer counts.
    const response =
      first.status === 401
        ? await this.#send(await this.#tokens.tokenAfter(token), method, path, body, manner)
        : first;
    if (!response.ok) throw await readRefusal(response);
    if (response.status === 204) return undefined as T;
    return (await response.json()) as T;
  }

  async #send(token: string, method: string, path: string, body: object | undefined, manner: Manner) {
    const { signal, key, within = CLIENT_PATIENCE_MS } = manner;
    const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
    if (key !== undefined) headers["Idempotency-Key"] = key;
    // What was kept from an earlier answer would tell an earlier time.
    const init: RequestInit = { method, headers, cache: "no-store" };
    if (body !== undefined) {
      const isFile = body instanceof Blob;
      if (!isFile) headers["Content-Type"] = "application/json";
      init.body = isFile ? body : JSON.stringify(body);
    }
    init.signal = patience(within, signal);
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

/** Nobody else's, and never used before. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
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

/** Whether it is such a title. */
export function isUnanswered(title: Title): boolean {
  return title.id.startsWith("typed:");
}

export { Refused, Unreachable };
