/**
 * A small durable memory: strings by key. Storage can be blocked inside a frame, full, or gone between two
 * calls, so that nothing here throws; what cannot be kept on disk is kept with the page, over its reloads where
 * the browser allows it, and an older value never comes back in its place.
 */

/** Strings by key, in the order nobody promises. */
export interface Keep {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  /** All keys that begin like this. */
  keys(prefix: string): string[];
}

/** Memory only: for tests, and for pages whose storage is blocked. */
export function inMemory(): Keep {
  const entries = new Map<string, string>();
  return {
    get: (key) => entries.get(key) ?? null,
    set: (key, value) => void entries.set(key, value),
    remove: (key) => void entries.delete(key),
    keys: (prefix) => [...entries.keys()].filter((key) => key.startsWith(prefix)),
  };
}

/** So much is kept with a page at most, in characters: browsers allow little more. */
const MOST_WITH_PAGE = 200_000;

/**
 * The page's own entry in the browser's history, which a reload finds again, also in frames whose storage is
 * blocked. What does not fit, or comes too fast for the browser, is in memory only.
 */
export function inHistory(history: () => Pick<History, "state" | "replaceState">): Keep {
  const entries = new Map(attempt(() => Object.entries(readKept(history().state)), []));
  const write = () => {
    attempt(() => {
      const kept = Object.fromEntries(entries);
      if (JSON.stringify(kept).length > MOST_WITH_PAGE) return;
      const { state } = history() as { state: unknown };
      const others = typeof state === "object" && state !== null ? state : {};
      history().replaceState({ ...others, kept }, "");
    }, undefined);
  };
  return {
    get: (key) => entries.get(key) ?? null,
    set(key, value) {
      entries.set(key, value);
      write();
    },
    remove(key) {
      if (entries.delete(key)) write();
    },
    keys: (prefix) => [...entries.keys()].filter((key) => key.startsWith(prefix)),
  };
}

function readKept(state: unknown): Record<string, string> {
  const kept = typeof state === "object" && state !== null && "kept" in state ? state.kept : null;
  const entries = Object.entries(typeof kept === "object" && kept !== null ? kept : {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** The browser's own storage; a write that it refuses (full, blocked) goes to `rest` instead. */
export function onDisk(storage: () => Storage, rest: Keep = inMemory()): Keep {
  const remove = (key: string) => {
    attempt(() => {
      storage().removeItem(key);
    }, undefined);
  };
  const write = (key: string, value: string) =>
    attempt(() => {
      storage().setItem(key, value);
      return true;
    }, false);
  return {
    get: (key) => rest.get(key) ?? attempt(() => storage().getItem(key), null),
    set(key, value) {
      if (write(key, value)) {
        rest.remove(key);
        return;
      }
      rest.set(key, value);
      // After a reload it would be taken for the newest.
      remove(key);
    },
    remove(key) {
      rest.remove(key);
      remove(key);
    },
    keys(prefix) {
      const disk = attempt(() => Object.keys(storage()).filter((key) => key.startsWith(prefix)), []);
      return [...new Set([...disk, ...rest.keys(prefix)])];
    },
  };
}

function attempt<T>(act: () => T, otherwise: T): T {
  try {
    return act();
  } catch {
    return otherwise;
  }
}

/** A kept JSON value, or null when there is none or it cannot be read any more. */
export function keptJson(keep: Keep, key: string): unknown {
  const text = keep.get(key);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
