/** The voice chat for its views: the call, the microphone and the levels as signals, ended with the view. */
import { type Accessor, batch, createEffect, createSignal, onCleanup } from "solid-js";

import type { IceServers, Member } from "../generated/wire";
import type { RoomSignals } from "../sync/signals";
import { browserPeer } from "./browserPeer.ts";
import { Call, type Ending, type Other } from "./call.ts";
import { type MicState, Microphone } from "./microphone.ts";
import { OwnLevel } from "./ownLevel.ts";

/** What the voice chat needs of the room around it. */
export interface VoiceProps {
  me: number;
  members: readonly Member[];
  signals: RoomSignals;
  /** Whether a socket is open: by HTTP there is no voice chat. */
  connected: boolean;
  /** Where it stands while it is shown beside something else; null: it has a place of its own beside the talk's bar. */
  place: HTMLElement | null;
  /** Telegram's name for its client. */
  platform: string;
  ice: () => Promise<IceServers>;
  haptic: (kind: "tick" | "warning") => void;
  /** Shows a line for a moment. */
  notify: (text: string) => void;
}

export interface Voice {
  isIn: Accessor<boolean>;
  others: Accessor<readonly Other[]>;
  mic: Accessor<MicState>;
  /** How loud somebody is, 0 to 1, as it looks to an ear. */
  level: (id: number) => number;
  join: () => void;
  leave: () => void;
  speak: () => void;
  mute: () => void;
}

/** Between two looks at how loud everybody is, in ms. */
const LOOK = 120;
/** Credentials are used for this part of the time that they are good for. */
const FRESH = 0.75;
/** So long an answer is waited for before it is asked for again, in ms. */
const ASKING = 60_000;
const SESSION_BYTES = 12;

export function createVoice(props: VoiceProps, ended: (why: Ending) => void): Voice {
  const [isIn, setIsIn] = createSignal(false);
  const [others, setOthers] = createSignal<readonly Other[]>([]);
  const [mic, setMic] = createSignal<MicState>("off");
  const [levels, setLevels] = createSignal<ReadonlyMap<number, number>>(new Map());
  const own = new OwnLevel();
  const { me, signals, platform } = props;
  const servers = keptServers(() => props.ice());

  const call: Call = new Call({
    me,
    send: signals.send,
    peer: async (listener) => browserPeer(await servers(), listener),
    session: randomName,
    changed() {
      batch(() => {
        setIsIn(call.isIn);
        setOthers(call.others);
      });
      if (!call.isIn) microphone.stop();
    },
    ended,
  });
  const microphone: Microphone = new Microphone({
    capture: captureOf(navigator),
    platform,
    track(track) {
      call.speak(track);
      own.of(track);
    },
    changed: () => setMic(microphone.state),
  });

  onCleanup(
    signals.subscribe({
      signal: (from, signal) => {
        call.hear(from, signal);
      },
      refused: (code) => {
        call.refused(code);
      },
      opened: () => {
        call.opened();
      },
    }),
  );
  createEffect(() => {
    call.present(props.members.filter((member) => member.voice).map(({ id }) => id));
  });
  createEffect(() => {
    if (!isIn()) return;
    const timer = setInterval(() => {
      const heard: [number, number][] = call.others.map(({ id }) => [id, call.level(id)]);
      setLevels(new Map([...heard, [me, own.level()]].map(([id = 0, level = 0]) => [id, seeming(level)])));
    }, LOOK);
    onCleanup(() => {
      clearInterval(timer);
    });
  });
  const leave = () => {
    call.leave();
  };
  addEventListener("pagehide", leave);
  onCleanup(() => {
    removeEventListener("pagehide", leave);
    leave();
  });

  return {
    isIn,
    others,
    mic,
    level: (id) => (isIn() ? (levels().get(id) ?? 0) : 0),
    join: () => {
      call.join();
    },
    leave,
    speak: () => void microphone.speak(),
    mute: () => {
      microphone.mute();
    },
  };
}

/** Speech is a few hundredths of what would be loudest; an ear makes more of it. */
function seeming(level: number): number {
  return Math.min(1, Math.sqrt(level * 3));
}

/** Servers are asked for once, and again before their credentials are no good any more. Without them, phones of one network find each other. */
function keptServers(ask: () => Promise<IceServers>) {
  let kept: { asked: number; until: number; answer: Promise<IceServers> } | null = null;
  return async () => {
    if (kept === null || kept.until < Date.now()) {
      kept = { asked: Date.now(), until: Date.now() + ASKING, answer: ask() };
    }
    const mine = kept;
    try {
      const { ice_servers, expires_in } = await mine.answer;
      mine.until = mine.asked + expires_in * 1000 * FRESH;
      return ice_servers;
    } catch {
      if (kept === mine) kept = null;
      return [];
    }
  };
}

function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SESSION_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Browsers offer no microphone to a page without https. */
function captureOf(browser: { mediaDevices?: MediaDevices }) {
  const devices = browser.mediaDevices;
  return devices && ((constraints: MediaStreamConstraints) => devices.getUserMedia(constraints));
}
