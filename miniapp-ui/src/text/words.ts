/** The words of one part that few open, or that is opened late. They come with it, so that no first card waits for them. */
import { FluentBundle, type FluentResource } from "@fluent/bundle";
import { createResource } from "solid-js";

import { untilFetched } from "../net/untilFetched";
import { type Arguments, type Language, language } from "./texts";

/** A text by its id, in the current language; nothing while the words are on their way. */
export type Words = (id: string, args?: Arguments) => string;

/** Where the words are, in each language. */
export type Sources = Record<Language, () => Promise<{ default: FluentResource }>>;

/** Says them in the current language, and follows it. Whoever asks before they are there waits, as for any resource. */
export function createWords(sources: Sources): Words {
  const [bundle] = createResource(language, async (spoken) => {
    const bundle = new FluentBundle(spoken, { useIsolating: false });
    bundle.addResource((await untilFetched(sources[spoken], () => undefined)).default);
    return bundle;
  });
  return (id, args) => {
    // In another language they change at once rather than being gone for a moment.
    const words = bundle.latest;
    const message = words?.getMessage(id)?.value;
    return words && message ? words.formatPattern(message, args) : "";
  };
}
