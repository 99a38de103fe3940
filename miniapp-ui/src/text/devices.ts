/** The words of one screen that few open. They come with it, so that no first card waits for them. */
import { FluentBundle, FluentResource } from "@fluent/bundle";
import { createResource } from "solid-js";

import { type Arguments, type Language, language } from "./texts";

const SOURCES: Record<Language, () => Promise<{ default: string }>> = {
  en: () => import("../../../locales/en/devices.ftl?raw"),
  ru: () => import("../../../locales/ru/devices.ftl?raw"),
};

/** Says them in the current language, and follows it. Whoever asks before they are there waits, as for any resource. */
export function createWords(): (id: string, args?: Arguments) => string {
  const [bundle] = createResource(language, async (spoken) => {
    const bundle = new FluentBundle(spoken, { useIsolating: false });
    bundle.addResource(new FluentResource((await SOURCES[spoken]()).default));
    return bundle;
  });
  return (id, args) => {
    const words = bundle();
    const message = words?.getMessage(id)?.value;
    return words && message ? words.formatPattern(message, args) : "";
  };
}
