/** What the server is asked about my films. */
import type { ImportedList, Mark, OwnTitlePage, TitleMark } from "../generated/wire";
import type { Api } from "../net/api";

/** The server takes no more titles by one request. */
const AT_ONCE = 500;
/** So many are on a page. */
const PAGE = 30;
/** A file is on its way for longer than other calls, in ms; the server waits for it almost as long. */
const FILE_WITHIN = 35_000;

/** What I marked a title as. */
export async function markOf(api: Api, id: string): Promise<Mark | null> {
  return (await api.ask<TitleMark>("GET", own(id))).mark;
}

/** Marks a title, or takes its mark away. */
export function mark(api: Api, id: string, mark: Mark | null): Promise<void> {
  return api.ask("PUT", own(id), { mark });
}

/** Marks several titles alike. */
export async function markAll(api: Api, ids: readonly string[], mark: Mark): Promise<void> {
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    await api.ask<undefined>("PUT", "/api/me/titles", { titles: ids.slice(from, from + AT_ONCE), mark });
  }
}

/** A page of what I marked so, the newest first. */
export function films(api: Api, mark: Mark, cursor: string | null): Promise<OwnTitlePage> {
  const query = new URLSearchParams({ mark, limit: String(PAGE) });
  if (cursor !== null) query.set("cursor", cursor);
  return api.ask("GET", `/api/me/titles?${query.toString()}`);
}

/** What a list names. Nothing is marked by it. */
export function readFile(api: Api, file: Blob, name: string | null): Promise<ImportedList> {
  const query = name === null ? "" : `?${new URLSearchParams({ name }).toString()}`;
  // Whatever type a browser gives it, the server looks into it.
  const bytes = file.slice(0, file.size, "application/octet-stream");
  return api.ask("POST", `/api/me/titles/import${query}`, bytes, FILE_WITHIN);
}

function own(id: string): string {
  return `/api/me/titles/${encodeURIComponent(id)}`;
}
