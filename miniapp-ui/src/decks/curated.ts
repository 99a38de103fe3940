/** The curated decks, asked for once in each language. */
import { type ResourceReturn, createResource } from "solid-js";

import { useApp } from "../app/context";
import type { Deck } from "../generated/wire";
import type { Api } from "../net/api";
import { language } from "../text/texts";

let known: { api: Api; language: string; decks: Promise<Deck[]> } | null = null;

function curated(api: Api, spoken: string): Promise<Deck[]> {
  if (known?.api !== api || known.language !== spoken) {
    const asked = { api, language: spoken, decks: api.decks() };
    known = asked;
    // What could not be had is asked for again.
    asked.decks.catch(() => {
      if (known === asked) known = null;
    });
  }
  return known.decks;
}

/** Follows the language; nothing is asked for while `wanted` says no. */
export function createCurated(wanted: () => boolean = () => true): ResourceReturn<Deck[]> {
  const app = useApp();
  return createResource(
    () => (wanted() ? language() : null),
    (spoken) => curated(app.api, spoken),
  );
}
