import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { ago, deviceOf } from "./device.ts";

const KIT = "AppleWebKit/537.36 (KHTML, like Gecko)";

describe("a device", () => {
  it.each([
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
      "device-iphone",
      null,
    ],
    [
      `Mozilla/5.0 (Linux; Android 14; SM-S911B) ${KIT} Version/4.0 Chrome/126.0 Mobile Safari/537.36 Telegram-Android/11.3`,
      "device-android",
      "Telegram",
    ],
    [
      `Mozilla/5.0 (Linux; Android 13; SM-X700) ${KIT} Chrome/126.0 Safari/537.36`,
      "device-android-tablet",
      "Chrome",
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${KIT} Chrome/126.0 Safari/537.36 Edg/126.0`,
      "device-windows",
      "Edge",
    ],
    [
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
      "device-mac",
      "Safari",
    ],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "device-linux", "Firefox"],
    ["", "device-other", null],
    ["<script>alert(1)</script>", "device-other", null],
  ])("is called as people call it: %s", (userAgent, word, program) => {
    expect(deviceOf(userAgent)).toEqual({ word, program });
  });

  it("has a word in every language", () => {
    const source = readFileSync(new URL("device.ts", import.meta.url), "utf8");
    const words = [...source.matchAll(/"(device-[a-z-]+)"/g)].map(([, word]) => word ?? "");
    expect(words.length).toBeGreaterThan(8);
    for (const language of ["en", "ru"]) {
      const texts = readFileSync(
        new URL(`../../../locales/${language}/devices.ftl`, import.meta.url),
        "utf8",
      );
      for (const word of words) expect(texts).toMatch(new RegExp(`^${word} = .`, "m"));
    }
  });
});

describe("the words of the list", () => {
  const texts = (language: string) =>
    readFileSync(new URL(`../../../locales/${language}/devices.ftl`, import.meta.url), "utf8");
  const keys = (text: string) => [...text.matchAll(/^([a-z-]+) =/gm)].map(([, key]) => key);

  it("are the same in both languages, and all that the screen says", () => {
    expect(keys(texts("ru"))).toEqual(keys(texts("en")));
    const screen = readFileSync(new URL("./Devices.tsx", import.meta.url), "utf8");
    const said = [...screen.matchAll(/word\(\s*"([a-z-]+)"/g)].map(([, key]) => key);
    const unsaid = keys(texts("en")).filter((key) => key?.startsWith("devices-") && !said.includes(key));
    expect(unsaid).toEqual([]);
    expect(said.filter((key) => !keys(texts("en")).includes(key))).toEqual([]);
  });
});

describe("how long ago", () => {
  const now = Date.parse("2026-09-21T14:00:00.000Z");
  it.each([
    ["2026-09-21T13:59:30.000Z", null, null],
    ["2026-09-21T14:05:00.000Z", null, null],
    ["2026-09-21T13:58:00.000Z", "2 minutes ago", "2 минуты назад"],
    ["2026-09-21T09:00:00.000Z", "5 hours ago", "5 часов назад"],
    ["2026-09-20T13:00:00.000Z", "yesterday", "вчера"],
    ["2026-09-01T13:00:00.000Z", "20 days ago", "20 дней назад"],
    ["nonsense", null, null],
  ])("%s is said in words", (at, en, ru) => {
    expect(ago(at, now, "en")).toBe(en);
    expect(ago(at, now, "ru")).toBe(ru);
  });
});
