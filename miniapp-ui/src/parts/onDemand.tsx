/**
 * Screens that the first card does not wait for. They are fetched in the quiet after it, so that a network
 * that dies in the middle of the evening takes no screen with it.
 *
 * Each is declared where it is used, and knows nothing of who uses it.
 */
import { type Component, Suspense, lazy } from "solid-js";

import { speakOfAll } from "../text/texts";
import { Skeleton } from "./Skeleton";

/** A whole screen shows its skeleton while it is fetched; anything else waits unseen. */
type Extent = "screen" | "part";

/** Those that nobody has fetched yet; null once they are to be fetched as soon as they are declared. */
let declared: (() => Promise<unknown>)[] | null = [];

/** A view whose code and words are fetched when it is first shown, or in the quiet before. */
export function onDemand<P extends object>(
  load: () => Promise<{ default: Component<P> }>,
  extent: Extent,
): Component<P> {
  const View = lazy(async () => {
    const [view] = await Promise.all([load(), speakOfAll()]);
    return view;
  });
  if (declared === null) fetchQuietly(View.preload);
  else declared.push(View.preload);
  // While it loads, only its own place waits, and nothing around it.
  return (props) => (
    <Suspense fallback={extent === "screen" ? <Skeleton /> : undefined}>
      <View {...props} />
    </Suspense>
  );
}

/** Fetches them all, and what they in turn declare. What cannot be had now is asked for again when it is needed. */
export function fetchOnDemand(): void {
  declared?.forEach(fetchQuietly);
  declared = null;
}

function fetchQuietly(fetch: () => Promise<unknown>): void {
  fetch().catch(() => undefined);
}
