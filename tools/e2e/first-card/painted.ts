/** Notes in the app's own page when its first card was painted, and what had come over the network by then. */
import type { Page } from "@playwright/test";

/** The first card of one launch. */
export interface FirstCard {
  /** Since the page's navigation began, in ms. */
  readonly at_ms: number;
  /** Bytes over the network until then, with their headers: the page itself, */
  readonly page: number;
  /** its scripts, */
  readonly script: number;
  /** its styles, */
  readonly style: number;
  /** what the server answered, */
  readonly answers: number;
  /** and all of it. */
  readonly all: number;
}

/** From its next navigation on, the app's page watches for its first card. */
export async function watchForCard(page: Page): Promise<void> {
  await page.addInitScript(() => {
    // The simulated phone around the app shows no cards.
    if (window.parent === window) return;
    const note = (): void => {
      const at_ms = performance.now();
      const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
      const entries = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      const come = entries.filter((one) => one.responseEnd > 0 && one.responseEnd <= at_ms);
      const sum = (those: readonly PerformanceResourceTiming[]): number =>
        those.reduce((bytes, one) => bytes + one.transferSize, 0);
      const named = (end: RegExp): PerformanceResourceTiming[] =>
        come.filter((one) => end.test(new URL(one.name).pathname));
      const page = navigation?.transferSize ?? 0;
      const answers = named(/^\/api\//);
      const first: FirstCard = {
        at_ms,
        page,
        script: sum(named(/\.js$/)),
        style: sum(named(/\.css$/)),
        answers: sum(answers),
        all: page + sum(come),
      };
      Object.assign(window, { firstCard: first });
    };
    const watcher = new MutationObserver(() => {
      if (document.querySelector('[data-top="true"]') === null) return;
      watcher.disconnect();
      // In the next frame it is drawn, and at the beginning of the one after it has been.
      requestAnimationFrame(() => requestAnimationFrame(note));
    });
    watcher.observe(document, { childList: true, subtree: true });
  });
}

/** What the page has noted. */
export async function painted(page: Page): Promise<FirstCard> {
  const app = page.frames().find((frame) => frame.parentFrame() !== null);
  if (app === undefined) throw new Error("the phone shows no app");
  await app.waitForFunction(() => "firstCard" in window);
  return app.evaluate(() => (window as unknown as { firstCard: FirstCard }).firstCard);
}
