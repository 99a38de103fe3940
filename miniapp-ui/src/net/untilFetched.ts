/**
 * Code and words that are fetched on demand come in the end, whatever the network does meanwhile: what has failed once must not stay so.
 *
 * Promises: it is asked again, soon after each failure and at once when the network is back. Must never: give up, since whoever waits has
 * nothing else to go by.
 */
import { backoff } from "./backoff";

/** Styles that did not come. Who asks again is not told of them by the code that is fetched: it asks for each style once. */
const failedStyles = new Set<HTMLLinkElement>();
/** What to do where it has failed so often that the server may have other files by now. */
let givenUpHope: () => void = () => undefined;
const OFTEN = 3;

addEventListener(
  "error",
  ({ target }) => {
    if (target instanceof HTMLLinkElement) failedStyles.add(target);
  },
  true,
);

/** From now on this is done after every so many failures of one part. */
export function whenOftenFailed(act: () => void): void {
  givenUpHope = act;
}

/** Fetches until it comes, and says each time that it did not. */
export async function untilFetched<T>(load: () => Promise<T>, failed: () => void): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await Promise.all([...failedStyles].map(styleAgain));
      return await load();
    } catch {
      failed();
      if (attempt % OFTEN === 0) givenUpHope();
      await pause(backoff(attempt, Math.random()));
    }
  }
}

function styleAgain(link: HTMLLinkElement): Promise<unknown> {
  failedStyles.delete(link);
  return new Promise((loaded, broken) => {
    const again = link.cloneNode() as HTMLLinkElement;
    again.onload = loaded;
    again.onerror = broken;
    link.replaceWith(again);
  });
}

/** So many ms, or until the network is back. */
function pause(ms: number): Promise<void> {
  return new Promise((over) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      over();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
  });
}
