/**
 * What is offered to be added by hand, beside what a search has found. What somebody pasted may be no name: then the name
 * in it is offered, or nothing, so that no address becomes a title.
 */
import type { TitlePage } from "../generated/wire";

/** How the search for a text stands: its answer, or that it failed or takes long. */
export interface Answer {
  query: string;
  /** `null`: there is none. */
  page: (Pick<TitlePage, "items" | "near" | "read_as"> & Partial<Pick<TitlePage, "incomplete">>) | null;
  /** It came after `query` had been offered without it. */
  late: boolean;
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

/**
 * `answer` is the last one there is, which may be that to an earlier text. Nothing is offered before the search for this
 * text has ended or taken long, and what is offered keeps its place: under a thumb, nothing moves or turns into something else.
 */
export function offerOf(typed: string, answer: Answer | null): Offer {
  const nothing = { text: null, first: false, unknownLink: null };
  if (typed === "" || answer?.query !== typed) return nothing;
  if (answer.page === null) return NO_NAME.test(typed) ? nothing : { ...nothing, text: typed, first: true };
  const { items, near, read_as: read } = answer.page;
  const text = read ? read.name : typed;
  const unknown = read?.kind === "link" && text === null && items.length === 0;
  return { text, first: near || answer.late, unknownLink: unknown ? (read.site ?? "none") : null };
}
