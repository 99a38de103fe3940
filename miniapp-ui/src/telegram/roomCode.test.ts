import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { roomCode } from "./roomCode";

/** What the bot recognises, too: one table for both. */
const TABLE = new URL("../../../core/domain/tests/pasted_codes.json", import.meta.url);
const pasted = (
  JSON.parse(readFileSync(TABLE, "utf8")) as { where: string; text: string; code: string | null }[]
)
  .filter(({ where }) => where === "field")
  .map(({ text, code }) => [text, code] as const);

describe("a room code", () => {
  it.each([
    ["as it is", "7H3M00NS"],
    ["typed by hand", " 7h3m-oons "],
    ["with look-alikes", "7h3mo0ns"],
    ["sign by sign", "7 H 3 M 0 0 N S"],
    ["in two halves", "7H3M 00NS"],
    ["with a long dash", "7H3M–00NS"],
    ["in full width", "７Ｈ３Ｍ００ＮＳ"],
    ["in quotes", "“7H3M00NS”"],
    ["in other quotes", "«7H3M00NS»."],
    ["in a code block", "`7H3M00NS`"],
    ["with something invisible", "\u200e7H3M00NS\u200b"],
    ["with its name", "Room code: 7H3M00NS"],
    ["with its name in Russian", "Код комнаты 7H3M00NS"],
    ["with its short name in Russian", "код: 7h3m00ns"],
    ["in a sentence", "Come watch films with us tonight, 7H3M00NS is the room!"],
    ["as a link to the app", "https://t.me/sovpalo_bot/app?startapp=7H3M00NS"],
    ["as a link that says how to open", "https://t.me/sovpalo_bot/app?startapp=7H3M00NS&mode=compact"],
    ["as a link that begins with how to open", "https://t.me/sovpalo_bot/app?mode=compact&startapp=7H3M00NS"],
    ["as a link at the end of a sentence", "https://t.me/sovpalo_bot/app?startapp=7H3M00NS."],
    ["as a link in brackets", "(https://t.me/sovpalo_bot/app?startapp=7H3M00NS)"],
    ["as a link with a fragment", "https://t.me/sovpalo_bot/app?startapp=7H3M00NS#top"],
    ["as a link with words after", "t.me/sovpalo_bot?start=7H3M00NS come!"],
    ["as a link with words before", "Come! t.me/sovpalo_bot?start=7H3M00NS"],
    ["as a link with something added", "https://t.me/sovpalo_bot?start=7H3M00NS_utm"],
    ["as a link of Telegram's own scheme", "tg://resolve?domain=sovpalo_bot&appname=app&startapp=7H3M00NS"],
    ["as the short form of that", "tg:resolve?domain=sovpalo_bot&start=7h3m00ns"],
    ["as an escaped link", "https://t.me/sovpalo_bot/app%3Fstartapp%3D7H3M00NS"],
    ["as a link for HTML", "https://t.me/sovpalo_bot/app?mode=compact&amp;startapp=7H3M00NS"],
    ["as the page's own address", "https://sovpalo.example/room/7H3M00NS?from=chat"],
    ["as a command", "/start 7H3M00NS"],
    ["as a command with more", "/start 7H3M00NS extra"],
    ["with a percent sign that escapes nothing", "100% 7H3M00NS"],
  ])("is recognised %s", (_, typed) => {
    expect(roomCode(typed)).toBe("7H3M00NS");
  });

  it.each([
    null,
    "",
    "7H3M00N",
    "7H3M00NSS",
    "7H3M00NU",
    "КИНОВЕЧЕ",
    "'; drop--",
    "new",
    "https://t.me/sovpalo_bot/app?startapp=new",
    "https://t.me/sovpalo_bot/app?startapp=7H3M00NS7",
    "come to the watching of everyone",
    "we start watching when the film club is here",
    "7H3M00NS or 7KQ2M0X1",
    "7H3M00NS".padEnd(3_000, "!"),
  ])("is not found in %j", (typed) => {
    expect(roomCode(typed)).toBeNull();
  });

  it.each(pasted)("is read out of %j as the bot reads it", (text, code) => {
    expect(roomCode(text)).toBe(code);
  });
});
