/** What a run has shown, in numbers and in a table. Pure. */
import type { Noted } from "./sampling.ts";
import {
  type Disturbance,
  EVERY,
  quantile,
  settledAfter,
  type Spell,
  spells,
  type Spread,
  spreads,
  type Track,
} from "./statistics.ts";

/** What was watched. */
export interface Run {
  readonly name: string;
  /** The share of moments of 95 in a hundred has to be within this, in ms. */
  readonly bar_ms: number;
  readonly span: readonly [number, number];
  /** Of each phone, piece by piece. */
  readonly noted: readonly (readonly Noted[])[];
  readonly disturbances: readonly Disturbance[];
  readonly sought: readonly { readonly at: number; readonly until: number; readonly to_s: number }[];
  readonly settling_ms: number;
  /** The share of the machine's time in which it worked. */
  readonly busy: number;
}

export interface Outcome {
  readonly name: string;
  readonly bar_ms: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  /** How long each seek took until all were in step again; null: too long. */
  readonly settled: readonly (number | null)[];
  /** Corrections of one phone in a minute, the most of all phones. */
  readonly corrections: readonly number[];
  /** Each phone's distance from the middle one: what it mostly is, and the most. */
  readonly each: readonly { readonly p50: number; readonly p95: number }[];
  /** When they were too far apart. */
  readonly spells: readonly Spell[];
  readonly minutes: number;
  readonly busy: number;
}

export function outcomeOf(run: Run): Outcome {
  const tracks = run.noted.map((pieces): Track =>
    pieces.flatMap(({ samples }) => samples).sort((one, other) => one.at - other.at),
  );
  const disturbances = [...run.disturbances, ...advertisements(run)];
  const found = spreads(tracks, run.span, disturbances);
  const apart = found.map(({ apart_ms }) => apart_ms);
  return {
    name: run.name,
    bar_ms: run.bar_ms,
    p50: quantile(apart, 0.5),
    p95: quantile(apart, 0.95),
    max: quantile(apart, 1),
    settled: run.sought.map((seek) => settledAfter(tracks, seek, run.bar_ms)),
    corrections: run.noted.map((pieces, phone) => corrections(pieces, phone, run, found, disturbances)),
    each: tracks.map((_, phone) => {
      const off = found.flatMap(({ each_ms }) => each_ms[phone] ?? []);
      return { p50: quantile(off, 0.5), p95: quantile(off.map(Math.abs), 0.95) };
    }),
    spells: spells(found, run.bar_ms),
    minutes: looked(found),
    busy: run.busy,
  };
}

/** While one phone has an advertisement, the others may wait for it. */
function advertisements({ noted, settling_ms }: Run): Disturbance[] {
  return noted.flatMap((pieces) =>
    pieces
      .flatMap(({ samples }) => samples)
      .filter(({ ad }) => ad)
      .map(({ at }) => ({ phone: null, from: at, to: at + settling_ms })),
  );
}

function corrections(
  pieces: readonly Noted[],
  phone: number,
  { span: [from, to] }: Run,
  found: readonly Spread[],
  disturbances: readonly Disturbance[],
): number {
  const made = pieces
    .flatMap((piece) => piece.corrections)
    .filter(
      ({ at }) =>
        at >= from &&
        at < to &&
        !disturbances.some(
          (one) => (one.phone === null || one.phone === phone) && one.from <= at && at < one.to,
        ),
    );
  return made.length / Math.max(looked(found), 1 / 60);
}

/** How many minutes were looked at. */
function looked(found: readonly Spread[]): number {
  return (found.length * EVERY) / 60_000;
}

/** As README has it. */
export function table(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ name, bar_ms, p50, p95, max, settled, corrections, minutes, busy }) => {
    const known = settled.filter((one) => one !== null);
    const late = settled.length - known.length;
    const settling =
      known.length === 0 ? "–" : `${seconds(quantile(known, 0.5))}, ${seconds(quantile(known, 1))}`;
    return [
      name,
      ...[p50, p95, max].map(ms),
      ms(bar_ms),
      settling + (late > 0 ? `, ${late} never` : ""),
      `${Math.min(...corrections).toFixed(1)}–${Math.max(...corrections).toFixed(1)}`,
      `${minutes.toFixed(1)} min`,
      `${Math.round(busy * 100)} %`,
    ];
  });
  const head = [
    "film",
    "p50",
    "p95",
    "most",
    "p95 at most",
    "in step after a seek (p50, longest)",
    "corrections per phone and minute",
    "looked at",
    "machine busy",
  ];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

function seconds(value: number): string {
  return `${(value / 1_000).toFixed(1)} s`;
}
