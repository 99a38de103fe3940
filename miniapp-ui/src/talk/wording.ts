/** What is in a message's text: links, emoji, and how it is said in one line. Pure. */

export type Piece = { kind: "text"; text: string } | { kind: "link"; text: string; url: string };

/** So many links of one message can be opened; the rest stays plain text. */
export const MAX_LINKS = 20;

const LINK = /(?:https?:\/\/|www\.)[^\s<>"«»]+/giu;
/** What ends a sentence is not the end of a link. */
const AFTER_LINK = /[.,!?:;'"…\])}]+$/u;

/** The text cut at its links. Nothing is looked up: a link is what begins like one. */
export function pieces(text: string): Piece[] {
  const made: Piece[] = [];
  let from = 0;
  let links = 0;
  for (const match of text.matchAll(LINK)) {
    if (links >= MAX_LINKS) break;
    const written = withoutTail(match[0]);
    const url = address(written);
    if (url === null) continue;
    links += 1;
    if (match.index > from) made.push({ kind: "text", text: text.slice(from, match.index) });
    made.push({ kind: "link", text: written, url });
    from = match.index + written.length;
  }
  if (from < text.length) made.push({ kind: "text", text: text.slice(from) });
  return made;
}

function withoutTail(written: string): string {
  const cut = written.replace(AFTER_LINK, "");
  // Wikipedia's addresses end in a bracket that they have opened.
  const tail = written.slice(cut.length);
  return tail.startsWith(")") && cut.split("(").length > cut.split(")").length ? `${cut})` : cut;
}

function address(written: string): string | null {
  try {
    const url = new URL(/^www\./iu.test(written) ? `https://${written}` : written);
    return url.hostname.includes(".") ? url.href : null;
  } catch {
    return null;
  }
}

/** So many emoji are shown large; more are words like any others. */
export const MAX_LARGE = 3;

const EMOJI =
  /^(?:\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?[\u{E0020}-\u{E007F}]*(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?)*)/u;

/** How many emoji a text is made of; 0 if there is anything else in it, or if there are more than are shown large. */
export function onlyEmoji(text: string): number {
  let rest = text.trim();
  let count = 0;
  while (rest !== "" && count <= MAX_LARGE) {
    const match = EMOJI.exec(rest);
    if (match === null) return 0;
    count += 1;
    rest = rest.slice(match[0].length).trimStart();
  }
  return count > MAX_LARGE ? 0 : count;
}

/** One line of a text, for a quote or a preview. It is cut where it is drawn. */
export function oneLine(text: string): string {
  return text.slice(0, 300).replace(/\s+/gu, " ").trim();
}
