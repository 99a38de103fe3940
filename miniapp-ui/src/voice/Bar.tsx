/** The bar of the voice chat for its members: faces with rings that grow with the voice, the microphone, and the way out. */
import { For, Show, onCleanup, onMount } from "solid-js";

import type { Member } from "../generated/wire";
import { Avatar } from "../parts/Avatar";
import type { Words } from "../text/words";
import type { Other } from "./call.ts";
import { VoiceIcon } from "./icons";
import type { Voice, VoiceProps } from "./useVoice.ts";

export interface BarProps {
  voice: Voice;
  props: VoiceProps;
  word: Words;
  /** The browser wants a tap before anything sounds. */
  blocked: boolean;
  hear: () => void;
}

/** Held for longer than this, the button is let go to be silent again, in ms. */
export const HELD = 300;
/** From here on somebody seems to speak. */
const SPEAKS = 0.12;

export function Bar(bar: BarProps) {
  let section!: HTMLElement;
  onMount(() => {
    // What stands at the bottom of a room stands above it, however much it has to say.
    const { style } = document.documentElement;
    const watch = new ResizeObserver(() => {
      style.setProperty("--voice-bar", `${section.offsetHeight}px`);
    });
    watch.observe(section);
    onCleanup(() => {
      watch.disconnect();
      style.removeProperty("--voice-bar");
    });
  });
  const name = (id: number) => bar.props.members.find((member) => member.id === id)?.name ?? "…";
  return (
    <section ref={section} class="voice-bar" data-testid="voice-bar" aria-label={bar.word("voice-title")}>
      <Show when={line(bar, name)}>
        {(text) => (
          <p class="voice-line" role="status" data-testid="voice-line">
            {text()}
          </p>
        )}
      </Show>
      <Show when={bar.blocked}>
        <button class="voice-hear" data-testid="voice-hear" onClick={() => bar.hear()}>
          {bar.word("voice-hear")}
        </button>
      </Show>
      <div class="voice-row">
        {/* More faces than there is room for are scrolled, by keyboard as well. */}
        <ul class="voice-people" tabindex="0" aria-label={bar.word("voice-people")}>
          <Person bar={bar} id={bar.props.me} state="connected" />
          <For each={bar.voice.others().map(({ id }) => id)}>
            {(id) => (
              <Person
                bar={bar}
                id={id}
                state={bar.voice.others().find((other) => other.id === id)?.state ?? "connecting"}
              />
            )}
          </For>
        </ul>
        <Mic bar={bar} />
        <button
          class="voice-leave"
          data-testid="voice-leave"
          aria-label={bar.word("voice-leave")}
          onClick={() => {
            bar.props.haptic("tick");
            bar.voice.leave();
          }}
        >
          <VoiceIcon name="leave" />
        </button>
      </div>
    </section>
  );
}

/** What there is to know, the most pressing thing first. */
function line({ voice, props, word }: BarProps, name: (id: number) => string): string {
  const mic = voice.mic();
  if (mic === "denied") return word(`voice-denied-${clientOf(props.platform)}`);
  if (mic === "missing") return word("voice-missing");
  const unreachable = voice.others().filter(({ state }) => state === "unreachable");
  const [first] = unreachable;
  if (first !== undefined) {
    return word("voice-unreachable", { name: name(first.id), more: unreachable.length - 1 });
  }
  if (mic === "off") return word(voice.others().length === 0 ? "voice-alone" : "voice-hint");
  return "";
}

/** Where a no is undone differs by Telegram's client. */
function clientOf(platform: string): "ios" | "android" | "desktop" | "other" {
  if (platform === "ios" || platform === "android") return platform;
  if (platform === "android_x") return "android";
  return platform === "tdesktop" ? "desktop" : "other";
}

function Person(props: { bar: BarProps; id: number; state: Other["state"] }) {
  const member = (): Pick<Member, "id" | "name" | "photo_url"> =>
    props.bar.props.members.find(({ id }) => id === props.id) ?? { id: props.id, name: "…", photo_url: null };
  const level = () => props.bar.voice.level(props.id);
  const words = () =>
    props.state === "connected"
      ? member().name
      : props.bar.word(`voice-person-${props.state}`, { name: member().name });
  return (
    <li
      class={`voice-person ${props.state}`}
      classList={{ speaks: level() > SPEAKS }}
      style={{ "--level": level().toFixed(2) }}
      data-testid={`voice-person-${props.id}`}
      data-level={Math.round(level() * 100)}
      title={member().name}
    >
      <Avatar member={member()} />
      <span class="visually-hidden">{words()}</span>
    </li>
  );
}

/** A tap speaks, and the next is silent again; whoever holds it speaks for so long. */
function Mic(props: { bar: BarProps }) {
  /** Since when it is pressed; null: it is not. */
  let pressed: number | null = null;
  /** The click that a press ends with is no second tap. */
  let isOfPress = false;
  const mic = () => props.bar.voice.mic();
  const isOn = () => mic() === "on" || mic() === "asking";
  const press = (event: PointerEvent & { currentTarget: HTMLButtonElement }) => {
    isOfPress = false;
    if (event.button !== 0 || isOn()) return;
    pressed = event.timeStamp;
    isOfPress = true;
    // The finger may slide off it.
    event.currentTarget.setPointerCapture(event.pointerId);
    props.bar.props.haptic("tick");
    props.bar.voice.speak();
  };
  const release = (event: PointerEvent) => {
    if (pressed !== null && event.timeStamp - pressed > HELD) props.bar.voice.mute();
    pressed = null;
  };
  /**
   * The system took the press: a question, a call, a gesture of its own. However short it was, nobody has let go, and it is no tap: a
   * microphone is open only for those who meant it.
   */
  const cancel = () => {
    if (pressed === null) return;
    pressed = null;
    isOfPress = false;
    props.bar.voice.mute();
  };
  const tap = () => {
    if (isOfPress) isOfPress = false;
    else if (isOn()) props.bar.voice.mute();
    else props.bar.voice.speak();
  };
  return (
    <button
      class="voice-mic"
      classList={{ on: mic() === "on", asking: mic() === "asking" }}
      style={{ "--level": props.bar.voice.level(props.bar.props.me).toFixed(2) }}
      data-testid="voice-mic"
      aria-label={props.bar.word(isOn() ? "voice-mute" : "voice-speak")}
      aria-pressed={isOn()}
      onPointerDown={press}
      onPointerUp={release}
      onPointerCancel={cancel}
      onLostPointerCapture={cancel}
      onContextMenu={(event) => {
        event.preventDefault();
      }}
      onClick={tap}
    >
      <VoiceIcon name={mic() === "on" ? "mic" : "silent"} />
    </button>
  );
}
