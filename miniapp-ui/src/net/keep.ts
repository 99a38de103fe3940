/**
 * A small durable memory: strings by key. Storage can be blocked inside a frame, so that nothing here
 * throws; what cannot be kept on disk is kept until the page closes.
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

/** The browser's own storage; a write that it refuses (full, blocked) goes to memory instead. */
export function onDisk(storage: () => Storage): Keep {
  const rest = inMemory();
  const attempt = <T>(act: (disk: Storage) => T, otherwise: T): T => {
    try {
      return act(storage());
    } catch {
      return otherwise;
    }
  };
  return {
    get: (key) => rest.get(key) ?? attempt((disk) => disk.getItem(key), null),
    set(key, value) {
      const written = attempt((disk) => {
        disk.setItem(key, value);
        return true;
      }, false);
      if (written) rest.remove(key);
      else rest.set(key, value);
    },
    remove(key) {
      rest.remove(key);
      attempt((disk) => {
        disk.removeItem(key);
      }, undefined);
    },
    keys(prefix) {
      const disk = attempt((disk) => Object.keys(disk).filter((key) => key.startsWith(prefix)), []);
      return [...new Set([...disk, ...rest.keys(prefix)])];
    },
  };
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
