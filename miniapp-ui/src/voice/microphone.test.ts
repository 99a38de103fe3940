import { describe, expect, it } from "vitest";

import { Microphone } from "./microphone.ts";

/** A microphone of a phone with this client, and what was done with it. */
function phone(platform: string, answers: (Error | null)[] = []) {
  const heard: (MediaStreamTrack | null)[] = [];
  const tracks: { enabled: boolean; ended: boolean; onended: (() => void) | null }[] = [];
  let answer: () => void = () => undefined;
  let asked = 0;
  const mic = new Microphone({
    platform,
    async capture() {
      const error = answers[asked] ?? null;
      asked += 1;
      await new Promise<void>((resolve) => (answer = resolve));
      if (error !== null) throw error;
      const track = { enabled: true, ended: false, onended: null, stop: () => (track.ended = true) };
      tracks.push(track);
      return { getAudioTracks: () => [track] } as unknown as MediaStream;
    },
    track: (track) => heard.push(track),
    changed: () => undefined,
  });
  const says = async () => {
    answer();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { mic, heard, tracks, says, asked: () => asked };
}

const named = (name: string) => Object.assign(new Error("no"), { name });

describe("the microphone", () => {
  it("is asked for once on Android, and only made silent while muted", async () => {
    const { mic, tracks, says, asked } = phone("android");
    expect(asked(), "nothing is captured before somebody speaks").toBe(0);
    void mic.speak();
    expect(mic.state).toBe("asking");
    await says();
    expect([mic.state, tracks[0]?.enabled]).toEqual(["on", true]);
    mic.mute();
    expect([mic.state, tracks[0]?.enabled, tracks[0]?.ended]).toEqual(["muted", false, false]);
    await mic.speak();
    expect([mic.state, tracks[0]?.enabled, asked()]).toEqual(["on", true, 1]);
  });

  it("captures nothing on iOS while muted, so that the film is as loud as before", async () => {
    const { mic, heard, tracks, says, asked } = phone("ios");
    void mic.speak();
    await says();
    mic.mute();
    expect([mic.state, tracks[0]?.ended, heard.at(-1)]).toEqual(["off", true, null]);
    void mic.speak();
    await says();
    expect([mic.state, asked()]).toEqual(["on", 2]);
  });

  it("is not heard of somebody who let go before the answer came", async () => {
    const { mic, tracks, says } = phone("android");
    void mic.speak();
    mic.mute();
    await says();
    expect([mic.state, tracks[0]?.enabled]).toEqual(["muted", false]);
  });

  it("is asked for once by somebody who taps twice", async () => {
    const { mic, says, asked } = phone("android");
    void mic.speak();
    void mic.speak();
    await says();
    expect([mic.state, asked()]).toEqual(["on", 1]);
  });

  it("tells a no from a phone without one, and asks again at the next tap", async () => {
    const { mic, says } = phone("tdesktop", [named("NotAllowedError"), named("NotFoundError")]);
    for (const state of ["denied", "missing", "on"]) {
      void mic.speak();
      await says();
      expect(mic.state).toBe(state);
    }
    const none = new Microphone({ platform: "ios", capture: undefined, track: () => 0, changed: () => 0 });
    await none.speak();
    expect(none.state, "a page without https").toBe("missing");
  });

  it("is off after it was taken by something else, a call say", async () => {
    const { mic, heard, tracks, says } = phone("android");
    void mic.speak();
    await says();
    tracks[0]?.onended?.();
    expect([mic.state, heard.at(-1)]).toEqual(["off", null]);
  });

  it("captures nothing for somebody who has left before the answer came", async () => {
    const { mic, tracks, says } = phone("android");
    void mic.speak();
    mic.stop();
    await says();
    expect([mic.state, tracks[0]?.ended]).toEqual(["off", true]);
  });
});
