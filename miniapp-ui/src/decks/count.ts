/**
 * How many titles a deck has: asked when it changes, a moment after the last change; what comes late is dropped. What is stored here is there
 * at once, and what TMDB has beside it is added when it comes.
 */
import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from "solid-js";

import { useApp } from "../app/context";
import type { TitleFilter, TitlePage, TitlesElsewhere } from "../generated/wire";

export interface Count {
  /** The last number that came; null: it cannot be known now; undefined: none came yet. */
  titles: number | null | undefined;
  /** Whether it is of what is asked for now. */
  current: boolean;
}

/** The count of a filter, null of none. `after`: so long nothing else has to be asked for, in ms. */
export function createCount(filter: Accessor<TitleFilter | null>, after = 0): Accessor<Count> {
  const app = useApp();
  const [answer, setAnswer] = createSignal<{ asked: string; titles: number | null } | null>(null);
  const [attempt, setAttempt] = createSignal(0);
  // Other changes of the room ask for nothing.
  const asked = createMemo(() => {
    const wanted = filter();
    return wanted === null ? null : JSON.stringify(wanted);
  });
  const again = () => setAttempt((before) => before + 1);
  window.addEventListener("online", again);
  onCleanup(() => {
    window.removeEventListener("online", again);
  });
  /** How many more TMDB has; null: nobody can say now. */
  const elsewhere = async (search: TitleFilter): Promise<number | null> => {
    const query = new URLSearchParams(Object.entries(search).map(([name, value]) => [name, String(value)]));
    try {
      return (await app.api.ask<TitlesElsewhere>("GET", `/api/titles/elsewhere?${query.toString()}`)).count;
    } catch {
      return null;
    }
  };
  /** Asks, and returns what ends that. */
  const ask = (wanted: string) => {
    const abort = new AbortController();
    const came = (titles: number | null) => {
      if (!abort.signal.aborted) setAnswer({ asked: wanted, titles });
    };
    const timer = setTimeout(() => {
      const search = { q: "", ...(JSON.parse(wanted) as TitleFilter), limit: 1 };
      const counted = ({ count, more_elsewhere: more }: TitlePage) => {
        // None that is stored here says nothing yet of what TMDB has.
        if (!more || count !== 0) came(count);
        if (more)
          void elsewhere(search).then((beside) =>
            came(beside !== null ? beside + (count ?? 0) : count === 0 ? null : count),
          );
      };
      app.api.titles(search, abort.signal).then(counted, () => {
        came(null);
      });
    }, after);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  };
  createEffect(() => {
    attempt();
    const wanted = asked();
    if (wanted !== null) onCleanup(ask(wanted));
  });
  return () => ({ titles: answer()?.titles, current: answer() !== null && answer()?.asked === asked() });
}
