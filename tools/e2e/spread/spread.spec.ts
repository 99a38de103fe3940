/**
 * How far apart phones are that watch together, measured: whole phones against the real server, with wrong clocks and slow networks, by the
 * runner's one clock. `cargo xtask spread` runs it.
 */
import { writeFile } from "node:fs/promises";
import type { Browser } from "@playwright/test";
import { Evening, test } from "../support/evening.ts";
import { Film } from "../support/film.ts";
import type { YoutubeManners } from "../support/youtube.ts";
import { Busy } from "./busy.ts";
import type { Delays } from "./network.ts";
import { type Outcome, outcomeOf, table } from "./outcome.ts";
import { Random } from "./random.ts";
import { type Shown, type Traits, Watcher } from "./watcher.ts";
import { SETTLING, Watching } from "./watching.ts";

const given = (name: string, otherwise: number): number => Number(process.env[`SPREAD_${name}`] ?? otherwise);
const PHONES = given("PHONES", 4);
const ROUNDS = given("ROUNDS", 2);
const SEED = given("SEED", 1);
const FILMS = (process.env["SPREAD_FILMS"] ?? "file,hls,youtube").split(",");

/** A machine that is busier says nothing. */
const BUSIEST = 0.9;
/** In ms. */
const BAR = { file: 150, hls: 150, youtube: 300 } as const;
type Kind = keyof typeof BAR;
const NAMES = { file: "file", hls: "HLS", youtube: "YouTube (stand-in)" } as const;
const FILM_S = 300;
const VIDEO = "https://www.youtube.com/watch?v=aqz-KE-bpKQ";
const ADDRESSES = { file: Film.file, hls: Film.stream, youtube: VIDEO } as const;
const NAMES_OF_MORE = ["Dan", "Eva", "Finn", "Gleb", "Hugo"];

/** The quickest and the slowest phone, in ms of delay each way. */
const QUICKEST = 20;
const SLOWEST = 300;
/** The way up takes so much longer than the way down, as a share of both: no clock can see it. */
const LOPSIDED = 0.05;
const JITTER = 0.15;
/** In ms. */
const MOST_SKEW = 5_000;
const SLOWED = 3;

const log = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** From the quickest network to the slowest, with clocks that are wrong either way; the second phone's processor is slow. */
function traitsOf(index: number, random: Random): Traits {
  const share = index / Math.max(1, PHONES - 1);
  const delay = QUICKEST * (SLOWEST / QUICKEST) ** share;
  const side = index % 2 === 0 ? 1 : -1;
  const delays: Delays = {
    up: delay * (1 + side * LOPSIDED),
    down: delay * (1 - side * LOPSIDED),
    jitter: delay * JITTER,
  };
  const skew_ms = Math.round(side * random.between(0.5, 1) * MOST_SKEW);
  return { delays, skew_ms, slowed: index === 1 ? SLOWED : 1 };
}

/** Some have an advertisement first, some in the middle. */
function mannersOf(index: number): Partial<YoutubeManners> {
  return {
    duration_s: FILM_S,
    preroll_s: index === 1 ? 4 : 0,
    midrolls: index === 2 ? [{ at_s: 150, lasts_s: 5 }] : [],
  };
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}

async function watched(kind: Kind, evening: Evening, browser: Browser): Promise<Outcome> {
  const random = new Random(SEED);
  const { telegram } = evening;
  const people = [...evening.people];
  while (people.length < PHONES)
    people.push(await telegram.newPerson(NAMES_OF_MORE[people.length - 3] ?? `Person ${people.length}`));
  const chat = await telegram.newGroup(`Watching ${kind}`, people);
  const [host] = people;
  if (host === undefined) throw new Error("nobody is there");
  const card = await evening.opensRoom(host, chat);
  const film =
    kind === "youtube"
      ? null
      : await Film.make({ duration_s: FILM_S, size: "320x180", hasSound: false, part_s: 2 });
  const watchers: Watcher[] = [];
  try {
    for (const [index, person] of people.slice(0, PHONES).entries()) {
      const shown: Shown = film === null ? { youtube: mannersOf(index) } : { film, duration_s: FILM_S };
      const traits = traitsOf(index, random);
      watchers.push(await Watcher.on(browser, telegram, person, index, traits, shown, random));
    }
    const watching = new Watching(watchers, card, ADDRESSES[kind], FILM_S, random, log);
    await watching.begins();
    const busy = new Busy();
    for (let round = 0; round < ROUNDS; round += 1) await watching.round();
    const outcome = outcomeOf({
      name: NAMES[kind],
      bar_ms: BAR[kind],
      span: watching.span,
      noted: watchers.map(({ noted }) => noted),
      disturbances: watching.disturbances,
      sought: watching.sought,
      settling_ms: SETTLING,
      busy: busy.share,
    });
    for (const { name, index, traits, within } of watchers) {
      const { up, down, jitter } = traits.delays;
      const off = outcome.each[index];
      log(
        `  ${name}: ${Math.round(up)} ms up, ${Math.round(down)} ms down, jitter ${Math.round(jitter)} ms, clock ` +
          `${traits.skew_ms} ms off, processor ÷ ${traits.slowed}; from the middle phone ${Math.round(off?.p50 ?? NaN)} ms ` +
          `(p95 ${Math.round(off?.p95 ?? NaN)} ms), ${outcome.corrections[index]?.toFixed(1) ?? "?"} corrections/min, ` +
          `measured to ${within.toFixed(1)} ms`,
      );
    }
    for (const { from, to, most_ms, phone } of outcome.spells) {
      const event = watching.events.findLast(({ at }) => at <= from) ?? watching.events[0];
      log(
        `  too far apart: ${Math.round(most_ms)} ms for ${seconds(to - from)} s, ${watchers[phone]?.name ?? "?"} most, ` +
          `${seconds(from - (event?.at ?? from))} s after ${event?.what ?? "the beginning"}`,
      );
    }
    const noted = watchers.map(({ name, noted }) => ({ name, noted }));
    const { span, events, disturbances, sought } = watching;
    await writeFile(
      test.info().outputPath(`${kind}.json`),
      JSON.stringify({ span, events, disturbances, sought, noted }),
    );
    return outcome;
  } finally {
    for (const watcher of watchers) await watcher.end();
    await film?.dispose();
  }
}

// All phones share one address.
test.use({ limits: "off" });

test("phones that watch together are in step", async ({ evening, browser }) => {
  test.setTimeout(FILMS.length * (ROUNDS * 300_000 + 180_000));
  const outcomes: Outcome[] = [];
  for (const kind of FILMS) {
    if (!(kind in BAR)) throw new Error(`there is no film of kind ${kind}`);
    outcomes.push(await watched(kind as Kind, evening, browser));
    log(`\n${table(outcomes)}\n`);
  }
  const busiest = Math.max(...outcomes.map(({ busy }) => busy));
  if (busiest > BUSIEST)
    throw new Error(
      `The run is void: the machine was ${Math.round(busiest * 100)} % busy, and others share it.`,
    );
  const missed = outcomes.filter(({ p95, bar_ms }) => !(p95 <= bar_ms));
  if (missed.length > 0) throw new Error(`too far apart: ${missed.map(({ name }) => name).join(", ")}`);
});
