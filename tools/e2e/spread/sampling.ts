/**
 * Notes in a phone's own documents where its film truly is, and brings the notes to the runner's clock.
 *
 * The phone's clock is wrong on purpose: what a page asks for the time of day is off by the phone's skew. Moments are therefore of
 * `performance.now`, which counts from a document's own beginning; where that is by the runner's clock is measured past the proxy, on the
 * wire by which the browser is driven.
 */
import type { BrowserContext, Frame } from "@playwright/test";
import type { Sample } from "./statistics.ts";

/** Between two notes, in ms. */
const NOTE_EVERY = 100;
/** A note that took longer to make says too little of when it was, in ms. */
const NOTE_WITHIN = 5;
/** Exchanges by which the offset of a document's clock is measured: the quickest counts. */
const EXCHANGES = 20;

/** What a document has noted since it was asked last; times of its own clock. */
interface Notes {
  readonly samples: readonly { at: number; position_s: number; runs: boolean; ad: boolean }[];
  /** Seeks and changes of speed that were asked of the player. */
  readonly corrections: readonly { at: number; what: "seek" | "rate" }[];
}

/** The same by the runner's clock. */
export interface Noted {
  readonly samples: readonly (Sample & { readonly runs: boolean; readonly ad: boolean })[];
  readonly corrections: readonly { readonly at: number; readonly what: "seek" | "rate" }[];
}

/** The time of day is wrong by so many ms in all that this browser opens. */
export async function setsClock(context: BrowserContext, skew_ms: number): Promise<void> {
  await context.addInitScript(skew, skew_ms);
}

/** One document with a film, and how far its clock is from the runner's. */
export class Document {
  private constructor(
    readonly frame: Frame,
    private readonly offset: number,
    /** The offset is exact to this, in ms. */
    readonly within: number,
  ) {}

  /** From now on the film in it is noted. */
  static async of(frame: Frame): Promise<Document> {
    await frame.evaluate(note, { every: NOTE_EVERY, within: NOTE_WITHIN });
    let best = { offset: 0, took: Infinity };
    for (let times = 0; times < EXCHANGES; times += 1) {
      const sent = performance.now();
      const there = await frame.evaluate(() => performance.now());
      const took = performance.now() - sent;
      if (took < best.took) best = { offset: sent + took / 2 - there, took };
    }
    return new Document(frame, best.offset, best.took / 2);
  }

  /** What it has noted since. */
  async noted(): Promise<Noted> {
    const { samples, corrections } = await this.frame.evaluate(() =>
      (window as unknown as { notes: () => Notes }).notes(),
    );
    return {
      samples: samples.map((one) => ({ ...one, at: one.at + this.offset })),
      corrections: corrections.map((one) => ({ ...one, at: one.at + this.offset })),
    };
  }
}

/** Runs in every document of a phone. It may use nothing from outside. */
function skew(by_ms: number): void {
  const Real = Date;
  class Skewed extends Real {
    constructor(...given: unknown[]) {
      if (given.length === 0) super(Skewed.now());
      else super(...(given as [number]));
    }

    static override now(): number {
      return Real.now() + by_ms;
    }
  }
  const origin = performance.timeOrigin + by_ms;
  Object.defineProperty(performance, "timeOrigin", { get: () => origin });
  Object.defineProperty(window, "Date", { value: Skewed, configurable: true, writable: true });
}

/** Runs in the document with the film. It may use nothing from outside. */
function note({ every, within }: { every: number; within: number }): void {
  const isYoutube = location.host === "www.youtube-nocookie.com";
  const youtube = window as unknown as {
    position?: () => number;
    runs?: () => boolean;
    advertises?: () => boolean;
  };
  let notes: { samples: Notes["samples"][number][]; corrections: Notes["corrections"][number][] } = {
    samples: [],
    corrections: [],
  };
  const look = (): { position_s: number; runs: boolean; ad: boolean } | null => {
    if (isYoutube) {
      const { position, runs, advertises } = youtube;
      return position === undefined
        ? null
        : { position_s: position(), runs: runs?.() === true, ad: advertises?.() === true };
    }
    const video = document.querySelector("video");
    if (video === null || video.readyState < video.HAVE_METADATA) return null;
    const runs = !video.paused && !video.seeking && video.readyState >= video.HAVE_FUTURE_DATA;
    return { position_s: video.currentTime, runs, ad: false };
  };
  const corrected = (what: "seek" | "rate"): void => {
    notes.corrections.push({ at: performance.now(), what });
  };
  setInterval(() => {
    const before = performance.now();
    const seen = look();
    const after = performance.now();
    if (seen !== null && after - before <= within) notes.samples.push({ at: (before + after) / 2, ...seen });
  }, every);
  if (isYoutube) {
    window.addEventListener("message", ({ data }) => {
      const { func } = JSON.parse(String(data)) as { func?: string };
      if (func === "seekTo") corrected("seek");
      if (func === "setPlaybackRate") corrected("rate");
    });
  } else {
    // Of the film's own events none bubbles, but all are captured.
    document.addEventListener(
      "seeking",
      () => {
        corrected("seek");
      },
      true,
    );
    document.addEventListener(
      "ratechange",
      () => {
        corrected("rate");
      },
      true,
    );
  }
  Object.assign(window, {
    notes: () => {
      const taken = notes;
      notes = { samples: [], corrections: [] };
      return taken;
    },
  });
}
