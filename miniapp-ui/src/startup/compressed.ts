/** Lays beside each file of the build its compressed forms, so that the server never compresses one while somebody waits. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import type { Plugin } from "vite";

/** The server writes into the pages before it sends them. */
const WRITTEN_INTO = /^(index|player)\.html$/;

/** `folder` is the part of the build that this run of it writes; all of it, if it is empty. */
export function compressed(folder: string): Plugin {
  let dist = "";
  let writes = true;
  return {
    name: "sovpalo-compressed",
    apply: "build",
    // After everything that may still change a file.
    enforce: "post",
    configResolved(config) {
      // A test builds as well, and writes nothing.
      writes = config.build.write;
      dist = join(config.root, config.build.outDir, folder);
    },
    closeBundle: {
      order: "post",
      handler() {
        if (writes) compressAll(dist);
      },
    },
  };
}

/** A form that is no smaller than the file itself is not written: the server then sends the file. */
export function compressAll(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || WRITTEN_INTO.test(entry.name) || /\.(br|gz)$/.test(entry.name)) continue;
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
