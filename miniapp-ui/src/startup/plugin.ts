/** Puts the page's first words into it when it is built: script, style, and the texts in every language. */
import { readFileSync } from "node:fs";

import { FluentBundle, FluentResource } from "@fluent/bundle";
import type { Plugin } from "vite";

const LANGUAGES = ["en", "ru"];
const TEXTS = ["old", "old-android", "old-ios", "old-desktop", "failed", "failed-lead", "reload"];

/** Where they stand in index.html: before everything that is loaded. */
const PLACE = "<!-- startup -->";

export function startup(): Plugin {
  return {
    name: "sovpalo-startup",
    transformIndexHtml: {
      // Before the build looks at the page: the style is made smaller with the others.
      order: "pre",
      handler: (page) =>
        page.replace(
          PLACE,
          () => `<style>${beside("startup.css")}</style><script>${startupScript()}</script>`,
        ),
    },
  };
}

/** The script as it stands in the page. */
export function startupScript(): string {
  const words = Object.fromEntries(LANGUAGES.map((language) => [language, wordsOf(language)]));
  // Nothing in a text may end the script that it stands in.
  return `var WORDS = ${JSON.stringify(words).replace(/</g, "\\u003c")};\n${beside("startup.js")}`;
}

function wordsOf(language: string): Record<string, string> {
  const bundle = new FluentBundle(language, { useIsolating: false });
  bundle.addResource(new FluentResource(beside(`../../../locales/${language}/startup.ftl`)));
  const words = TEXTS.map((name) => {
    const text = bundle.getMessage(`startup-${name}`)?.value;
    if (text === null || text === undefined)
      throw new Error(`locales/${language}/startup.ftl has no startup-${name}`);
    return [name, bundle.formatPattern(text)] as const;
  });
  return { language, ...Object.fromEntries(words) };
}

function beside(file: string): string {
  return readFileSync(`${import.meta.dirname}/${file}`, "utf8");
}
