// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from "@solidjs/testing-library";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Member } from "../generated/wire";
import type { Signal } from "../sync/frames";
import { RoomSignals } from "../sync/signals";
import { ME, OTHER, emptyRoom } from "../testing/rooms";
import { type Language, speak } from "../text/texts";
import Voice from "./Voice";

const track = { enabled: false, onended: null, stop: () => undefined };
const capture = vi.fn();

class NoObserver {
  observe = () => undefined;
  disconnect = () => undefined;
}

beforeEach(() => {
  vi.stubGlobal("RTCPeerConnection", vi.fn());
  vi.stubGlobal("ResizeObserver", NoObserver);
  capture.mockReset();
  track.enabled = false;
  capture.mockResolvedValue({ getAudioTracks: () => [track] });
  Object.defineProperty(navigator, "mediaDevices", { configurable: true, value: { getUserMedia: capture } });
});
afterEach(cleanup);

function shown(change: { voices?: number[]; connected?: boolean; platform?: string } = {}) {
  const sent: Signal[] = [];
  const said: string[] = [];
  const signals = new RoomSignals((signal) => sent.push(signal));
  const members: Member[] = emptyRoom().members.map((member) => ({
    ...member,
    voice: change.voices?.includes(member.id) ?? false,
  }));
  render(() => (
    <Voice
      me={ME}
      members={members}
      signals={signals}
      connected={change.connected ?? true}
      platform={change.platform ?? "android"}
      ice={() => Promise.resolve({ ice_servers: [], expires_in: 3600 })}
      haptic={() => undefined}
      place={null}
      notify={(text) => said.push(text)}
    />
  ));
  return { sent, said, signals };
}

const joined = async (change = {}) => {
  const seen = shown(change);
  fireEvent.click(await screen.findByTestId("voice-join"));
  await screen.findByTestId("voice-bar");
  return seen;
};
const mic = () => screen.getByTestId("voice-mic");
/** What a finger does; this document has no pointers of its own. */
const finger = (type: string, timeStamp = 1_000) => {
  const event = new MouseEvent(type, { bubbles: true, button: 0 });
  Object.defineProperty(event, "timeStamp", { value: timeStamp });
  Object.defineProperty(event, "pointerId", { value: 1 });
  mic().dispatchEvent(event);
};
const press = () => finger("pointerdown");
const isPressed = (pressed: boolean) =>
  waitFor(() => expect(mic().getAttribute("aria-pressed")).toBe(String(pressed)));

describe.each<Language>(["en", "ru"])("a room's voice chat in %s", (language) => {
  beforeEach(async () => {
    await speak(language);
    Element.prototype.setPointerCapture = () => undefined;
  });

  it("is joined to listen, without asking for a microphone, and left", async () => {
    const { sent } = await joined();
    expect(sent).toEqual([{ type: "voice", on: true }]);
    expect(capture).not.toHaveBeenCalled();
    expect(screen.getByTestId("voice-line").textContent).not.toBe("");
    fireEvent.click(screen.getByTestId("voice-leave"));
    expect(sent.at(-1)).toEqual({ type: "voice", on: false });
    await screen.findByTestId("voice-join");
  });

  it("says how many are in it, and shows whom it is connecting with", async () => {
    await joined({ voices: [OTHER] });
    const other = screen.getByTestId(`voice-person-${OTHER}`);
    expect(other.classList.contains("connecting")).toBe(true);
    expect(other.textContent).toContain("Other");
    expect(document.documentElement.dataset.voice).toBe("in");
  });

  it("speaks after a tap until the next", async () => {
    await joined();
    press();
    finger("pointerup");
    fireEvent.click(mic());
    await waitFor(() => expect(track.enabled).toBe(true));
    press();
    finger("pointerup");
    fireEvent.click(mic());
    await isPressed(false);
    expect(track.enabled).toBe(false);
  });

  it("speaks for as long as the button is held", async () => {
    await joined();
    press();
    await isPressed(true);
    finger("pointerup", 3_000);
    finger("lostpointercapture", 3_000);
    fireEvent.click(mic());
    await isPressed(false);
    expect(track.enabled).toBe(false);
  });

  it.each(["pointercancel", "lostpointercapture"])(
    "is silent again where the system takes a press (%s), however short it was",
    async (taken) => {
      await joined();
      press();
      await waitFor(() => expect(track.enabled).toBe(true));
      finger(taken);
      await isPressed(false);
      expect(track.enabled).toBe(false);
      // And what is tapped next counts.
      fireEvent.click(mic());
      await isPressed(true);
    },
  );

  it("is silent where the press is taken while the phone still asks", async () => {
    let allow = (): void => undefined;
    capture.mockReturnValue(
      new Promise((resolve) => (allow = () => resolve({ getAudioTracks: () => [track] }))),
    );
    await joined();
    press();
    await waitFor(() => expect(capture).toHaveBeenCalled());
    finger("pointercancel");
    allow();
    await isPressed(false);
    expect(track.enabled).toBe(false);
  });

  it("goes on after a tap, whose end releases the pointer too", async () => {
    await joined();
    press();
    finger("pointerup");
    finger("lostpointercapture");
    fireEvent.click(mic());
    await waitFor(() => expect(track.enabled).toBe(true));
    await isPressed(true);
  });

  it("is worked by a keyboard, too", async () => {
    await joined();
    fireEvent.click(mic());
    await isPressed(true);
    fireEvent.click(mic());
    await isPressed(false);
  });

  it.each(["ios", "android", "tdesktop", "weba"])("says on %s how a no is undone", async (platform) => {
    capture.mockRejectedValue(Object.assign(new Error("no"), { name: "NotAllowedError" }));
    await joined({ platform });
    const before = screen.getByTestId("voice-line").textContent;
    fireEvent.click(mic());
    await waitFor(() => expect(screen.getByTestId("voice-line").textContent).not.toBe(before));
    expect(screen.getByTestId("voice-line").textContent.length).toBeGreaterThan(40);
  });

  it("ends where it is full, and says so", async () => {
    const { said, signals } = await joined();
    signals.tell((listener) => listener.refused("room_full"));
    await screen.findByTestId("voice-join");
    expect(said).toHaveLength(1);
    expect(said[0]).not.toBe("");
  });

  it("is not to be had over a connection by HTTP, and says so", async () => {
    const { sent, said } = shown({ connected: false });
    fireEvent.click(await screen.findByTestId("voice-join"));
    expect(sent).toEqual([]);
    expect(said[0]).not.toBe("");
  });

  it("is not to be had in a client without connections between phones, and says so", async () => {
    vi.stubGlobal("RTCPeerConnection", undefined);
    Reflect.deleteProperty(window, "RTCPeerConnection");
    const { sent, said } = shown();
    fireEvent.click(await screen.findByTestId("voice-join"));
    expect(sent).toEqual([]);
    expect(said[0]).not.toBe("");
  });

  it("ends with the room", async () => {
    const { sent } = await joined();
    cleanup();
    expect(sent.at(-1)).toEqual({ type: "voice", on: false });
    expect(document.documentElement.dataset.voice).toBeUndefined();
  });
});
