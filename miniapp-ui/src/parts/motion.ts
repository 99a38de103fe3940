/** How much moves: all that was designed, or less, for people who asked for that and for phones that would stutter. */

/** What a phone says of itself, where it says anything: processors, and memory in GiB, both rounded by the browser. */
export interface Device {
  hardwareConcurrency?: number;
  deviceMemory?: number;
}

/** A phone that has no time to spare for decoration. One that says nothing is none: Safari never tells of its memory. */
export function isLowEnd({ hardwareConcurrency = 4, deviceMemory = 4 }: Device): boolean {
  return hardwareConcurrency <= 2 || deviceMemory <= 2;
}

/** Whether things are to move less; the person may change their mind at any time. */
export function movesLess(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches || isLowEnd(navigator);
}
