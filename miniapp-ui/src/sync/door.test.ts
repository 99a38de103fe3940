import { describe, expect, it } from "vitest";

import { frameIn } from "./door";

const ack = { type: "ack", id: 1, room: "7H3M00NS", seq: 4, event: null, queue: null, message: null };

describe("what comes over a connection", () => {
  it("is a frame where it has what the contract says, as text or as what was read already", () => {
    expect(frameIn(JSON.stringify(ack))).toEqual(ack);
    expect(frameIn(ack)).toBe(ack);
    expect(frameIn('{"type":"refused","id":null,"room":null,"code":"not_open","message":""}')).not.toBeNull();
  });

  it("is a frame also where a newer server says more than is known here", () => {
    expect(frameIn({ ...ack, mood: "good" })).not.toBeNull();
  });

  it.each([
    ["no JSON", "<html>502 Bad Gateway</html>"],
    ["nothing", ""],
    ["a number", "5"],
    ["null", "null"],
    ["a list", "[]"],
    ["a frame of a later version", '{"type":"weather","room":"7H3M00NS"}'],
    ["a name that every object has", '{"type":"constructor"}'],
    ["a hello without the time", '{"type":"hello"}'],
    ["an event without its place", '{"type":"event","room":"7H3M00NS","at":"","event":{"type":"began"}}'],
    ["a message that is none", '{"type":"message","room":"7H3M00NS","message":null}'],
    ["an answer whose number is a text", JSON.stringify({ ...ack, seq: "4" })],
    ["an event of no room", '{"type":"event","seq":1,"at":"","event":{"type":"began"}}'],
  ])("is passed over where it is %s", (_, came) => {
    expect(frameIn(came)).toBeNull();
  });
});
