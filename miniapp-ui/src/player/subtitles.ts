/**
 * Subtitles over whatever plays.
 *
 * Promises that a text is parsed by the browser and shown as its own cues, never as HTML; that it goes nowhere; and that a slow answer
 * for an earlier source shows nothing.
 */
import type { PlayerState } from "../watching/players/adapter";
import { SUBTITLES_LONGEST, type SubtitlesOutcome, type SubtitlesSource } from "../watching/players/messages";
import { textOf, toVtt } from "../watching/players/subtitles";

/** How often the line is looked up. */
const LOOK_MS = 100;
/** How long an address and the browser's parser may take. */
const PATIENCE_MS = 15_000;
/** Lines that are shown at a time; more would hide the film. */
const LINES_MOST = 3;

interface Cue {
  from_s: number;
  to_s: number;
  line: VTTCue;
}

export class Subtitles {
  readonly #place: HTMLElement;
  readonly #now: () => PlayerState | null;
  #cues: readonly Cue[] = [];
  #offset_s = 0;
  #visible = true;
  #asked = 0;
  #shown: readonly Cue[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(place: HTMLElement, now: () => PlayerState | null) {
    this.#place = place;
    this.#now = now;
  }

  /** The outcome; null: another source came meanwhile, or it was taken away. */
  async use(source: SubtitlesSource | null): Promise<SubtitlesOutcome | null> {
    const asked = (this.#asked += 1);
    this.#take([]);
    if (source === null) return null;
    const text = "text" in source ? source.text : await fetched(source.url);
    if (typeof text !== "string") return asked === this.#asked ? text.failed : null;
    const vtt = toVtt(text);
    const cues = vtt === null ? [] : await cuesOf(vtt);
    if (asked !== this.#asked) return null;
    this.#take(cues);
    return cues.length === 0 ? "unsupported" : "shown";
  }

  shift(offset_ms: number, shown: boolean): void {
    this.#offset_s = offset_ms / 1_000;
    this.#visible = shown;
    this.#look();
  }

  #take(cues: readonly Cue[]): void {
    this.#cues = cues;
    clearInterval(this.#timer);
    this.#look();
    if (cues.length === 0) return;
    this.#timer = setInterval(() => {
      this.#look();
    }, LOOK_MS);
  }

  #look(): void {
    const state = this.#now();
    const at = state === null || state.ad ? null : positionNow(state) - this.#offset_s;
    const current =
      at === null || !this.#visible
        ? []
        : this.#cues.filter(({ from_s, to_s }) => from_s <= at && at < to_s).slice(0, LINES_MOST);
    const same = current.length === this.#shown.length && current.every((cue, n) => cue === this.#shown[n]);
    if (same) return;
    this.#shown = current;
    this.#place.replaceChildren(
      ...current.map(({ line }) => {
        const element = document.createElement("p");
        element.append(line.getCueAsHTML());
        return element;
      }),
    );
  }
}

function positionNow({ position_s, measured_at, paused, buffering, rate }: PlayerState): number {
  const moves = !paused && !buffering;
  return moves ? position_s + ((performance.now() - measured_at) / 1_000) * rate : position_s;
}

async function fetched(url: string): Promise<string | { failed: SubtitlesOutcome }> {
  const patience = new AbortController();
  const timer = setTimeout(() => {
    patience.abort();
  }, PATIENCE_MS);
  try {
    const answer = await fetch(url, {
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: patience.signal,
    });
    if (!answer.ok) return { failed: "unreachable" };
    const bytes = await bounded(answer, SUBTITLES_LONGEST);
    return bytes === null ? { failed: "too_large" } : textOf(bytes);
  } catch {
    return { failed: "unreachable" };
  } finally {
    clearTimeout(timer);
    patience.abort();
  }
}

/** What an answer holds; null: more than that. */
async function bounded(answer: Response, most: number): Promise<ArrayBuffer | null> {
  const reader = answer.body?.getReader();
  if (reader === undefined) return new ArrayBuffer(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) return null;
    chunks.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole.buffer;
}

/** The browser's own parser, which is reached through a track of a video that shows nothing. */
async function cuesOf(vtt: string): Promise<readonly Cue[]> {
  const url = URL.createObjectURL(new Blob([vtt], { type: "text/vtt" }));
  const track = document.createElement("track");
  track.kind = "subtitles";
  track.src = url;
  document.createElement("video").append(track);
  track.track.mode = "hidden";
  await new Promise<void>((done) => {
    const timer = setTimeout(done, PATIENCE_MS);
    const end = () => {
      clearTimeout(timer);
      done();
    };
    track.addEventListener("load", end);
    track.addEventListener("error", end);
  });
  URL.revokeObjectURL(url);
  return Array.from(track.track.cues ?? [])
    .filter((cue): cue is VTTCue => "getCueAsHTML" in cue)
    .map((line) => ({ from_s: line.startTime, to_s: line.endTime, line }));
}
