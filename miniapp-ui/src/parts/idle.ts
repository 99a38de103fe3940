/** Work that can wait: for a frame, or for the pause between two. */

/** So long it waits at most for a pause, in ms. */
const PATIENCE = 300;
/** Where the browser does not say when it has a pause: after so long, in ms. */
const GUESS = 60;

/** What only some browsers have: Safari has none. */
interface Idle {
  requestIdleCallback?: (act: () => void, options: { timeout: number }) => number;
  cancelIdleCallback?: (id: number) => void;
}

/** Where no frame is drawn, what comes after it comes after so long, in ms. */
const NO_FRAME = 100;

/** Does it once the next frame is drawn. */
export function afterFrame(act: () => void): void {
  let isDone = false;
  const once = () => {
    if (!isDone) act();
    isDone = true;
  };
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, NO_FRAME);
}

/** Whether somebody holds or draws something: then whatever can wait does. */
let isTouched = false;
addEventListener("pointerdown", () => (isTouched = true), true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (isTouched = false), true);

/** So long it waits at most for a finger to be lifted, and so often it looks, in ms. */
const LONGEST_TOUCH = 5_000;
const LOOK = 100;

/** Does it when the browser has nothing else to do and no finger is on the screen. Returns what keeps it from being done. */
export function whenIdle(act: () => void): () => void {
  const latest = performance.now() + LONGEST_TOUCH;
  let cancel: () => void = () => undefined;
  const look = () => {
    cancel = inPause(() => {
      if (!isTouched || performance.now() > latest) {
        act();
        return;
      }
      const timer = setTimeout(look, LOOK);
      cancel = () => {
        clearTimeout(timer);
      };
    });
  };
  look();
  return () => {
    cancel();
  };
}

function inPause(act: () => void): () => void {
  const page = window as Idle;
  if (page.requestIdleCallback === undefined) {
    const timer = setTimeout(act, GUESS);
    return () => {
      clearTimeout(timer);
    };
  }
  const id = page.requestIdleCallback(act, { timeout: PATIENCE });
  return () => page.cancelIdleCallback?.(id);
}
