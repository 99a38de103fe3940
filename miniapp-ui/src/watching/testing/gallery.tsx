/**
 * The cinema in its states, to look at while working on it: `npm run dev`, then
 * `/src/watching/testing/gallery.html?scene=playing&lang=ru&scale=1`. Light or dark as the browser is. No part of the app leads here.
 */
import { Show, createSignal } from "solid-js";
import { render } from "solid-js/web";

import "../../app/base.css";
import "../../parts/parts.css";
import "../../parts/lists.css";
import "../../room/room.css";
import { type App, AppContext } from "../../app/context";
import { inMemory } from "../../net/keep";
import Talk from "../../talk/Talk";
import { fakeTimeline } from "../../talk/testing/fakeTimeline.ts";
import { connectBackButton } from "../../telegram/back";
import { telegram } from "../../telegram/client";
import { readLaunch } from "../../telegram/launch";
import { followTelegram } from "../../telegram/surroundings";
import { languageFor, speak, speakOfAll } from "../../text/texts";
import { createWords } from "../../text/words";
import { type BesideFilm, Cinema } from "../Cinema";
import { CinemaContext, type Waiting } from "../cinema";
import { NowPlaying } from "../NowPlaying";
import { ANNA, BEN, ME, SOLARIS, type Shown, fakeCinema, showing, watcher } from "./fakeCinema";

const query = new URLSearchParams(location.search);
const scene = query.get("scene") ?? "playing";
const language = languageFor(query.get("lang") ?? "en");
const names = language === "ru" ? ["Вы", "Аня Ветрова", "Борис"] : ["You", "Anna Winter", "Ben"];

const SECOND = { ru: "Сталкер", en: "Stalker" }[language];
const media = { ...SOLARIS, title: { ru: "Солярис", en: "Solaris" }[language] };
const film = showing({
  media,
  playlist: [
    {
      item: "a",
      media: { ...media, url: "https://www.youtube.com/watch?v=n9xhJrPXop4", kind: "youtube", title: null },
      by: BEN,
    },
    { item: "b", media: { ...media, title: SECOND }, by: ANNA },
  ],
});
const WATCHERS = [
  watcher(ME, names[0] ?? ""),
  watcher(ANNA, names[1] ?? "", { behind_s: 0.4 }),
  watcher(BEN, names[2] ?? "", { doing: "buffering" }),
];
const waiting: Waiting = { ids: [ANNA], until: performance.now() + 6_000 };
const SCENES: Partial<Record<string, Partial<Shown>>> = {
  empty: { screen: null },
  "empty-guest": { screen: null, mayControl: false },
  frame: {
    screen: { ...film, media: { ...media, kind: "frame", url: "https://example.com/film" } },
    inStep: false,
  },
  paused: { screen: { ...film, playing: false } },
  guest: { screen: { ...film, playing: false }, mayControl: false },
  waiting: { waiting },
  blocked: { player: { is: "blocked" } },
  failed: { player: { is: "failed", why: "not_allowed_to_embed" } },
  narrow: { player: { is: "failed", why: "too_narrow" } },
  loading: { player: { is: "loading" } },
  ad: { player: { is: "ad" } },
};

const tg = telegram(readLaunch(location.hash, null));
followTelegram(tg);
connectBackButton(tg);
const scale = Number(query.get("scale") ?? "1");
if (scale !== 1) document.documentElement.style.fontSize = `${16 * scale}px`;
await Promise.all([speak(language), speakOfAll()]);

const room = fakeTimeline(ME, Date.now() - 600_000);
room.misses(ANNA, language === "ru" ? "Все здесь? Включаю" : "Everyone here? Starting");
room.misses(BEN, language === "ru" ? "Секунду, несу чай" : "One second, fetching tea");
room.misses(ME, language === "ru" ? "Готово 🍿" : "Ready 🍿", { key: "a" });
room.misses(ANNA, language === "ru" ? "Какой же он красивый, этот океан" : "That ocean is so beautiful", {
  reactions: { "🔥": [BEN] },
});

const app = { tg, say: (text: string) => console.info(text), user: () => ({}) } as unknown as App;
const people = [ME, ANNA, BEN].map((id) => ({
  id,
  name: names[id - 1] ?? "",
  photo_url: null,
  online: true,
}));

function Gallery() {
  const word = createWords({
    en: () => import("../../../../locales/en/watching.ftl"),
    ru: () => import("../../../../locales/ru/watching.ftl"),
  });
  const [open, setOpen] = createSignal(scene !== "bar");
  const [places, setPlaces] = createSignal<BesideFilm | null>(null);
  const view = fakeCinema(word, { screen: film, watchers: WATCHERS, ...SCENES[scene] });
  return (
    <AppContext.Provider value={app}>
      <CinemaContext.Provider value={view}>
        <main class="screen">
          <h1>{language === "ru" ? "Киновечер" : "Movie night"}</h1>
          <div class="bone card" />
        </main>
        <Show when={word("cinema")}>
          <Show when={open()} fallback={<NowPlaying screen={film} word={word} open={() => setOpen(true)} />}>
            <Cinema
              close={() => setOpen(false)}
              places={setPlaces}
              name={(id) => names[id - 1] ?? ""}
              matched={[film.media.title ?? "", "Dune"].map((name) => ({ id: name, name, year: null }))}
              wanted={null}
            />
          </Show>
        </Show>
        <Talk
          {...{
            timeline: room,
            room: "GALLERY1",
            title: "Room",
            members: people,
            summary: room.summary(),
            connected: true,
          }}
          {...{ keep: inMemory(), tg, notify: (text: string) => console.info(text) }}
          place={places()?.talk ?? null}
        />
      </CinemaContext.Provider>
    </AppContext.Provider>
  );
}

const here = document.getElementById("app");
if (here) render(() => <Gallery />, here);
