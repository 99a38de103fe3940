/** Storage that holds what an older version, another program or a broken write has left there. */
import { describe, expect, it } from "vitest";

import type { Room, Title } from "../generated/wire";
import { inMemory } from "../net/keep";
import { typedTitle } from "../net/api";
import { RoomMemory } from "../swiping/memory";
import { deviceOf } from "../sync/device";
import { Outbox } from "../sync/outbox";
import { rules } from "./rules";

const GARBAGE = [
  "",
  "{",
  "null",
  "7",
  '"x"',
  "[]",
  "[null]",
  "{}",
  '{"epoch":1,"round":1}',
  '{"epoch":1,"round":1,"swiped":[null,{},{"title":{"id":"c1"}}]}',
  '{"id":5,"round":0}',
  '{"id":5,"round":0,"command":{}}',
  '{"id":5,"round":0,"command":{"type":"swipe"}}',
  '{"id":5,"round":0,"command":{"type":"of the year 2019","title":"c1"}}',
  '{"id":"5","round":0,"command":{"type":"ready","ready":true}}',
];

const room = { epoch: 1, round: 1 } as Room;
const swiped = (name: string) => ({ title: typedTitle(name), verdict: "like" as const });

describe("an outbox", () => {
  it.each(GARBAGE)("passes over %j and does not keep it", (text) => {
    const keep = inMemory();
    keep.set("sovpalo.out.1.7H3M00NS.5", text);
    const outbox = new Outbox(keep, "sovpalo.out.1.7H3M00NS.", () => 100, rules);
    expect(outbox.intents).toEqual([]);
    outbox.add({ command: { type: "swipe", title: "c1", verdict: "like", round: 1 }, round: 1 });
    const again = new Outbox(keep, "sovpalo.out.1.7H3M00NS.", () => 200, rules);
    expect(again.intents.map((intent) => intent.command.type)).toEqual(["swipe"]);
    expect(keep.keys("sovpalo.out.")).toHaveLength(1);
  });
});

describe("a device", () => {
  it.each(["", " ", "a b", "short", "x".repeat(65), "<b>"])("is named anew when its name is %j", (name) => {
    const keep = inMemory();
    keep.set("sovpalo.device", name);
    const device = deviceOf(keep);
    expect(device).toMatch(/^[0-9a-z-]{16,64}$/);
    expect(deviceOf(keep)).toBe(device);
  });
});

describe("a phone's memory of a room", () => {
  it.each(GARBAGE)("does without %j", (text) => {
    const keep = inMemory();
    keep.set("sovpalo.trail.1.7H3M00NS", text);
    keep.set("sovpalo.seen.1.7H3M00NS", text === "7" ? "seven" : text);
    keep.set("sovpalo.rooms.1", text);
    const memory = new RoomMemory(keep, 1, "7H3M00NS");
    expect(memory.trail(room)).toEqual([]);
    expect(memory.celebrated).toBeNull();
    memory.push(room, swiped("Solaris"));
    expect(new RoomMemory(keep, 1, "7H3M00NS").trail(room).map((one) => one.title.name)).toEqual(["Solaris"]);
  });

  it("is of the last rooms only, whatever a person has been in", () => {
    const keep = inMemory();
    for (let number = 0; number < 200; number += 1) {
      const code = `ROOM${String(number).padStart(4, "0")}`;
      const memory = new RoomMemory(keep, 1, code);
      memory.push(room, swiped("Solaris"));
      memory.celebrate(1);
      const title: Title = typedTitle("Solaris");
      const outbox = new Outbox(keep, `sovpalo.out.1.${code}.`, () => 100, rules);
      outbox.add({ command: { type: "pick", title: { text: title.name } }, round: 1, title });
    }
    expect(keep.keys("sovpalo.").length).toBeLessThan(70);
    expect(new RoomMemory(keep, 1, "ROOM0199").trail(room)).toHaveLength(1);
  });

  it("of a page that is loaded again and again does not grow", () => {
    const keep = inMemory();
    const load = () => {
      const memory = new RoomMemory(keep, 1, "7H3M00NS");
      new Outbox(keep, "sovpalo.out.1.7H3M00NS.", () => 100, rules);
      memory.celebrate(3);
    };
    load();
    const before = keep.keys("").map((key) => [key, keep.get(key)]);
    for (let times = 0; times < 50; times += 1) load();
    expect(keep.keys("").map((key) => [key, keep.get(key)])).toEqual(before);
  });
});
