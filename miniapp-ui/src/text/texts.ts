/**
 * The words on the screens, from the same Fluent files that the bot's words come from. A language is loaded
 * when it is first needed; a message that a language lacks is taken from English.
 */
import { FluentBundle, type FluentResource, type FluentVariable } from "@fluent/bundle";
import { createSignal } from "solid-js";

export type Language = "en" | "ru";
export type Arguments = Record<string, FluentVariable>;

type Source = () => Promise<{ default: FluentResource }>;

/** What the first screens need. */
const FIRST: Record<Language, Source> = {
  en: () => import("../../../locales/en/ui.ftl"),
  ru: () => import("../../../locales/ru/ui.ftl"),
};
/** What is needed once a screen is fetched on demand. */
const REST: Record<Language, Source> = {
  en: () => import("../../../locales/en/screens.ftl"),
  ru: () => import("../../../locales/ru/screens.ftl"),
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

/** What is to be said in which language, and what can be. */
let wanted: { language: Language | null; all: boolean } = { language: null, all: false };
let there: typeof wanted = { language: null, all: false };
let catchingUp: Promise<void> | null = null;

/** From now on in this language. Resolves when its words are there. */
export function speak(wish: Language): Promise<void> {
  wanted = { ...wanted, language: wish };
  return catchUp();
}

/** From now on with the words of all screens, in whatever language. */
export function speakOfAll(): Promise<void> {
  wanted = { ...wanted, all: true };
  return catchUp();
}

/** One at a time: whoever changes the wish meanwhile waits for the same end. */
function catchUp(): Promise<void> {
  catchingUp ??= fetchWanted().finally(() => {
    catchingUp = null;
  });
  return catchingUp;
}

async function fetchWanted(): Promise<void> {
  while (wanted.language !== null && (wanted.language !== there.language || wanted.all !== there.all)) {
    const fetched = { ...wanted, language: wanted.language };
    const files = [FIRST, ...(fetched.all ? [REST] : [])];
    const sources = await Promise.all(files.map((file) => file[fetched.language]()));
    const next = new FluentBundle(fetched.language, { useIsolating: false });
    for (const source of sources) next.addResource(source.default);
    document.documentElement.lang = fetched.language;
    there = fetched;
    setLanguage(fetched.language);
    setBundle(() => next);
  }
}

/** The text of a message in the current language; follows the language when called from a view. */
export function t(id: string, args?: Arguments): string {
  const current = bundle();
  const message = current?.getMessage(id);
  if (!current || !message?.value) return current === null ? "" : id;
  return current.formatPattern(message.value, args);
}
