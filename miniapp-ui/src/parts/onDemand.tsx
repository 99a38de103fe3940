/**
 * Screens that the first card does not wait for. They are fetched in the quiet after it, so that a network
 * that dies in the middle of the evening takes no screen with it.
 *
 * Each is declared where it is used, and knows nothing of who uses it. What does not come is asked for again until it does.
 */
import { type Component, Show, Suspense, createSignal, lazy } from "solid-js";

import { speakOfAll, t } from "../text/texts";
import { Skeleton } from "./Skeleton";
import { whenIdle } from "./idle";
import { untilFetched } from "../net/untilFetched";

/** A whole screen shows its skeleton while it is fetched; anything else waits unseen. */
type Extent = "screen" | "part";

/** Those that nobody has fetched yet. */
const declared: (() => Promise<unknown>)[] = [];
/** Whether they are fetched although nobody has asked for them. */
let inAdvance = false;
let isFetching = false;
/** One that does not come holds up the others for so long, in ms. */
const PATIENCE = 1_000;

/** A view whose code and words are fetched when it is first shown, or in the quiet before. */
export function onDemand<P extends object>(
  load: () => Promise<{ default: Component<P> }>,
  extent: Extent,
): Component<P> {
  const [late, setLate] = createSignal(false);
  const View = lazy(() =>
    untilFetched(
      async () => {
        const [view] = await Promise.all([load(), speakOfAll()]);
        return view;
      },
      () => setLate(true),
    ),
  );
  declared.push(View.preload);
  if (inAdvance) void fetchDeclared();
  const Waiting = () => (
    <Show when={late()} fallback={<Skeleton />}>
      <main class="notice" data-testid="unreachable">
        <h1>{t("unreachable-title")}</h1>
        <p class="lead">{t("unreachable-lead")}</p>
      </main>
    </Show>
  );
  // While it loads, only its own place waits, and nothing around it.
  return (props) => (
    <Suspense fallback={extent === "screen" ? <Waiting /> : undefined}>
      <View {...props} />
    </Suspense>
  );
}

/** Fetches them all, and what they in turn declare. */
export function fetchOnDemand(): void {
  inAdvance = true;
  void fetchDeclared();
}

/** One after the other, in pauses: together they would hold up a card that is in somebody's hand. */
async function fetchDeclared(): Promise<void> {
  if (isFetching) return;
  isFetching = true;
  for (let fetch = declared.shift(); fetch !== undefined; fetch = declared.shift()) {
    await new Promise<void>((pause) => {
      whenIdle(pause);
    });
    const late = new Promise((pass) => setTimeout(pass, PATIENCE));
    await Promise.race([fetch(), late]);
  }
  isFetching = false;
}
