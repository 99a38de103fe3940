/**
 * Room codes where people paste them: the code itself, a link in any of Telegram's forms, or a message that
 * has one of these somewhere. Whoever pastes more than the code still means the code.
 */

/** Longer texts are no invitation. */
const LONGEST = 2_000;
/** Crockford's alphabet, with what is read for another: O, I, L. */
const SIGN = "[0-9A-TV-Z]";
const END = "(?![0-9A-Z])";
/** In the middle of other text only a hyphen may part a code: two words of four letters are no code. */
const INSIDE = `(?<code>${SIGN}{4}-?${SIGN}{4})${END}`;
const ALONE = `(?<code>${SIGN}(?:[ -]{0,3}${SIGN}){7})${END}`;

/** Where a code is, the surest first. Telegram's links say `startapp` or `start`, ours `/room/`. */
const PLACES = [
  `[?&;]start(?:app|group)?=${INSIDE}`,
  `/start(?:@\\w+)? +${INSIDE}`,
  `/room/${INSIDE}`,
  `^[^0-9A-Z]*${ALONE}[^0-9A-Z]*$`,
  `(?:CODE|КОД)[^0-9A-Z]{1,24}${INSIDE}`,
].map((place) => new RegExp(place, "iu"));
const WORD = new RegExp(`^${SIGN}{4}-?${SIGN}{4}$`, "i");

/** A room's code in what was typed or pasted. Null: there is none. */
export function roomCode(typed: string | null): string | null {
  if (typed === null || typed.length > LONGEST) return null;
  const text = plain(typed);
  for (const place of PLACES) {
    const found = place.exec(text)?.groups?.code;
    if (found !== undefined) return written(found);
  }
  return amongWords(text);
}

/**
 * A word that can only be meant as a code: one with a digit or all in capitals, since many words have eight letters.
 * Two different ones say nothing.
 */
function amongWords(text: string): string | null {
  const words = text.split(/[^0-9A-Z-]+/i).filter((word) => WORD.test(word));
  const meant = words.filter((word) => /\d/.test(word) || word === word.toUpperCase());
  const codes = new Set(meant.map(written));
  const [only] = codes;
  return codes.size === 1 && only !== undefined ? only : null;
}

/** Full width and other guises of letters, dashes and spaces as plain ones; an address's escapes undone. */
function plain(typed: string): string {
  const text = typed
    .normalize("NFKC")
    .replace(/[\p{Pd}\u2212]/gu, "-")
    .replace(/\p{Cf}/gu, "");
  const spaced = text.replace(/[^\S\n]/gu, " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

function written(code: string): string {
  return code.toUpperCase().replace(/[ -]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
}
