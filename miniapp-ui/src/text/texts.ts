/**
 * The words on the screens, from the same Fluent files that the bot's words come from. A language is loaded
 * when it is first needed; a message that a language lacks is taken from English.
 */
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import { createSignal } from "solid-js";

export type Language = "en" | "ru";
export type Arguments = Record<string, FluentVariable>;

const SOURCES: Record<Language, () => Promise<{ default: string }>> = {
  en: () => import("../../../locales/en/ui.ftl?raw"),
  ru: () => import("../../../locales/ru/ui.ftl?raw"),
};

const [bundle, setBundle] = createSignal<FluentBundle | null>(null);
const [language, setLanguage] = createSignal<Language>("en");

export { language };

/** The language we have for what Telegram calls somebody's language. */
export function languageFor(code: string): Language {
  const primary = code.toLowerCase().split(/[-_]/)[0];
  // People whose languages lean on Russian are better served by it than by English.
  // The same choice as the server makes for the names of titles: a screen never mixes the two.
  return ["ru", "be", "uk", "kk"].includes(primary ?? "") ? "ru" : "en";
}

export async function speak(wanted: Language): Promise<void> {
  if (bundle() !== null && language() === wanted) return;
  const source = await SOURCES[wanted]();
  const next = new FluentBundle(wanted, { useIsolating: false });
  next.addResource(new FluentResource(source.default));
  document.documentElement.lang = wanted;
  setLanguage(wanted);
  setBundle(() => next);
}

/** The text of a message in the current language; follows the language when called from a view. */
export function t(id: string, args?: Arguments): string {
  const current = bundle();
  const message = current?.getMessage(id);
  if (!current || !message?.value) return current === null ? "" : id;
  return current.formatPattern(message.value, args);
}
