/** The words of a room's history. */
import type { Sources } from "../text/words";

export const WORDS: Sources = {
  en: () => import("../../../locales/en/evenings.ftl"),
  ru: () => import("../../../locales/ru/evenings.ftl"),
};
