/**
 * The talk in its states, to look at while working on it: `npm run dev`, then
 * `/src/talk/testing/gallery.html?scene=long&lang=ru&scale=1`. Light or dark as the browser is. No part of
 * the app leads here.
 */
import { createSignal } from "solid-js";
import { render } from "solid-js/web";

import "../../app/base.css";
import "../../parts/parts.css";
import "../../parts/poster/poster.css";
import "../../room/room.css";
import { typedTitle } from "../../net/api";
import { inMemory } from "../../net/keep";
import { connectBackButton } from "../../telegram/back";
import { telegram } from "../../telegram/client";
import { readLaunch } from "../../telegram/launch";
import { followTelegram } from "../../telegram/surroundings";
import { type Language, languageFor, speak } from "../../text/texts";
import Talk from "../Talk";
import type { Person } from "../useTalk.ts";
import { type FakeTimeline, fakeTimeline } from "./fakeTimeline.ts";

const [ME, ANNA, BEN, CHLOE] = [1, 2, 3, 4] as const;

type Words = Record<
  | "anna"
  | "ben"
  | "chloe"
  | "me"
  | "room"
  | "film"
  | "hello"
  | "what"
  | "comedy"
  | "long"
  | "agree"
  | "link"
  | "wow"
  | "late"
  | "popcorn"
  | "where"
  | "coming"
  | "sofa"
  | "draft"
  | "filler",
  string
>;

const WORDS: Record<Language, Words> = {
  ru: {
    anna: "Аня Ветрова",
    ben: "Борис",
    chloe: "Ксюша",
    me: "Миша",
    room: "Киновечер",
    film: "Дюна",
    hello: "Всем привет! Кто сегодня выбирает?",
    what: "Выбираем все вместе, для того и комната 🙂",
    comedy: "Я за комедию. Неделя была такая, что хочется просто смеяться и ни о чём не думать",
    long: "Слушайте, а помните, как мы в прошлый раз три часа выбирали и в итоге заснули на первой же заставке?\n\nДавайте сегодня по-честному: пять минут свайпаем и смотрим первое, что совпало. Без «а может, ещё вот это». Кто начнёт торговаться, тот моет посуду.",
    agree: "Договорились. Посуду мыть не хочу",
    link: "Вот трейлер: https://www.youtube.com/watch?v=n9xhJrPXop4 — по-моему, то что надо",
    wow: "🔥🔥",
    late: "Буду через десять минут, начинайте без меня",
    popcorn: "С меня попкорн 🍿",
    where: "Где все?",
    coming: "Уже бегу",
    sofa: "Место на диване занято котом, если что",
    draft: "Тогда ставлю чайник и",
    filler: "Давайте что-нибудь лёгкое",
  },
  en: {
    anna: "Anna Winter",
    ben: "Ben",
    chloe: "Chloe",
    me: "Misha",
    room: "Film night",
    film: "Dune",
    hello: "Hi everyone! Who is choosing tonight?",
    what: "All of us, that is what the room is for 🙂",
    comedy:
      "I am for a comedy. It was one of those weeks where you just want to laugh and think of nothing at all",
    long: "Listen, remember last time, when we spent three hours choosing and fell asleep at the opening titles?\n\nLet us be fair tonight: five minutes of swiping, and we watch the first one that matches. No “but maybe this one too”. Whoever starts to bargain does the dishes.",
    agree: "Deal. I am not doing the dishes",
    link: "Here is the trailer: https://www.youtube.com/watch?v=n9xhJrPXop4 — just right, I think",
    wow: "🔥🔥",
    late: "I will be ten minutes late, start without me",
    popcorn: "Popcorn is on me 🍿",
    where: "Where is everyone?",
    coming: "On my way",
    sofa: "The cat has taken the sofa, just so you know",
    draft: "I will put the kettle on and",
    filler: "Something light, please",
  },
};

const query = new URLSearchParams(location.search);
const language = languageFor(query.get("lang") ?? "en");
const words = WORDS[language];
const today = new Date();
today.setHours(19, 2, 0, 0);
const yesterday = today.getTime() - 24 * 3_600_000;

type Scene = (room: FakeTimeline) => void;

const short: Scene = (room) => {
  room.notes({ what: "joined", member: ANNA });
  room.misses(ANNA, words.hello, { at: today.toISOString() });
  room.misses(ME, words.what, { key: "a" });
  room.notes({ what: "joined", member: BEN });
  room.misses(BEN, words.comedy);
  room.marks = { [ME]: 5, [ANNA]: 3, [BEN]: 5 };
};
const long: Scene = (room) => {
  for (let count = 0; count < 140; count += 1) {
    room.misses([ANNA, BEN, ME, CHLOE][count % 4] ?? ME, `${words.filler} ${count}`, {
      at: new Date(yesterday + count * 30_000).toISOString(),
    });
  }
  room.misses(ANNA, words.hello, { at: today.toISOString() });
  room.misses(ANNA, words.long, { reactions: { "😂": [BEN, ME, CHLOE], "👍": [BEN] } });
  const deal = room.misses(ME, words.agree, { reply_to: 142, key: "b", reactions: { "❤️": [ANNA] } });
  room.misses(CHLOE, words.link, { edited_at: today.toISOString() });
  room.misses(CHLOE, words.wow, { kind: "emoji" });
  room.notes({ what: "started" });
  room.misses(BEN, "", { deleted: true });
  room.misses(BEN, words.late, { reply_to: 144 });
  room.notes({
    what: "matched",
    title: { ...typedTitle(words.film), id: "dune", kind: "film", genres: ["sci-fi"], year: 2021 },
  });
  room.misses(ME, words.popcorn, { key: "c", reactions: { "🔥": [ANNA, BEN, CHLOE, ME] } });
  room.misses(ME, "🍿", { key: "d", kind: "emoji" });
  room.marks = { [ME]: 151, [ANNA]: 151, [BEN]: deal.number, [CHLOE]: 151 };
};

const SCENES: Record<string, Scene> = {
  empty: () => undefined,
  short,
  long,
  loading: (room) => {
    short(room);
    room.fetchPage = () => new Promise(() => undefined);
  },
  trouble: (room) => {
    short(room);
    room.offline = true;
  },
  unread: (room) => {
    long(room);
    room.misses(ANNA, words.where);
    room.misses(CHLOE, words.coming);
    room.misses(ANNA, words.sofa, { reactions: { "😂": [BEN] } });
    room.marks = { ...room.marks, [ME]: 151 };
  },
  // Words that no line holds, answers to answers, and emoji among text.
  hard: (room) => {
    room.misses(ANNA, "А".repeat(120), { at: today.toISOString() });
    room.misses(ME, "https://example.com/" + "watch-together-".repeat(12), { key: "h1", reply_to: 1 });
    room.misses(BEN, words.agree, { reply_to: 2 });
    room.misses(ME, words.wow, { key: "h2", reply_to: 3 });
    room.misses(CHLOE, "1", { reply_to: 4 });
    room.misses(CHLOE, "🍿", { kind: "emoji" });
    room.misses(CHLOE, "🍿🎬", { kind: "emoji", reactions: { "👍": [ME] } });
    room.misses(ME, "👨‍👩‍👧‍👦🎉🫶🏽", { kind: "emoji", key: "h3" });
    room.misses(BEN, "ok 👍 ok", {
      reactions: Object.fromEntries("👍 🔥 😂 😮 😢 🎉 👏 🤔".split(" ").map((one) => [one, [ANNA, ME]])),
    });
    room.misses(ME, "!", { key: "h4" });
    room.marks = { [ME]: 10, [ANNA]: 10, [BEN]: 10, [CHLOE]: 10 };
  },
  // Refused, on its way, and both of them long.
  failed: (room) => {
    short(room);
    room.answers = "refused:too_many";
    const pending = [
      { key: "f1", text: words.popcorn, kind: "text", replyTo: null, at: Date.now(), failed: "too_many" },
      { key: "f2", text: words.comedy, kind: "text", replyTo: 5, at: Date.now(), failed: "unavailable" },
    ];
    keep.set(`sovpalo.talk.${ME}.GALLERY1`, JSON.stringify({ draft: { text: "", replyTo: null }, pending }));
  },
  typing: (room) => {
    short(room);
    const types = () => {
      room.tell((listener) => listener.typing(ANNA));
      room.tell((listener) => listener.typing(BEN));
    };
    setTimeout(types, 300);
    setInterval(types, 3_000);
  },
};

const scene = query.get("scene") ?? "long";
const room = fakeTimeline(ME, today.getTime() - 600_000);
const keep = inMemory();
(SCENES[scene] ?? long)(room);
if (query.has("draft")) {
  const draft = { text: words.draft, replyTo: scene === "short" ? 5 : 142 };
  keep.set(`sovpalo.talk.${ME}.GALLERY1`, JSON.stringify({ draft, pending: [] }));
}
const people: Person[] = [
  { id: ME, name: words.me, photo_url: null, online: true },
  { id: ANNA, name: words.anna, photo_url: null, online: true },
  { id: BEN, name: words.ben, photo_url: null, online: true },
  { id: CHLOE, name: words.chloe, photo_url: null, online: false },
];

const root = document.documentElement;
const tg = telegram(readLaunch(location.hash, null));
followTelegram(tg);
connectBackButton(tg);
const scale = Number(query.get("scale") ?? "1");
if (scale !== 1) root.style.fontSize = `${16 * scale}px`;
await speak(language);

/** For whoever drives the page: to have things happen while looking. */
Object.assign(window, { room });

const [connected, setConnected] = createSignal(!query.has("offline"));
Object.assign(window, { setConnected });
const place = document.getElementById("app");
if (place) {
  render(
    () => (
      <>
        <main class="screen">
          <h1>{words.room}</h1>
          <div class="bone card" />
        </main>
        <Talk
          timeline={room}
          room="GALLERY1"
          title={words.room}
          members={people}
          summary={room.summary()}
          connected={connected()}
          keep={keep}
          tg={tg}
          notify={(text) => console.info(text)}
          place={null}
        />
      </>
    ),
    place,
  );
}
