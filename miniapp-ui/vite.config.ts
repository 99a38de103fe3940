import browserslistToEsbuild from "browserslist-to-esbuild";
import solid from "vite-plugin-solid";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [solid()],
  // The server replaces the placeholder with a fresh nonce for every answer.
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    // Scripts and styles alike, for the browsers that package.json names.
    target: browserslistToEsbuild(),
    // Inlined assets would be data: addresses, which the content security policy need not allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    // The texts live in /locales, beside this package.
    fs: { allow: [".."] },
    proxy: { "/api": { target: "http://127.0.0.1:8080", ws: true } },
  },
  test: { environment: "node", include: ["src/**/*.test.ts", "browsers/**/*.test.ts"] },
});
