import browserslistToEsbuild from "browserslist-to-esbuild";
import solid from "vite-plugin-solid";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

import { compressed } from "./src/startup/compressed.ts";
import { startup } from "./src/startup/plugin.ts";
import { parsedTexts } from "./src/text/plugin.ts";

/** From which version on the build leaves class fields alone. */
const CLASS_FIELDS: Partial<Record<string, number>> = { chrome: 98, edge: 98, ios: 16, safari: 16 };

/** Where the files of the document with the players lie in what is built. */
const PLAYER_ASSETS = "assets/player";

/**
 * `vite build` builds the app. `vite build --mode player` builds the document with the players beside it: built together, they would share
 * pieces, and every phone would load more of them before the first card.
 */
export default defineConfig(({ mode }) => ({
  plugins: [
    solid(),
    parsedTexts(),
    ownDom("virtua", ["virtua"]),
    ownDom("drawer", ["@corvu", "solid-dismissible"]),
    startup(),
    compressed(mode === "player" ? PLAYER_ASSETS : ""),
    playerAddress(),
  ],
  // The server replaces the placeholder with a fresh nonce for every answer.
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    // Every page has the names of all pieces in it, and nothing of a hash can be compressed: seven characters of it tell versions apart, and more than 64 pieces.
    ...(mode !== "player" && {
      rolldownOptions: {
        output: {
          chunkFileNames: "assets/[name]-[hash:7].js",
          assetFileNames: "assets/[name]-[hash:7][extname]",
        },
      },
    }),
    ...(mode === "player" && {
      rolldownOptions: { input: "player.html" },
      assetsDir: PLAYER_ASSETS,
      emptyOutDir: false,
      // hls.js is as large as it is, and only fetched for what needs it.
      chunkSizeWarningLimit: 700,
    }),
    // For the browsers that package.json names; browsers/built.test.ts looks at what comes of it.
    target: browserslistToEsbuild().map(withClassFields),
    cssTarget: browserslistToEsbuild(),
    // Inlined assets would be data: addresses, which the content security policy need not allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    // The texts live in /locales, beside this package.
    fs: { allow: [".."] },
    proxy: { "/api": { target: "http://127.0.0.1:8080", ws: true } },
  },
  // Screens are tested in a document (`*.test.tsx` ask for one by their first line), everything else without.
  // A busy machine takes its time: only what never comes fails.
  test: {
    environment: "node",
    testTimeout: 20_000,
    include: ["src/**/*.test.{ts,tsx}", "browsers/**/*.test.ts"],
  },
}));

/**
 * Browsers before these have class fields, with a flaw in static ones that nothing here meets; yet for them the build would
 * rewrite every field and private method, and every phone would load 3 KB more.
 */
function withClassFields(target: string): string {
  const [, name = "", version = ""] = /^([a-z]+)([\d.]+)$/.exec(target) ?? [];
  return `${name}${Math.max(Number(version), CLASS_FIELDS[name] ?? 0)}`;
}

/**
 * Gives a package that few screens need its own copy of Solid's DOM helpers. They keep no state, and what only that package uses of
 * them would otherwise be loaded by every phone before the first card.
 */
function ownDom(name: string, packages: string[]): Plugin {
  return {
    name: `sovpalo-own-dom-${name}`,
    apply: "build",
    enforce: "pre",
    async resolveId(source, importer, options) {
      if (source !== "solid-js/web" || !packages.some((one) => importer?.includes(`/node_modules/${one}/`)))
        return null;
      const shared = await this.resolve(source, importer, { ...options, skipSelf: true });
      return shared && { ...shared, id: `${shared.id}?${name}` };
    },
  };
}

/** While it is developed, the document with the players is where the server has it. */
function playerAddress(): Plugin {
  return {
    name: "sovpalo-player-address",
    configureServer: ({ middlewares }) => {
      middlewares.use((request, _, next) => {
        if (request.url === "/player") request.url = "/player.html";
        next();
      });
    },
  };
}
