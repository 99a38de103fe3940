/**
 * Time limits for whatever may never answer: a server, or the Telegram around the page. Written with what every supported
 * browser has: `AbortSignal.timeout` came with Safari 16, `AbortSignal.any` with Safari 17.4.
 */

/** Aborts after so many milliseconds, or as soon as the other signal does. */
export function patience(milliseconds: number, other?: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const end = () => {
    clearTimeout(timer);
    other?.removeEventListener("abort", end);
    controller.abort();
  };
  const timer = setTimeout(end, milliseconds);
  if (other?.aborted === true) end();
  else other?.addEventListener("abort", end);
  return controller.signal;
}

/** What is promised, or else the other value: when it takes longer than this, or fails. */
export function within<T, E>(milliseconds: number, promised: Promise<T>, otherwise: E): Promise<T | E> {
  return new Promise((resolve) => {
    const give = (value: T | E) => {
      clearTimeout(timer);
      resolve(value);
    };
    const timer = setTimeout(() => give(otherwise), milliseconds);
    promised.then(give, () => give(otherwise));
  });
}
