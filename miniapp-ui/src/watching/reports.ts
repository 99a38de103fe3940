/**
 * How everybody's player is, as their phones say; this phone's own among them.
 *
 * Promises: a change here is sent to the others at once, at most twice a second; the same state is sent again every two minutes, since a signal
 * may be lost, and at once when somebody comes; of members who left nothing is kept.
 */
import type { Player } from "./players/adapter";
import { positionAt } from "./position";
import type { PlaybackSignal, PlaybackState, Screen } from "./types";
import { type Report, TELL_SAME } from "./waiting";

/** How somebody's player is; `unknown`: it has not said so of what is shown now. */
export interface Watcher {
  id: number;
  doing: PlaybackState | "unknown";
  behind_s: number;
}

/** The least time between two signals, in ms: of any kind; when only the offset of the film changed. If nothing did, it is `TELL_SAME`. */
export const TELL = 500;
export const TELL_LATER = 2_000;
/** What runs later or sooner by less goes on as before. In seconds. */
const SAME = 0.2;
/** What somebody is behind by less is their distance from us. In seconds. */
const UNNOTICED = 0.3;
/** No film is longer, in seconds. */
const LONGEST = 48 * 3_600;
/** A player that stands this far from its place is still on its way. In seconds. */
const IN_PLACE = 1;

/** The last signal that was sent. */
interface Told {
  at: number;
  late_s: number;
  online: ReadonlySet<number>;
}

export class Reports {
  readonly #me: number;
  readonly #all = new Map<number, Report>();
  #told: Told = { at: -Infinity, late_s: 0, online: new Set() };

  constructor(me: number) {
    this.#me = me;
  }

  /** Those of who is here. */
  of(online: readonly number[]): ReadonlyMap<number, Report> {
    for (const id of this.#all.keys()) if (!online.includes(id)) this.#all.delete(id);
    return this.#all;
  }

  heard(from: number, { rev, state, position_s }: PlaybackSignal, now: number): void {
    if (from !== this.#me) this.#all.set(from, { rev, state, position_s, at: now });
  }

  /** What those who are here are to be told now, if anything. Without a touch the browser may not allow it to play. */
  own(
    player: Player,
    allowed: boolean,
    screen: Screen,
    online: readonly number[],
    now: number,
  ): PlaybackSignal | null {
    const state = allowed ? stateOf(player, screen) : "blocked";
    const { rev } = screen;
    const { position_s, duration_s } = player.state();
    const late_s = positionAt(screen, now) - position_s;
    const last = this.#all.get(this.#me);
    const told = this.#told;
    const isNews = last?.state !== state || last.rev !== rev || online.some((id) => !told.online.has(id));
    const isLater = Math.abs(late_s - told.late_s) >= SAME;
    const passed = now - told.at;
    if (passed >= 0 && passed < (isNews ? TELL : isLater ? TELL_LATER : TELL_SAME)) return null;
    this.#all.set(this.#me, { rev, state, position_s, at: now });
    this.#told = { at: now, late_s, online: new Set(online) };
    const signal = { type: "playback", rev, state, position_s } as const;
    // How long it is, the server wants to know of what has an end.
    return duration_s !== null && duration_s > 0 && duration_s <= LONGEST
      ? { ...signal, duration_s }
      : signal;
  }

  /** What the others are told by a phone that watches no longer: nobody waits for one that wants a touch. */
  farewell(screen: Screen, now: number): PlaybackSignal | null {
    if (!this.#all.delete(this.#me)) return null;
    return { type: "playback", rev: screen.rev, state: "blocked", position_s: positionAt(screen, now) };
  }

  watchers(online: readonly number[], screen: Screen | null): Watcher[] {
    return online.map((id) => {
      const report = this.#all.get(id);
      if (screen === null || report?.rev !== screen.rev) return { id, doing: "unknown", behind_s: 0 };
      const late_s = screen.playing ? positionAt(screen, report.at) - report.position_s : 0;
      const behind_s = report.state === "ready" && late_s >= UNNOTICED ? late_s : 0;
      return { id, doing: report.state, behind_s };
    });
  }
}

function stateOf(player: Player, screen: Screen): PlaybackState {
  const { error, ad, buffering, position_s, paused } = player.state();
  // What it takes is this person's: nobody waits for it.
  if (error !== null) return "blocked";
  if (ad) return "ad";
  const { seek, live } = player.capabilities;
  const placed = !seek || live || screen.playing || Math.abs(position_s - screen.position_s) <= IN_PLACE;
  return buffering || (paused && !placed) ? "buffering" : "ready";
}
