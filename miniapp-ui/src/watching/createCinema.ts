/**
 * The cinema of a room for its views, for as long as it is open: joins what watching knows to the player in its frame, and to signals that
 * views follow.
 *
 * Must never: show how a film goes otherwise than the playback has it.
 */
import { createEffect, createMemo, createSignal, onCleanup, untrack } from "solid-js";

import type { App } from "../app/context";
import { keptJson } from "../net/keep";
import { uniqueKey } from "../net/unique";
import type { RoomHandle } from "../room/useRoom";
import { language } from "../text/texts";
import type { Words } from "../text/words";
import type { Adjusting, Cinema, PlayerView, Subtitles, Waiting, Waits, Watcher } from "./cinema";
import { SUBTITLES_FAILED, nameOf, clockTime } from "./cinema";
import { borrowerOf, controlPassed, inControl, whoControls } from "./control";
import type { Deed } from "./fold";
import { smallWindow } from "./display";
import { addressOf } from "./players/address";
import type { SubtitlesOutcome } from "./players/messages";
import { type RemotePlayer, openPlayer } from "./players/remote";
import { positionAt } from "./position";
import type { Media, NewMedia, Screen } from "./types";
import { watchRoom } from "./watchRoom";

/** What this phone adjusts is kept on it. */
const KEPT = "sovpalo.cinema";
const NO_SUBTITLES = { name: null, source: null } as const;

export function createCinema(app: App, room: RoomHandle, word: Words): Cinema {
  const me = room.me;
  const here = () => room.view.room;
  // Whatever the playback says is another now.
  const [looked, look] = createSignal(0, { equals: false });
  const [player, setPlayer] = createSignal<RemotePlayer | null>(null);
  const [muted, setMuted] = createSignal(false);
  const [subtitles, setSubtitles] = createSignal<Subtitles>({
    ...NO_SUBTITLES,
    ...{ shown: true, offset_ms: 0 },
  });
  /** The film that they are of. */
  let subtitled: string | null = null;
  const confirmed = () => here().screen ?? null;
  const controllers = createMemo(() => inControl(here()));
  const mayControl = () => controllers().includes(me);
  const whoMay = () => whoControls(word, me, here());

  /** What I put on starts as soon as the room shows it: who puts something on wants to see it. */
  let starting: { url: string; start_s: number } | null = null;
  const { playback, commands, clock, changed, stop } = watchRoom({
    ...{ me, phone: app.phone, inControl },
    attach: (make) => room.live.attach(make),
    changed() {
      start();
      look(0);
    },
    done: (done) => {
      if (done.who !== me) app.say(said(word, nameIn(room, word, done.who), done));
    },
    refused(code) {
      starting = null;
      app.tg.haptic("warning");
      const isRole = code === "not_allowed" || code === "not_host";
      app.say(isRole ? whoMay() : word("cinema-refused"));
    },
  });
  const start = () => {
    const shown = confirmed();
    if (starting === null || shown?.media.url !== starting.url || shown.by !== me) return;
    const { start_s } = starting;
    starting = null;
    if (shown.playing) return;
    if (start_s > 0) commands.ask({ type: "play", position_s: start_s, rev: shown.rev });
    else playback.play();
  };
  createEffect(() => {
    // The room is another.
    confirmed();
    controllers();
    changed();
  });
  createEffect<number | null>((before) => {
    const passed = controlPassed(word, me, before, here());
    if (passed !== null) app.say(passed);
    return borrowerOf(here());
  }, borrowerOf(here()));
  onCleanup(stop);
  const kept = keptJson(app.keep, KEPT);
  playback.tune(keptTuning(kept));
  playback.waitFor(keptWaits(kept));
  const keep = () => {
    app.keep.set(KEPT, JSON.stringify({ ...playback.tuning, waits: playback.options }));
    look(0);
  };

  const screen = (): Screen | null => {
    looked();
    confirmed();
    return playback.screen;
  };
  const ask = (media: Media): NewMedia => ({
    ...{ kind: media.kind, url: media.url },
    ...(media.title === null ? {} : { title: media.title }),
  });
  /** What came of the subtitles: those that do not show are taken away, and the person is told. */
  const titled = (outcome: SubtitlesOutcome) => {
    if (outcome === "shown") return;
    setSubtitles({ ...subtitles(), ...NO_SUBTITLES });
    app.tg.haptic("warning");
    app.say(word(SUBTITLES_FAILED[outcome]));
  };
  /** Where an address says to begin, until it has been shown. */
  const beginnings = new Map<string, number>();

  const waiting = createMemo<Waiting | null>(
    () => {
      looked();
      const { waiting } = playback;
      return waiting && { ids: waiting.ids, until: performance.now() + waiting.until - clock.now() };
    },
    null,
    { equals: isSameWait },
  );
  const playerView = createMemo<PlayerView>(
    () => {
      looked();
      return viewOf(player(), playback.blocked);
    },
    { is: "none" },
    { equals: isSameView },
  );

  return {
    ...{ word, me, screen, mayControl, whoMay, muted, subtitles },
    watchers: () => {
      looked();
      const doing = new Map(playback.watchers.map((one) => [one.id, one]));
      return here().members.flatMap(({ id, name, photo_url }): Watcher[] => {
        const one = doing.get(id);
        if (one === undefined) return [];
        return [{ id, name, photo_url, doing: one.doing, behind_s: one.behind_s, isMe: id === me }];
      });
    },
    ...{ waiting, player: playerView },
    inStep: () => screen()?.media.kind !== "frame",
    position: () => {
      const [now, film] = [player()?.state(), playback.screen];
      if (now === undefined || now.ad || now.buffering)
        return film === null ? 0 : positionAt(film, clock.now());
      return now.position_s + (now.paused ? 0 : ((performance.now() - now.measured_at) / 1000) * now.rate);
    },
    duration: () => {
      looked();
      return player()?.state().duration_s ?? screen()?.media.duration_s ?? null;
    },
    mute(silent) {
      setMuted(silent);
      player()?.mute(silent);
    },
    adjusting: (): Adjusting => {
      looked();
      return playback.tuning;
    },
    adjust(change) {
      playback.tune(change);
      keep();
    },
    waits: (): Waits => {
      looked();
      return playback.options;
    },
    waitFor(change) {
      playback.waitFor(change);
      keep();
    },
    subtitle(change) {
      const before = subtitles();
      const next = setSubtitles({ ...before, ...change });
      if (next.source !== before.source) {
        subtitled = confirmed()?.media.url ?? null;
        player()?.subtitles(next.source);
      }
      player()?.shiftSubtitles(next.offset_ms, next.shown);
    },
    play: () => playback.play(),
    pause: () => playback.pause(),
    seek: (position_s) => playback.seek(position_s),
    rate: (rate) => playback.rate(rate),
    show(media) {
      starting = { url: media.url, start_s: beginnings.get(media.url) ?? 0 };
      commands.ask({ type: "show", media: ask(media) });
    },
    enqueue: (media) => commands.ask({ type: "enqueue", media: ask(media), item: uniqueKey() }),
    dequeue: (item) => commands.ask({ type: "dequeue", item }),
    next: () => playback.next(),
    clear: () => commands.ask({ type: "show", media: null }),
    join: () => playback.join(),
    withoutThem: () => playback.goOn(),
    mount(place) {
      let opened: RemotePlayer | null = null;
      createEffect<Media | null>((shown) => {
        const media = confirmed()?.media ?? null;
        if (media === null || (shown?.url === media.url && shown.kind === media.kind)) return media;
        const film = { media: { kind: media.kind, url: media.url }, muted: muted() };
        if (opened === null) {
          opened = openPlayer(place, film, {
            words: { tap: word("cinema-join"), frame: word("cinema-frame"), open: word("cinema-frame-open") },
            ...{ language: language(), title: word("cinema-film") },
          });
          opened.on(() => look(0));
          opened.onSubtitles(titled);
        } else opened.show(film);
        const { source, offset_ms, shown: seen } = untrack(subtitles);
        if (source !== null && subtitled === media.url) {
          opened.subtitles(source);
          opened.shiftSubtitles(offset_ms, seen);
        } else setSubtitles((before) => ({ ...before, ...NO_SUBTITLES, offset_ms: 0 }));
        playback.use(opened, { ...media });
        setPlayer(opened);
        return { ...media };
      }, null);
      onCleanup(() => {
        playback.unuse();
        setPlayer(null);
        opened?.destroy();
      });
    },
    cheer(emoji) {
      void room.live.timeline.say({ key: uniqueKey(), text: emoji, kind: "emoji" });
    },
    cheers: (listener) => hearCheers(room, listener),
    get pictureInPicture() {
      // Only a film of our own document can be.
      return smallWindow(player()?.frame.contentDocument?.querySelector("video"));
    },
    recognise(address) {
      const judged = addressOf(address, location.host);
      if ("refused" in judged) return judged;
      const { kind, url, title, start_s } = judged.media;
      if (start_s > 0) beginnings.set(url, start_s);
      return { media: { kind, url, title, duration_s: null } };
    },
  };
}

function nameIn(room: RoomHandle, word: Words, id: number): string {
  return room.view.room.members.find((member) => member.id === id)?.name ?? word("cinema-someone");
}

/** What somebody did, in a line. */
function said(word: Words, name: string, done: Deed): string {
  switch (done.what) {
    case "changed":
      return word("cinema-did-changed", { name, title: nameOf(done.media) });
    case "sought":
      return word("cinema-did-sought", { name, time: clockTime(done.position_s) });
    case "rate":
      return word("cinema-did-rate", { name, rate: done.rate });
    default:
      return word(`cinema-did-${done.what}`, { name });
  }
}

function viewOf(player: RemotePlayer | null, blocked: boolean): PlayerView {
  if (player === null) return { is: "none" };
  const { error, ad, ended, buffering, paused } = player.state();
  if (error !== null) return { is: "failed", why: error };
  if (blocked) return { is: "blocked" };
  if (ad) return { is: "ad" };
  if (ended) return { is: "ended" };
  if (buffering) return { is: "loading" };
  return { is: paused ? "paused" : "playing" };
}

function isSameView(one: PlayerView, other: PlayerView): boolean {
  return one.is === other.is && ("why" in one ? one.why : "") === ("why" in other ? other.why : "");
}

/** The same people until about the same moment, which is reckoned anew at each look. */
function isSameWait(one: Waiting | null, other: Waiting | null): boolean {
  if (one === null || other === null) return one === other;
  return one.ids.join() === other.ids.join() && Math.abs(one.until - other.until) < 250;
}

/** New emoji of everybody, as they come; what was said before the cinema opened floats no more. */
function hearCheers(room: RoomHandle, listener: (emoji: string, by: number) => void): () => void {
  let last: number | null = null;
  const nothing = () => undefined;
  return room.live.timeline.subscribe({
    ...{ gap: nothing, read: nothing, typing: nothing },
    summary: (summary) => {
      last ??= summary.last;
    },
    message({ number, kind, text, author, deleted }) {
      const isNew = last !== null && number > last;
      if (isNew) last = number;
      if (isNew && kind === "emoji" && author !== null && !deleted) listener(text, author);
    },
  });
}

/** Storage may hold anything. */
function keptTuning(kept: unknown): Partial<Adjusting> {
  const { offset_ms, correcting } = (kept ?? {}) as Partial<Record<keyof Adjusting, unknown>>;
  return {
    ...(typeof offset_ms === "number" ? { offset_ms } : {}),
    ...(typeof correcting === "boolean" ? { correcting } : {}),
  };
}

function keptWaits(kept: unknown): Partial<Waits> {
  const waits = (kept as { waits?: unknown } | null)?.waits ?? {};
  const { start, stalls } = waits as Partial<Record<keyof Waits, unknown>>;
  return {
    ...(typeof start === "boolean" ? { start } : {}),
    ...(typeof stalls === "boolean" ? { stalls } : {}),
  };
}
