/** Which pictures tell of which kind of story. */
import type { Mood } from "./palette";
import {
  arches,
  balloons,
  beam,
  castle,
  city,
  gridland,
  horizon,
  mesas,
  moonPath,
  orbits,
  planet,
  rainbow,
  ranges,
  searchlights,
  stairs,
  waves,
} from "./scenery";
import {
  blinds,
  confetti,
  contours,
  equaliser,
  eye,
  fan,
  halftone,
  keyhole,
  lanes,
  onlookers,
  pane,
  petals,
  rays,
  ribbons,
  smile,
  speed,
  spikes,
  spiral,
  twoCircles,
  vinyl,
} from "./signs";
import type { Draw } from "./strokes";

export interface Motif {
  moods: readonly [Mood, ...Mood[]];
  draw: readonly [Draw, ...Draw[]];
}

/** By genre; of a title’s genres the telling ones decide (see design.ts). */
export const MOTIFS: Partial<Record<string, Motif>> = {
  "sci-fi": { moods: ["cool", "dark"], draw: [planet, orbits, gridland, beam] },
  fantasy: { moods: ["cool", "soft", "dark"], draw: [castle, ranges, moonPath] },
  adventure: { moods: ["warm", "earth", "cool"], draw: [ranges, waves, moonPath] },
  western: { moods: ["earth", "warm"], draw: [mesas, ranges] },
  romance: { moods: ["soft", "warm"], draw: [twoCircles, petals, moonPath, fan] },
  horror: { moods: ["dark"], draw: [spikes, eye, onlookers] },
  thriller: { moods: ["dark", "cool"], draw: [eye, spiral, blinds, stairs] },
  mystery: { moods: ["dark", "cool"], draw: [keyhole, spiral, stairs] },
  crime: { moods: ["dark", "earth", "cool"], draw: [city, blinds, stairs] },
  noir: { moods: ["dark"], draw: [blinds, city] },
  comedy: { moods: ["warm", "soft"], draw: [smile, confetti, rays, halftone, onlookers] },
  animation: { moods: ["soft", "warm", "cool"], draw: [rainbow, balloons, halftone, onlookers] },
  family: { moods: ["soft", "warm"], draw: [balloons, rainbow, castle] },
  short: { moods: ["soft", "warm", "cool"], draw: [confetti, ribbons] },
  music: { moods: ["warm", "dark", "cool"], draw: [vinyl, equaliser] },
  musical: { moods: ["warm", "soft"], draw: [equaliser, vinyl, ribbons, fan] },
  war: { moods: ["earth", "dark"], draw: [searchlights, rays] },
  action: { moods: ["warm", "dark", "cool"], draw: [rays, speed, halftone, gridland] },
  sport: { moods: ["warm", "cool"], draw: [lanes, speed] },
  documentary: { moods: ["earth", "cool"], draw: [contours, lanes] },
  history: { moods: ["earth"], draw: [arches, contours, fan] },
  biography: { moods: ["earth", "cool"], draw: [contours, pane, stairs] },
  drama: { moods: ["cool", "earth", "warm"], draw: [horizon, pane, waves, moonPath, stairs] },
};

/** For titles that nobody has described. */
export const ANY_MOTIF: Motif = {
  moods: ["warm", "cool", "soft", "earth"],
  draw: [ribbons, confetti, contours, fan, halftone],
};
