import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { compressAll } from "./compressed.ts";

describe("the files of a build", () => {
  let dist = "";
  beforeEach(() => {
    dist = mkdtempSync(join(tmpdir(), "dist-"));
    mkdirSync(join(dist, "assets"));
  });
  afterEach(() => {
    rmSync(dist, { recursive: true });
  });

  it("have their compressed forms beside them, which unfold to the same bytes", () => {
    const script = "export const word = 'and again';\n".repeat(50);
    writeFileSync(join(dist, "assets/app.js"), script);
    compressAll(dist);
    compressAll(dist);
    expect(readdirSync(join(dist, "assets")).sort()).toEqual(["app.js", "app.js.br", "app.js.gz"]);
    expect(brotliDecompressSync(readFileSync(join(dist, "assets/app.js.br"))).toString()).toBe(script);
    expect(gunzipSync(readFileSync(join(dist, "assets/app.js.gz"))).toString()).toBe(script);
  });

  it("stay alone where the server writes into them, or where nothing would be saved", () => {
    for (const page of ["index.html", "player.html"])
      writeFileSync(join(dist, page), "<p>__CSP_NONCE__</p>".repeat(50));
    writeFileSync(join(dist, "assets/tiny.css"), "a{}");
    compressAll(dist);
    expect(readdirSync(dist).sort()).toEqual(["assets", "index.html", "player.html"]);
    expect(readdirSync(join(dist, "assets"))).toEqual(["tiny.css"]);
  });
});
