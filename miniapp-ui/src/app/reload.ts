/**
 * Loads the page again where the server says that it is too old for it (410 `reload`), and where parts of it do not come while the server's page
 * names another build; once for each build: a page that is told so again by the server that gave it would load for ever. Part of the page
 * itself, since the server of a newer version has none of an older one's parts to load.
 */
import type { Fetch } from "../net/api";
import { Refused, readRefusal } from "../net/problem";

/** What of a page this touches. */
export interface Loaded {
  /** Outlives a reload, and not the tab. */
  storage: () => Pick<Storage, "getItem" | "setItem">;
  /** The name of what it was built as: another build has another one. */
  build: () => string;
  reload: () => void;
}

export const RELOADED_FOR = "sovpalo.reloaded";

/** The same calls; whichever is told to reload does it. */
export function reloading(ask: Fetch, page: Loaded = here): Fetch {
  return async (path, init) => {
    const response = await ask(path, init);
    if (response.status === 410) void reloadIfTold(response.clone(), page);
    return response;
  };
}

async function reloadIfTold(response: Response, page: Loaded): Promise<void> {
  const refusal = await readRefusal(response);
  // By the server's own word only: a proxy's page may have any status.
  if (refusal instanceof Refused && refusal.code === "reload") loadOnce(page);
}

/** Looks whether the server's page is of another build than this one; then its files are what does not come. */
export async function reloadIfRebuilt(ask: Fetch, page: Loaded = here): Promise<void> {
  try {
    const response = await ask("/", { cache: "no-store" });
    const html = response.ok ? await response.text() : "";
    // A proxy's page names no build at all.
    const [entry] = /\/assets\/index-[\w-]+\.js/.exec(html) ?? [];
    if (entry !== undefined && !page.build().endsWith(entry)) loadOnce(page);
  } catch {
    // Nobody is there: then nothing is known of its files.
  }
}

function loadOnce(page: Loaded): void {
  try {
    const build = page.build();
    if (page.storage().getItem(RELOADED_FOR) === build) return;
    page.storage().setItem(RELOADED_FOR, build);
  } catch {
    // What cannot be remembered would be done again and again.
    return;
  }
  page.reload();
}

const here: Loaded = {
  storage: () => sessionStorage,
  // The entry's name has the hash of all that it loads.
  build: () => document.querySelector<HTMLScriptElement>("script[type=module][src]")?.src ?? "",
  reload() {
    location.reload();
  },
};
