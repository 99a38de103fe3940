import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { ADDRESS_LONGEST, addressOf, subtitlesAddressOf } from "./address";
import { isHttps } from "./messages";
import { seconds } from "./time";

interface Row {
  pasted: string;
  kind?: string;
  url?: string;
  start_s?: number;
  title?: string;
  refused?: string;
}

const rows = JSON.parse(readFileSync(`${import.meta.dirname}/addresses.json`, "utf8")) as Row[];
const OWN = "sovpalo.app.ru";

describe("a pasted address", () => {
  it.each(rows)("$pasted", ({ pasted, refused, kind, url, start_s, title }) => {
    const expected =
      refused === undefined ? { media: { kind, url, start_s, title: title ?? null } } : { refused };
    expect(addressOf(pasted, OWN)).toEqual(expected);
  });

  it("has one form: what came out of it comes out of that again", () => {
    const films = rows.flatMap(({ pasted }) => {
      const judged = addressOf(pasted, OWN);
      return "media" in judged ? [judged.media] : [];
    });
    expect(films.length, "there is something to look at").toBeGreaterThan(80);
    for (const { kind, url } of films) {
      const again = addressOf(url, OWN);
      expect("media" in again && again.media, url).toMatchObject({ kind, url });
      expect(isHttps(url), url).toBe(true);
    }
  });

  it("is refused where it is longer than the contract allows", () => {
    const longest = `https://films.ru/${"a".repeat(ADDRESS_LONGEST - "https://films.ru/".length)}`;
    expect(addressOf(longest)).toHaveProperty("media");
    expect(addressOf(`${longest}a`)).toEqual({ refused: "too_long" });
  });

  it("is judged in no time, however odd", () => {
    const began = performance.now();
    for (const odd of [
      "a.".repeat(50_000),
      "https://" + "a".repeat(100_000),
      "(".repeat(100_000),
      "а-".repeat(50_000) + "/",
    ])
      addressOf(odd);
    // Without a bound on what is looked at, a pattern that tries everything takes minutes.
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe("an address of subtitles", () => {
  it("is any of a public host by https, with the name of its file", () => {
    expect(subtitlesAddressOf("see https://subs.example.com/The.Matrix.en.vtt?v=2#t=3", "app.com")).toEqual({
      url: "https://subs.example.com/The.Matrix.en.vtt?v=2",
      name: "The Matrix en",
    });
    expect(subtitlesAddressOf("https://subs.example.com/")).toMatchObject({ name: "subs.example.com" });
  });

  it.each([
    ["nothing of the kind", "no_address"],
    ["http://subs.example.com/a.vtt", "not_https"],
    ["ftp://subs.example.com/a.vtt", "not_https"],
    ["https://192.168.1.2/a.vtt", "private_host"],
    ["https://me:secret@subs.example.com/a.vtt", "has_password"],
    ["https://app.com/a.vtt", "own"],
    [`https://subs.example.com/${"a".repeat(ADDRESS_LONGEST)}.vtt`, "too_long"],
  ])("%s is %s", (pasted, refused) => {
    expect(subtitlesAddressOf(pasted, "app.com")).toEqual({ refused });
  });
});

describe("the moment in an address", () => {
  it.each([
    ["", 0],
    [null, 0],
    ["0", 0],
    ["1.5", 1.5],
    ["01:30", 90],
    ["48h", 172_800],
    ["49h", 0],
    ["1e9", 0],
    ["Infinity", 0],
  ])("%s", (text, s) => {
    expect(seconds(text)).toBe(s);
  });
});
