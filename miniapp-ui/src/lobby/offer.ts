/**
 * What is offered to be added by hand, beside what a search has found. What somebody pasted may be no name: then the name
 * in it is offered, or nothing, so that no address becomes a title.
 */
import type { TitlePage } from "../generated/wire";

/** A search's answer, and the text it answers. */
export interface Answer {
  query: string;
  page: Pick<TitlePage, "items" | "near" | "read_as">;
}

export interface Offer {
  /** What to add; `null`: nothing. */
  text: string | null;
  /** Before what was found, since that is only near. */
  first: boolean;
  /** It is a link that says nothing to us: the name of its site, or `none`. */
  unknownLink: string | null;
}

/** An address or a file: only the server can tell what is in it. */
const NO_NAME =
  /^(?:https?:\/\/|www\.\S)|^(?:[\p{L}\d-]+\.)+\p{L}{2,}\/|^tt\d{7,10}$|https?:\/\/|\.(?:mkv|mp4|avi|mov|m4v|webm|wmv|srt|torrent)$/iu;

/** `answer` is the last one there is, which may be that to an earlier text. */
export function offerOf(typed: string, answer: Answer | null): Offer {
  const nothing = { text: null, first: false, unknownLink: null };
  if (typed === "") return nothing;
  if (answer?.query !== typed) return NO_NAME.test(typed) ? nothing : { ...nothing, text: typed };
  const { items, near, read_as: read } = answer.page;
  const text = read ? read.name : typed;
  const unknown = read?.kind === "link" && text === null && items.length === 0;
  return { text, first: near, unknownLink: unknown ? (read.site ?? "none") : null };
}
