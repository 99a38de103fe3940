/**
 * The loop that keeps one phone's player where the film is for everybody: it looks at the player, the clock and the others, does what
 * the controller says, tells the others how it goes, and acts for all where it is this phone's turn.
 *
 * Promises: while a film is shown it looks at least twice a second; others are told at once what changed, and else every two minutes;
 * who pauses is paused before the server has answered. Must never: call a player that it was told to let go.
 */
import type { ServerClock } from "../sync/clock";
import type { ScreenCommands } from "./commands";
import { foreseen } from "./commands";
import { type Action, LOOK, type Seen, control } from "./controller";
import { type Deed, deed, isSameMedia } from "./fold";
import { type Memory, nothingKnown } from "./memory";
import type { Player, PlayerEvent } from "./players/adapter";
import { positionAt } from "./position";
import { Reports, type Watcher } from "./reports";
import type { Media, PlaybackSignal, Screen } from "./types";
import {
  type Options,
  type Room,
  TAKEOVER,
  type WaitMemory,
  type Waited,
  calledOff,
  pressedPlay,
  wait,
  waitingForNobody,
  withoutThem,
} from "./waiting";

export interface Tuning {
  /** This phone's film runs so far ahead of the others', in ms. */
  offset_ms: number;
  correcting: boolean;
}

export interface PlaybackPorts {
  me: number;
  clock: Pick<ServerClock, "now" | "at">;
  commands: Pick<ScreenCommands, "ask" | "asked">;
  /** As the server has confirmed it. */
  screen: () => Screen | null;
  /** Who is here, and who of them may play and pause, in an order that is the same on every phone. */
  online: () => readonly number[];
  inControl: () => readonly number[];
  signal: (signal: PlaybackSignal) => void;
  /** Something that is shown is another. */
  changed: () => void;
  /** Somebody did something that the others are told by name. */
  done: (deed: Deed) => void;
  later: (act: () => void, pause: number) => () => void;
}

/** Between two looks at a film that stands still, in ms. */
const IDLE = 500;
/** So many things are done at one look; the rest follows with the next. */
const AT_ONCE = 3;
/** The personal offset, at most, in ms. */
export const MOST_OFFSET = 500;
/** The next film begins so long after the end, in ms: time for who is a little behind. */
export const PAUSE_BETWEEN = 1_500;

export class Playback {
  readonly #ports: PlaybackPorts;
  #player: Player | null = null;
  /** What it was made for. */
  #plays: Media | null = null;
  #release: (() => void) | null = null;
  #cancel: (() => void) | null = null;
  #stopped = false;
  #memory: Memory = nothingKnown;
  #waiting: WaitMemory = waitingForNobody;
  #waited: Waited["waiting"] = null;
  #before: Screen | null;
  #blocked = false;
  #behind: number | null = null;
  #tuning: Tuning = { offset_ms: 0, correcting: true };
  #options: Options = { start: true, stalls: true };
  #endedAt: number | null = null;
  readonly #reports: Reports;

  constructor(ports: PlaybackPorts) {
    this.#ports = ports;
    this.#reports = new Reports(ports.me);
    this.#before = ports.screen();
  }

  /** From now on this is the player of what is shown; the one before is not touched any more. */
  use(player: Player, media: Media): void {
    this.#letGo();
    this.#player = player;
    this.#plays = media;
    this.#release = player.on((event) => {
      if (this.#player === player) this.#happened(event);
    });
    this.#soon();
  }

  /** The player is gone. */
  unuse(): void {
    this.#letGo();
    this.#soon();
  }

  stop(): void {
    const screen = this.#ports.screen();
    const farewell = screen && this.#reports.farewell(screen, this.#ports.clock.now());
    if (farewell !== null) this.#ports.signal(farewell);
    this.#stopped = true;
    this.#letGo();
    this.#cancel?.();
    this.#cancel = null;
  }

  /** The room is another. */
  changed(): void {
    this.#soon();
  }

  /** What another phone says of its player. */
  heard(from: number, signal: PlaybackSignal): void {
    const { clock, online } = this.#ports;
    if (!online().includes(from)) return;
    this.#reports.heard(from, signal, clock.now());
    this.#soon();
  }

  /** The screen as it will be once what this phone has asked for is done. */
  get screen(): Screen | null {
    const { screen, commands, me, clock } = this.#ports;
    return foreseen(screen(), commands.asked, me, clock.now());
  }

  /** For whom all wait, and until when, by the server's clock. */
  get waiting(): Waited["waiting"] {
    return this.#waited;
  }

  /** The browser wants a touch before it plays. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /** How far behind the film is here, in ms, where anybody knows. */
  get behind_ms(): number | null {
    return this.#behind;
  }

  get tuning(): Tuning {
    return this.#tuning;
  }

  get options(): Options {
    return this.#options;
  }

  get watchers(): Watcher[] {
    return this.#reports.watchers(this.#ports.online(), this.#ports.screen());
  }

  tune({ offset_ms, correcting }: Partial<Tuning>): void {
    const ms = offset_ms ?? this.#tuning.offset_ms;
    this.#tuning = {
      offset_ms: Math.min(Math.max(Number.isFinite(ms) ? ms : 0, -MOST_OFFSET), MOST_OFFSET),
      correcting: correcting ?? this.#tuning.correcting,
    };
    this.#soon();
  }

  /** Whether all wait for who is not ready, where this phone decides. */
  waitFor(options: Partial<Options>): void {
    this.#options = { ...this.#options, ...options };
    this.#soon();
  }

  play(): void {
    const room = this.#room();
    if (room !== null && !room.screen.playing) this.#took(pressedPlay(room, this.#waiting));
    this.#soon();
  }

  pause(): void {
    this.#waiting = calledOff(this.#waiting);
    this.#waited = null;
    const { screen } = this;
    if (screen?.playing === true) {
      const position_s = positionAt(screen, this.#ports.clock.now());
      this.#ports.commands.ask({ type: "pause", position_s, rev: screen.rev });
    }
    this.#soon();
  }

  seek(position_s: number): void {
    const { screen } = this;
    if (screen === null || !Number.isFinite(position_s)) return;
    const most = screen.media.duration_s ?? this.#player?.state().duration_s ?? Infinity;
    const to = Math.min(Math.max(position_s, 0), most);
    this.#ports.commands.ask({ type: "seek", position_s: to, rev: screen.rev });
    this.#soon();
  }

  rate(rate: number): void {
    const { screen } = this;
    if (screen !== null) this.#ports.commands.ask({ type: "rate", rate, rev: screen.rev });
  }

  /** Whatever follows in the playlist; pressed twice, it is one step. */
  next(): void {
    const { screen } = this;
    if (screen !== null) this.#ports.commands.ask({ type: "next", after: screen.item });
  }

  /** All go on without those who are not ready. */
  goOn(): void {
    const room = this.#room();
    if (room !== null) this.#took(withoutThem(room, this.#waiting));
    this.#soon();
  }

  /** The touch that the browser wants: to be called while it is handled. */
  join(): void {
    this.#blocked = false;
    if (this.#ports.screen()?.playing === true) this.#play();
    this.#soon();
  }

  #letGo(): void {
    this.#release?.();
    this.#release = null;
    this.#player = null;
    this.#plays = null;
    this.#memory = nothingKnown;
    this.#blocked = false;
    this.#behind = null;
  }

  /** The player of what is shown. */
  #playerOf(screen: Screen): Player | null {
    return this.#plays !== null && isSameMedia(this.#plays, screen.media) ? this.#player : null;
  }

  #happened(event: PlayerEvent): void {
    if (event === "playing") this.#blocked = false;
    if (event === "blocked") this.#blocked = true;
    this.#soon();
  }

  /** A look as soon as whatever called has done what it does. */
  #soon(): void {
    this.#next(0);
  }

  #next(pause: number): void {
    if (this.#stopped) return;
    this.#cancel?.();
    this.#cancel = this.#ports.later(() => {
      this.#look();
    }, pause);
  }

  #look(): void {
    const screen = this.#ports.screen();
    this.#follow(screen);
    if (screen === null) {
      this.#waited = null;
      this.#ports.changed();
      return;
    }
    const player = this.#playerOf(screen);
    const pause = player === null ? IDLE : this.#steer(player, screen);
    if (player !== null) this.#tell(player, screen);
    const room = this.#room();
    if (room !== null) this.#took(wait(room, this.#waiting));
    this.#advance(player, screen);
    this.#ports.changed();
    this.#next(pause);
  }

  /** What somebody did; a pause for who is not ready is not said twice. */
  #follow(screen: Screen | null): void {
    const before = this.#before;
    this.#before = screen;
    const done = deed(before, screen);
    if (done === null) return;
    if (before === null || screen === null || !isSameMedia(before.media, screen.media)) this.#endedAt = null;
    const isWait = this.#waiting.hold?.why === "stall" && (done.what === "paused" || done.what === "played");
    if (!isWait) this.#ports.done(done);
  }

  /** Does what the controller says, and how soon to look again. */
  #steer(player: Player, confirmed: Screen): number {
    const { clock } = this.#ports;
    const { capabilities } = player;
    // Only a pause of one's own is done before the server says from when it is.
    const expected = this.screen;
    const course = expected?.playing === false ? expected : confirmed;
    let again: number | null = null;
    for (let times = 0; times < AT_ONCE; times += 1) {
      const look = {
        now: clock.now(),
        course,
        seen: this.#seen(player),
        capabilities,
        blocked: this.#blocked,
      };
      const decided = control({ ...look, ...this.#tuning }, this.#memory);
      this.#memory = decided.memory;
      this.#behind = decided.behind_ms;
      again = decided.again;
      if (decided.action.type === "nothing") break;
      this.#do(player, decided.action);
    }
    const usual = course.playing ? LOOK[capabilities.exact ? "exact" : "coarse"] : IDLE;
    return again === null ? usual : Math.min(usual, Math.max(0, again - clock.now()));
  }

  #seen(player: Player): Seen {
    const { measured_at, ...state } = player.state();
    return { ...state, measured: this.#ports.clock.at(measured_at) };
  }

  #do(player: Player, action: Action): void {
    if (action.type === "play") this.#play();
    else if (action.type === "pause") player.pause();
    else if (action.type === "seek") player.seek(action.to_s);
    else if (action.type === "rate") player.rate(action.rate);
  }

  #play(): void {
    const player = this.#player;
    player?.play().then(
      (came) => {
        if (this.#player === player && came === "blocked") this.#happened("blocked");
      },
      () => undefined,
    );
  }

  #tell(player: Player, screen: Screen): void {
    const { clock, online, signal } = this.#ports;
    const own = this.#reports.own(player, !this.#blocked, screen, online(), clock.now());
    if (own !== null) signal(own);
  }

  #room(): Room | null {
    const { me, clock, screen: confirmed, online, inControl } = this.#ports;
    const screen = confirmed();
    if (screen === null) return null;
    const here = online();
    const reports = this.#reports.of(here);
    return {
      now: clock.now(),
      me,
      screen,
      online: here,
      inControl: inControl(),
      reports,
      options: this.#options,
    };
  }

  #took({ waiting, act, memory }: Waited): void {
    this.#waiting = memory;
    this.#waited = waiting;
    const rev = this.screen?.rev;
    if (act !== null && rev !== undefined) this.#ports.commands.ask({ ...act, rev });
  }

  /** After the end the next film begins: the first in control says so, the others only if that one does not. */
  #advance(player: Player | null, screen: Screen): void {
    const { me, clock, inControl, commands } = this.#ports;
    if (player?.state().ended !== true || !screen.playing || screen.playlist.length === 0) {
      this.#endedAt = null;
      return;
    }
    const now = clock.now();
    this.#endedAt ??= now;
    const turn = inControl().indexOf(me);
    const isTime = turn >= 0 && now - this.#endedAt >= PAUSE_BETWEEN + turn * TAKEOVER;
    const asked = commands.asked.some(({ type }) => type === "next");
    if (isTime && !asked) this.next();
  }
}
