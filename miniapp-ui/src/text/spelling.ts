/**
 * What the server will probably make of a typed name, for the moment until it has said so.
 *
 * The server decides which card a name means, by a normal form that knows much more than this one. A wrong guess here shows a
 * title a moment too early or too late, and nothing else.
 */
import type { Title } from "../generated/wire";

/** Rounded, square, or none at all: `Solaris (1972)`, `Solaris, 1972`. */
const YEAR = /^(.*\S)[\s,([]+((?:18[7-9]|19\d|20[0-3])\d)[\s)\].]*(?:г\.?)?$/u;
const NUMBERED = /^[^\p{L}\p{N}]*\d{1,3}[.)]\s+/u;

interface Spelled {
  letters: string;
  year: number | null;
}

/** The letters and digits of a name, all alike. */
function lettersOf(name: string): string {
  const plain = name.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "");
  return plain.replace(/[^\p{L}\p{N}]/gu, "") || plain.trim();
}

function spelled(text: string): Spelled {
  const item = text.trim().replace(NUMBERED, "");
  const dated = YEAR.exec(item.normalize("NFKC"));
  const [, name, year] = dated ?? [];
  if (name === undefined || year === undefined) return { letters: lettersOf(item), year: null };
  return { letters: lettersOf(name), year: Number(year) };
}

/** Whether a typed name is this title's: no other letters, and no other year. */
export function isNameOf(text: string, title: Title): boolean {
  const wanted = spelled(text);
  const names = [title.name, title.original_name ?? title.name];
  return names.some((name) => {
    // What was typed may carry its year in the name; a catalogue's number always belongs to it.
    const its = title.kind === "text" ? spelled(name) : { letters: lettersOf(name), year: title.year };
    const years = wanted.year === null || its.year === null || wanted.year === its.year;
    return (its.letters === wanted.letters && years) || lettersOf(name) === lettersOf(text);
  });
}
