import { defineConfig } from "@playwright/test";
import type { Age } from "./support/evening.ts";

/**
 * The evenings are the tests, and once more one of them in a browser that has nothing newer than the oldest supported
 * one (`browserslist` in miniapp-ui/package.json); the screenshots are pictures of every screen for people to look at.
 * Each test starts a server and a Telegram of its own, so that any of them can run beside any other.
 */
export default defineConfig<{ age: Age }>({
  outputDir: "test-results",
  fullyParallel: true,
  // Two phones' worth of browser on each of two cores; more only makes every one of them slower.
  workers: 2,
  // A test that passes the second time has failed.
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: "list",
  use: {
    browserName: "chromium",
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    actionTimeout: 20_000,
    // To record what the pages hold at each step slows all of them down, for tests that pass: whoever looks for a failure asks for it.
    trace: process.env["TRACE"] === undefined ? "off" : { mode: "retain-on-failure", screenshots: false },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        // Shared memory is small in most containers, and pages crash when it is full.
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "evenings", testDir: "tests" },
    {
      name: "old-browser",
      testDir: "tests",
      testMatch: "evening.spec.ts",
      // What records a page runs in it, and needs the browser of today.
      use: { age: "old", trace: "off" },
    },
    {
      // A measurement: what records a page would cost what is measured.
      name: "spread",
      testDir: "spread",
      // A slow phone on a slow network takes its time to begin with.
      expect: { timeout: 60_000 },
      use: { trace: "off", screenshot: "only-on-failure", actionTimeout: 60_000, navigationTimeout: 60_000 },
    },
    {
      name: "first-card",
      testDir: "first-card",
      use: { trace: "off", actionTimeout: 60_000, navigationTimeout: 60_000 },
    },
    {
      name: "frames",
      testDir: "frames",
      use: { trace: "off", actionTimeout: 60_000 },
    },
    {
      name: "screenshots",
      testDir: ".",
      testMatch: "screenshots.spec.ts",
      use: { deviceScaleFactor: 2 },
    },
  ],
});
