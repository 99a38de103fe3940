import { describe, expect, it } from "vitest";

import { inHistory, inMemory, keptJson, onDisk } from "./keep";

/** A browser's storage, as far as it is used here. */
class Disk {
  readonly entries = new Map<string, string>();
  full = false;
  blocked = false;

  getItem(key: string): string | null {
    this.#check();
    return this.entries.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.#check();
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.entries.set(key, value);
    Object.assign(this, { [key]: value });
  }
  removeItem(key: string): void {
    this.#check();
    this.entries.delete(key);
    Reflect.deleteProperty(this, key);
  }
  #check(): void {
    if (this.blocked) throw new DOMException("denied", "SecurityError");
  }
}

class Entry {
  state: unknown = null;
  replaced = 0;
  replaceState(state: unknown): void {
    this.replaced += 1;
    this.state = structuredClone(state);
  }
}

const asStorage = (disk: object | null) => () => disk as Storage;

describe("what is kept", () => {
  it("is on disk, and found by another page", () => {
    const disk = new Disk();
    onDisk(asStorage(disk)).set("a.1", "one");
    const again = onDisk(asStorage(disk));
    expect(again.get("a.1")).toBe("one");
    expect(again.keys("a.")).toEqual(["a.1"]);
    again.remove("a.1");
    expect(again.get("a.1")).toBeNull();
  });

  it.each([
    ["throws when it is touched", () => Promise.reject.call(null) as never],
    ["is null", asStorage(null)],
    ["has nothing of what it should", asStorage({})],
  ])("is in memory where storage %s", (_, storage) => {
    const keep = onDisk(storage);
    keep.set("a.1", "one");
    expect(keep.get("a.1")).toBe("one");
    expect(keep.keys("a.")).toEqual(["a.1"]);
    keep.remove("a.1");
    expect(keep.get("a.1")).toBeNull();
  });

  it("survives a storage that is blocked between two calls", () => {
    const disk = new Disk();
    const keep = onDisk(asStorage(disk));
    keep.set("a.1", "one");
    disk.blocked = true;
    expect(keep.get("a.1")).toBeNull();
    keep.set("a.2", "two");
    expect(keep.get("a.2")).toBe("two");
    disk.blocked = false;
    expect(keep.keys("a.").sort()).toEqual(["a.1", "a.2"]);
  });

  it("never comes back older than it was", () => {
    const disk = new Disk();
    const keep = onDisk(asStorage(disk));
    keep.set("token", "old");
    disk.full = true;
    keep.set("token", "new");
    expect(keep.get("token")).toBe("new");
    expect(onDisk(asStorage(disk)).get("token"), "after a reload").toBeNull();
    disk.full = false;
    keep.set("token", "newest");
    expect(onDisk(asStorage(disk)).get("token")).toBe("newest");
  });

  it("is found again by a reload of a page whose storage is blocked", () => {
    const entry = new Entry();
    entry.state = { ours: 1 };
    const disk = new Disk();
    disk.blocked = true;
    onDisk(
      asStorage(disk),
      inHistory(() => entry),
    ).set("where", "7H3M00NS");
    expect(entry.state).toMatchObject({ ours: 1 });
    const reloaded = onDisk(
      asStorage(disk),
      inHistory(() => entry),
    );
    expect(reloaded.get("where")).toBe("7H3M00NS");
    reloaded.remove("where");
    expect(inHistory(() => entry).keys("")).toEqual([]);
  });

  it("stays small in the page's history, and touches it only when storage refuses", () => {
    const entry = new Entry();
    const keep = onDisk(
      asStorage(new Disk()),
      inHistory(() => entry),
    );
    keep.set("a", "1");
    expect(entry.replaced).toBe(0);
    const small = inHistory(() => entry);
    small.set("huge", "x".repeat(300_000));
    expect(small.get("huge")).toHaveLength(300_000);
    expect(JSON.stringify(entry.state).length).toBeLessThan(1_000);
  });

  it.each([null, 7, "x", [], { kept: null }, { kept: { a: 1, b: "two" } }, { kept: "x" }])(
    "is read from a history that holds %j",
    (state) => {
      const entry = new Entry();
      entry.state = state;
      const keep = inHistory(() => entry);
      expect(keep.get("a")).toBeNull();
      keep.set("c", "3");
      expect(inHistory(() => entry).get("c")).toBe("3");
    },
  );

  it("is in memory where the history refuses too", () => {
    const keep = inHistory(() => {
      throw new DOMException("too often", "SecurityError");
    });
    keep.set("a", "1");
    expect(keep.get("a")).toBe("1");
  });
});

describe("a kept JSON value", () => {
  it("is null when it cannot be read", () => {
    const keep = inMemory();
    for (const text of ["", "{", "undefined", "\u0000"]) {
      keep.set("a", text);
      expect(keptJson(keep, "a")).toBeNull();
    }
  });
});
