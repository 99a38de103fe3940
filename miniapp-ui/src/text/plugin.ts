/**
 * Parses the Fluent files when the page is built, so that no phone loads the parser: `words.ftl` is imported as what
 * {@link FluentBundle.addResource} takes.
 */
import { readFileSync } from "node:fs";

import { FluentResource } from "@fluent/bundle";
import type { Plugin } from "vite";

export function parsedTexts(): Plugin {
  return {
    name: "sovpalo-texts",
    enforce: "pre",
    load(id) {
      if (!id.endsWith(".ftl")) return null;
      this.addWatchFile(id);
      const { body } = new FluentResource(readFileSync(id, "utf8"));
      // As a string the browser reads it faster, and as JSON it is the same in every tool.
      return `export default JSON.parse(${JSON.stringify(JSON.stringify({ body }))});`;
    },
  };
}
