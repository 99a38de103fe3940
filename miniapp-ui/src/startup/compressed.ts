/** Lays beside each file of the build its compressed forms, so that the server never compresses one while somebody waits. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import type { Plugin } from "vite";

/** The server writes into the page before it sends it. */
const WRITTEN_INTO = "index.html";

export function compressed(): Plugin {
  let dist = "";
  return {
    name: "sovpalo-compressed",
    apply: "build",
    // After everything that may still change a file.
    enforce: "post",
    configResolved(config) {
      dist = join(config.root, config.build.outDir);
    },
    closeBundle: {
      order: "post",
      handler() {
        compressAll(dist);
      },
    },
  };
}

/** A form that is no smaller than the file itself is not written: the server then sends the file. */
export function compressAll(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === WRITTEN_INTO || /\.(br|gz)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const plain = readFileSync(path);
    const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
    const forms = {
      br: brotliCompressSync(plain, {
        params: { ...quality, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
      }),
      gz: gzipSync(plain, { level: 9 }),
    };
    for (const [suffix, bytes] of Object.entries(forms)) {
      if (bytes.length < plain.length) writeFileSync(`${path}.${suffix}`, bytes);
    }
  }
}
