/** The words of my films, which come with them. One for all rows of all lists. */
import { createRoot } from "solid-js";

import { createWords } from "../text/words";

export const word = createRoot(() =>
  createWords({
    en: () => import("../../../locales/en/films.ftl"),
    ru: () => import("../../../locales/ru/films.ftl"),
  }),
);
