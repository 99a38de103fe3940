/** A pasted text as the lines of a list. What a line names is for the server to say. */

/** More lines than this are not read; the server takes no more at once. */
export const MAX_LINES = 200;

export interface Lines {
  lines: string[];
  /** How many more there are. */
  unread: number;
}

const BREAKS = /[\n\r\v\f\u0085\u2028\u2029]+/u;

/** The lines that have something in them. A list on one line, `1. Solaris 2. Stalker 3. Alien`, has one for each number. */
export function linesOf(text: string): Lines {
  const broken = text.split(BREAKS).map((line) => line.trim());
  const visible = broken.filter((line) => /[^\s\p{Cf}]/u.test(line));
  const all = visible.length === 1 ? numbered(visible[0] ?? "") : visible;
  return { lines: all.slice(0, MAX_LINES), unread: Math.max(0, all.length - MAX_LINES) };
}

/** Cut before 1, 2, 3 and so on, if there are at least three of them; a film with a number in its name is not cut. */
function numbered(line: string): string[] {
  const items: string[] = [];
  let rest = line;
  for (let number = 1; ; number += 1) {
    const next = new RegExp(`(?:^|[\\s,;])${number + 1}[.)]\\s`, "u").exec(rest);
    if (!new RegExp(`^[\\s,;]*${number}[.)]\\s`, "u").test(rest)) return [line];
    if (next === null) {
      items.push(rest);
      break;
    }
    items.push(rest.slice(0, next.index));
    rest = rest.slice(next.index);
  }
  return items.length < 3 ? [line] : items.map((item) => item.replace(/^[\s,;]+|[\s,;]+$/gu, ""));
}
