import { describe, expect, it } from "vitest";

import type { Session as Tokens } from "../generated/wire";
import { Api } from "../net/api";
import { inMemory } from "../net/keep";
import { Refused, Unreachable } from "../net/problem";
import { Session } from "./session";

/** A server that gives numbered tokens, takes each refresh token once, and remembers what it was asked. */
function fakeAuth() {
  const asked: { path: string; body: unknown; token: string | null; key: string | null }[] = [];
  const good = new Set<string>();
  let issued = 0;
  const state = {
    offline: false,
    /** Requests arrive, and the answers to so many of them are lost. */
    deaf: 0,
    user: 1001,
    refuse: new Map<string, Response>(),
    revoked: new Set<string>(),
  };
  const problem = (status: number, code: string) =>
    new Response(JSON.stringify({ code, status, title: code, detail: code }), {
      status,
      headers: { "Content-Type": "application/problem+json" },
    });
  const fetch = async (path: string, init: RequestInit): Promise<Response> => {
    await Promise.resolve();
    if (state.offline) throw new TypeError("Failed to fetch");
    const body = typeof init.body === "string" ? (JSON.parse(init.body) as Record<string, string>) : null;
    const token = new Headers(init.headers).get("Authorization");
    asked.push({ path, body, token, key: new Headers(init.headers).get("Idempotency-Key") });
    if (state.deaf > 0) {
      state.deaf -= 1;
      throw new TypeError("Failed to fetch");
    }
    const refusal = state.refuse.get(path);
    if (refusal) return refusal.clone();
    if (path === "/api/auth/refresh" && !good.delete(body?.refresh_token ?? "")) {
      return problem(401, "refresh_invalid");
    }
    if (path.startsWith("/api/auth/")) {
      issued += 1;
      good.add(`refresh-${issued}`);
      const tokens = {
        access_token: `access-${issued}`,
        expires_in: 900,
        refresh_token: `refresh-${issued}`,
        user: { id: state.user, language: "ru" },
        room: null,
      } as Tokens;
      return Response.json(tokens);
    }
    return state.revoked.has(token ?? "") ? problem(401, "unauthenticated") : Response.json([]);
  };
  return { asked, good, state, fetch, problem };
}

function signedIn(auth = fakeAuth(), keep = inMemory(), hash = "launch-1", userId = 1001) {
  let now = 1_000_000;
  const session = new Session(
    { initData: "user=1&hash=1", userId, hash },
    { fetch: auth.fetch, keep, now: () => now },
  );
  return {
    auth,
    keep,
    session,
    later: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

const paths = (auth: ReturnType<typeof fakeAuth>) => auth.asked.map((one) => one.path);

describe("a session", () => {
  it("exchanges the launch data once, and a reload of the same launch uses the refresh token", async () => {
    const first = signedIn();
    await first.session.start();
    await signedIn(first.auth, first.keep).session.start();
    expect(paths(first.auth)).toEqual(["/api/auth/telegram", "/api/auth/refresh"]);
  });

  it("exchanges the data of a new launch, because it may lead into another room", async () => {
    const first = signedIn();
    await first.session.start();
    await signedIn(first.auth, first.keep, "launch-2").session.start();
    expect(paths(first.auth)).toEqual(["/api/auth/telegram", "/api/auth/telegram"]);
  });

  it("falls back to the launch data when the refresh token is spent, and joins nothing again", async () => {
    const first = signedIn();
    await first.session.start();
    first.auth.good.clear();
    await signedIn(first.auth, first.keep).session.start();
    expect(paths(first.auth)).toEqual(["/api/auth/telegram", "/api/auth/refresh", "/api/auth/telegram"]);
    expect(first.auth.asked.map((one) => (one.body as { join?: boolean }).join)).toEqual([
      undefined,
      undefined,
      false,
    ]);
  });

  it("of the same person lets them in whose launch data is refused, for whatever reason", async () => {
    const refusals: [number, string][] = [
      [401, "init_data_expired"],
      [401, "init_data_spent"],
      [401, "clock_differs"],
      [401, "init_data_invalid"],
      [429, "too_many"],
    ];
    for (const [status, code] of refusals) {
      const first = signedIn();
      expect(await first.session.start()).toMatchObject({ by: "launch" });
      first.auth.state.refuse.set("/api/auth/telegram", first.auth.problem(status, code));
      const later = signedIn(first.auth, first.keep, "launch-2");
      expect(await later.session.start(), code).toMatchObject({ by: "token", access_token: "access-2" });
      const reloaded = signedIn(first.auth, first.keep, "launch-2");
      expect(await reloaded.session.start(), `${code}, reloaded`).toMatchObject({ by: "token" });
    }
  });

  it("says what is wrong with the launch data when what is kept is no good either", async () => {
    for (const hash of ["launch-1", "launch-2"]) {
      const first = signedIn();
      await first.session.start();
      first.auth.good.clear();
      first.auth.state.refuse.set("/api/auth/telegram", first.auth.problem(401, "init_data_expired"));
      const later = signedIn(first.auth, first.keep, hash);
      await expect(later.session.start(), hash).rejects.toMatchObject({ code: "init_data_expired" });
      expect(first.keep.keys(""), "a token that is no good is not tried again").toEqual([]);
    }
  });

  it("waits for a network that is away instead of spending what is kept", async () => {
    const first = signedIn();
    await first.session.start();
    first.auth.state.offline = true;
    const later = signedIn(first.auth, first.keep, "launch-2");
    await expect(later.session.start()).rejects.toBeInstanceOf(Unreachable);
    expect(first.keep.keys("")).toHaveLength(1);
  });

  it("of another person on the same phone is never used", async () => {
    const first = signedIn();
    await first.session.start();
    const { auth, keep } = first;
    auth.state.refuse.set("/api/auth/telegram", auth.problem(401, "init_data_expired"));
    for (const other of [1002, 0]) {
      const stranger = signedIn(auth, keep, "launch-2", other);
      await expect(stranger.session.start()).rejects.toMatchObject({ code: "init_data_expired" });
    }
    expect(paths(auth)).not.toContain("/api/auth/refresh");
    // A token that got under the wrong name is no good either.
    keep.set("sovpalo.session.1002", keep.get("sovpalo.session.1001") ?? "");
    const mistaken = signedIn(auth, keep, "launch-2", 1002);
    await expect(mistaken.session.start()).rejects.toMatchObject({ code: "init_data_expired" });
    expect(keep.keys("sovpalo.session.1002")).toEqual([]);
  });

  it("of nobody in particular leaves nothing behind", async () => {
    const { session, keep } = signedIn(fakeAuth(), inMemory(), "launch-1", 0);
    await session.start();
    expect(keep.keys("")).toEqual([]);
    await session.tokenAfter("access-1");
  });

  it("keeps the access token out of storage, and the launch data too", async () => {
    const { session, keep } = signedIn();
    await session.start();
    const kept = keep
      .keys("")
      .map((key) => keep.get(key))
      .join();
    expect(kept).not.toContain("access-");
    expect(kept).not.toContain("user=1");
  });

  it("renews once for all who ask at the same time", async () => {
    const { session, auth, later } = signedIn();
    await session.start();
    later(899_000);
    const tokens = await Promise.all([session.token(), session.token(), session.tokenAfter("access-1")]);
    expect(tokens).toEqual(["access-2", "access-2", "access-2"]);
    expect(paths(auth).filter((path) => path.endsWith("refresh"))).toHaveLength(1);
  });

  it("does not renew a token that has been replaced already", async () => {
    const { session, auth } = signedIn();
    await session.start();
    await session.tokenAfter("access-1");
    expect(await session.tokenAfter("access-1")).toBe("access-2");
    expect(paths(auth)).toHaveLength(2);
  });

  it("that was revoked is opened again by the launch data, without joining again", async () => {
    const { session, auth } = signedIn();
    await session.start();
    auth.good.clear();
    expect(await session.tokenAfter("access-1")).toBe("access-2");
    expect(auth.asked.at(-1)).toMatchObject({ path: "/api/auth/telegram", body: { join: false } });
  });

  it("ends when it was signed out, and says so once", async () => {
    const { session, auth, keep } = signedIn();
    await session.start();
    auth.good.clear();
    auth.state.refuse.set("/api/auth/telegram", auth.problem(401, "init_data_spent"));
    const ended: string[] = [];
    session.onEnded = ({ code }) => {
      ended.push(code);
    };
    await expect(session.tokenAfter("access-1")).rejects.toMatchObject({ code: "init_data_spent" });
    await expect(session.token()).rejects.toMatchObject({ code: "refresh_invalid" });
    expect(ended).toEqual(["init_data_spent"]);
    expect(keep.keys("sovpalo.session")).toEqual([]);
  });

  it("that ended goes on when somebody tries again and is let in", async () => {
    const { session, auth } = signedIn();
    await session.start();
    auth.good.clear();
    auth.state.refuse.set("/api/auth/telegram", auth.problem(401, "clock_differs"));
    await expect(session.tokenAfter("access-1")).rejects.toMatchObject({ code: "clock_differs" });
    auth.state.refuse.clear();
    expect((await session.start()).access_token).toBe("access-2");
    expect(await session.tokenAfter("access-2")).toBe("access-3");
  });

  it("that is forgotten leaves nothing on the phone", async () => {
    const { session, keep } = signedIn();
    await session.start();
    session.forget();
    expect(keep.keys("")).toEqual([]);
    await expect(session.token()).rejects.toMatchObject({ code: "refresh_invalid" });
  });

  it("does not end because the network is away", async () => {
    const { session, auth } = signedIn();
    await session.start();
    auth.state.offline = true;
    session.onEnded = () => {
      throw new Error("offline is not the end");
    };
    await expect(session.tokenAfter("access-1")).rejects.toBeInstanceOf(Unreachable);
    auth.state.offline = false;
    expect(await session.tokenAfter("access-1")).toBe("access-2");
  });
});

describe("a call", () => {
  it("refused for its token is said again once with a new one", async () => {
    const { session, auth } = signedIn();
    await session.start();
    auth.state.revoked.add("Bearer access-1");
    await new Api(session, auth.fetch).rooms();
    expect(auth.asked.filter((one) => one.path === "/api/rooms").map((one) => one.token)).toEqual([
      "Bearer access-1",
      "Bearer access-2",
    ]);
  });

  it("says by when it means it, by the servers' clock", async () => {
    const { session, auth } = signedIn();
    await session.start();
    const wrong = Date.UTC(2020, 0, 1);
    const api = new Api(session, auth.fetch, () => wrong);
    const last = () => new URL(auth.asked.at(-1)?.path ?? "", "https://host").searchParams.get("until");
    await api.join("ABC");
    expect(last(), "nobody has said what time it is").toBeNull();
    const right = Date.UTC(2026, 10, 26, 20, 0, 0);
    const answer = Response.json([], { headers: { Date: new Date(right).toUTCString() } });
    auth.state.refuse.set("/api/rooms", answer);
    await api.rooms();
    await api.command("ABC", { type: "finish" });
    expect(Number(last()) - right).toBe(8_000);
    await api.join("ABC");
    expect(Number(last()) - right).toBe(8_000);
  });

  it("may be answered without a word", async () => {
    const { session, auth } = signedIn();
    await session.start();
    auth.state.refuse.set("/api/me", new Response(null, { status: 204 }));
    await expect(new Api(session, auth.fetch).eraseMe()).resolves.toBeUndefined();
  });

  it("for a room whose answer is lost is made again as the same one", async () => {
    const { session, auth } = signedIn();
    await session.start();
    const api = new Api(session, auth.fetch, undefined, () => Promise.resolve());
    const keys = () => auth.asked.filter((one) => one.path === "/api/rooms").map((one) => one.key);
    auth.state.deaf = 2;
    await api.createRoom({ name: "Friday" });
    expect(keys()).toHaveLength(3);
    expect(new Set(keys()).size).toBe(1);
    expect(keys()[0]).toMatch(/^[\x21-\x7e]{8,64}$/);

    auth.state.deaf = 3;
    await expect(api.createRoom({ name: "Friday" })).rejects.toBeInstanceOf(Unreachable);
    await api.createRoom({ name: "Friday" });
    expect(new Set(keys().slice(3)).size, "a second tap is the same wish").toBe(1);
    await api.createRoom({ name: "Friday" });
    await api.createRoom({ name: "Saturday" });
    expect(new Set(keys()).size, "each new wish has a key of its own").toBe(4);
  });

  it("to be erased is said again when the answer is lost, and then done already", async () => {
    const { session, auth } = signedIn();
    await session.start();
    const api = new Api(session, auth.fetch, undefined, () => Promise.resolve());
    auth.state.refuse.set("/api/auth/telegram", auth.problem(401, "init_data_spent"));
    auth.state.refuse.set("/api/me", auth.problem(401, "unauthenticated"));
    auth.good.clear();
    await expect(api.eraseMe(), "nobody has heard of it").rejects.toBeInstanceOf(Refused);

    const again = signedIn();
    await again.session.start();
    again.auth.state.deaf = 1;
    again.auth.state.refuse.set("/api/auth/telegram", auth.problem(401, "init_data_spent"));
    again.auth.state.refuse.set("/api/me", auth.problem(401, "unauthenticated"));
    again.auth.good.clear();
    await new Api(again.session, again.auth.fetch, undefined, () => Promise.resolve()).eraseMe();
    expect(again.auth.asked.filter((one) => one.path === "/api/me").length).toBeGreaterThan(1);
  });

  it("tells what the server refuses from a server that is not there", async () => {
    const { session, auth } = signedIn();
    await session.start();
    const api = new Api(session, auth.fetch);
    const busy = auth.problem(429, "too_many");
    busy.headers.set("Retry-After", "7");
    auth.state.refuse.set("/api/rooms", busy);
    await expect(api.rooms()).rejects.toMatchObject({ name: "Refused", code: "too_many", retryAfter: 7 });
    auth.state.refuse.set("/api/rooms", new Response("<h1>Bad gateway</h1>", { status: 502 }));
    await expect(api.rooms()).rejects.toBeInstanceOf(Unreachable);
    auth.state.refuse.set("/api/rooms", new Response("teapot", { status: 418 }));
    await expect(api.rooms()).rejects.toBeInstanceOf(Refused);
    auth.state.offline = true;
    await expect(api.rooms()).rejects.toBeInstanceOf(Unreachable);
  });
});
