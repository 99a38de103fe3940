import { describe, expect, it } from "vitest";

import type { Session as Tokens } from "../generated/wire";
import { Api } from "./api";
import { inMemory } from "./keep";
import { Refused, Unreachable } from "./problem";
import { Session } from "./session";

/** A server that gives numbered tokens, takes each refresh token once, and remembers what it was asked. */
function fakeAuth() {
  const asked: { path: string; body: unknown; token: string | null }[] = [];
  const good = new Set<string>();
  let issued = 0;
  const state = { offline: false, refuse: new Map<string, Response>(), revoked: new Set<string>() };
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
    asked.push({ path, body, token });
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
        user: { id: 1001, language: "ru" },
        room: null,
      } as Tokens;
      return Response.json(tokens);
    }
    return state.revoked.has(token ?? "") ? problem(401, "unauthenticated") : Response.json([]);
  };
  return { asked, good, state, fetch, problem };
}

function signedIn(auth = fakeAuth(), keep = inMemory(), hash = "launch-1") {
  let now = 1_000_000;
  const session = new Session(
    { initData: "user=1&hash=1", userId: 1001, hash },
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

  it("falls back to the launch data when the refresh token is spent", async () => {
    const first = signedIn();
    await first.session.start();
    first.auth.good.clear();
    await signedIn(first.auth, first.keep).session.start();
    expect(paths(first.auth)).toEqual(["/api/auth/telegram", "/api/auth/refresh", "/api/auth/telegram"]);
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

  it("ends when it was revoked, and says so once", async () => {
    const { session, auth, keep } = signedIn();
    await session.start();
    auth.good.clear();
    let ended = 0;
    session.onEnded = () => {
      ended += 1;
    };
    await expect(session.tokenAfter("access-1")).rejects.toMatchObject({ code: "refresh_invalid" });
    expect(ended).toBe(1);
    expect(keep.keys("sovpalo.session")).toEqual([]);
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
