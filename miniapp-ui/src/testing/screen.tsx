/** A screen in a document, with the real app around it and a server that answers as it is told. */
import { cleanup, configure, render } from "@solidjs/testing-library";
import type { JSX } from "solid-js";
import { afterEach, expect, vi } from "vitest";

import { type App, AppContext } from "../app/context";
import { excuseFor } from "../app/excuses";
import { type Route, createRouter } from "../app/router";
import { Session } from "../app/session";
import type { User } from "../generated/wire";
import { Api } from "../net/api";
import { inMemory } from "../net/keep";
import type { RefusedIntent } from "../room/live";
import { type RoomHandle, useRoom } from "../room/useRoom";
import { deviceOf } from "../sync/device";
import { Phone } from "../sync/phone";
import { telegram } from "../telegram/client";
import { readLaunch } from "../telegram/launch";
import { type Language, speak, speakOfAll, t } from "../text/texts";
import { FakeRoom } from "./fakeRoom";
import { layOut } from "./laidOut";
import { ME } from "./rooms";

export const USER: User = {
  id: ME,
  first_name: "Ann",
  last_name: null,
  username: null,
  photo_url: null,
  language: "en",
  notifications: true,
};

/** What the server answers to a call, by method and path; without an answer it does not know what is asked. */
export type Answers = Record<string, unknown>;

export const LANGUAGES: Language[] = ["en", "ru"];

// A busy machine takes its time; what comes at all comes.
configure({ asyncUtilTimeout: 5_000 });
// What browsers have and this document lacks.
vi.stubGlobal("CSS", { supports: () => true });
layOut();
Object.defineProperty(navigator, "hardwareConcurrency", { get: () => 8, configurable: true });
HTMLImageElement.prototype.decode = () => Promise.resolve();
Element.prototype.getAnimations = () => [];
// Nothing moves here: every animation is over at once.
Element.prototype.animate = () => {
  const animation = { finished: Promise.resolve(), cancel: () => undefined };
  return animation as unknown as Animation;
};

const phones = new Set<Phone>();
afterEach(() => {
  cleanup();
  for (const phone of phones) phone.stop();
  phones.clear();
});

/** A refusal in the server's shape. */
export function problem(status: number, code: string): Response {
  const body = JSON.stringify({ type: "about:blank", title: code, status, code, detail: "" });
  return new Response(body, { status, headers: { "Content-Type": "application/problem+json" } });
}

export interface Around {
  app: App;
  server: FakeRoom;
  /** What was asked by HTTP. */
  asked: { call: string; body: unknown }[];
  said: string[];
  excused: unknown[];
  went: Route[];
  answers: Answers;
}

export async function around(language: Language, server = new FakeRoom([]), answers: Answers = {}) {
  // Nothing is typed or read faster than the words come.
  await Promise.all([speak(language), speakOfAll()]);
  const asked: Around["asked"] = [];
  const fetchHere = (path: string, init: RequestInit): Promise<Response> => {
    const call = `${init.method ?? "GET"} ${path.replace(/\?.*$/, "")}`;
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : null;
    asked.push({ call, body });
    const answer = answers[call];
    if (answer === undefined) return Promise.resolve(problem(404, "not_found"));
    if (answer instanceof Error) return Promise.reject(answer);
    if (answer instanceof Response) return Promise.resolve(answer.clone());
    return Promise.resolve(Response.json(answer));
  };
  const keep = inMemory();
  const tg = telegram(readLaunch("", null));
  const session = new Session(
    { initData: "", userId: ME, hash: "" },
    { fetch: fetchHere, keep, now: Date.now },
  );
  const tokens = { token: () => Promise.resolve("t"), tokenAfter: () => Promise.resolve("t") };
  const [said, excused, went] = [[] as string[], [] as unknown[], [] as Route[]];
  const router = createRouter((route) => went.push(route));
  const phone = new Phone({
    device: deviceOf(keep),
    random: () => 0.5,
    watched: () => true,
    open: server.open,
    poll: server.poll,
    token: tokens.token,
    renew: () => Promise.resolve(),
    probe: () => Promise.resolve("fine"),
  });
  phones.add(phone);
  phone.start();
  const app: App = {
    ...{ tg, session, keep, phone, api: new Api(tokens, fetchHere, undefined, () => Promise.resolve()) },
    user: () => ({ ...USER, language }),
    showUser: () => undefined,
    forgotten: vi.fn(),
    go: router.go,
    say: (text) => said.push(text),
    excuse: (error) => {
      excused.push(error);
      said.push(t(excuseFor(error)));
    },
  };
  return { app, server, asked, said, excused, went, answers } satisfies Around;
}

/** Everything is said in this language, and nothing by the id of its text. */
export function expectSpoken(language: Language, testid: string): void {
  const root = document.querySelector(`[data-testid="${testid}"]`);
  if (root === null) throw new Error(`there is no ${testid}`);
  const labels = [...root.querySelectorAll("[aria-label]")].map(
    (one) => one.getAttribute("aria-label") ?? "",
  );
  const words = [...labels, ...textsIn(root)];
  expect(words.filter((word) => /^[a-z]+(-[a-z]+)+$/.test(word))).toEqual([]);
  const russian = words.some((word) => /[а-яё]/i.test(word));
  expect(russian, words.join(" | ")).toBe(language === "ru");
}

function textsIn(root: Element): string[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: string[] = [];
  while (walker.nextNode()) found.push(walker.currentNode.textContent?.trim() ?? "");
  return found.filter((text) => text !== "" && !LANGUAGE_NAMES.includes(text));
}

/** Each language is named in itself. */
const LANGUAGE_NAMES = ["Русский", "English"];

/** Shows a screen. */
export function show({ app }: Around, screen: () => JSX.Element) {
  return render(() => <AppContext.Provider value={app}>{screen()}</AppContext.Provider>);
}

/** Shows a screen of a room that this phone has open. */
export function showInRoom(
  { app, server }: Around,
  screen: (room: RoomHandle) => JSX.Element,
  refused: (refused: RefusedIntent) => void = () => undefined,
) {
  const Inside = () => screen(useRoom(app, server.view(), refused));
  return render(() => (
    <AppContext.Provider value={app}>
      <Inside />
    </AppContext.Provider>
  ));
}
