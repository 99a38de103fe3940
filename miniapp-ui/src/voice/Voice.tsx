/**
 * A room's voice chat: the button beside the bar of its talk, and, for whoever is in it, a bar with everybody's faces. Loaded after the first
 * card, with its words and styles.
 *
 * Whoever shows a room puts it after the talk, whatever the room shows; it asks for nothing but what `VoiceProps` says.
 */
import { For, Show, createEffect, createSignal, onCleanup, onMount } from "solid-js";
import { Portal } from "solid-js/web";

import { createWords } from "../text/words";
import { Bar } from "./Bar";
import { VoiceIcon } from "./icons";
import { type VoiceProps, createVoice } from "./useVoice.ts";
import "./voice.css";

export default function Voice(props: VoiceProps) {
  const word = createWords({
    en: () => import("../../../locales/en/voice.ftl"),
    ru: () => import("../../../locales/ru/voice.ftl"),
  });
  const voice = createVoice(props, (why) => {
    props.haptic("warning");
    props.notify(word(`voice-${why}`));
  });
  const [blocked, setBlocked] = createSignal(false);
  const count = () => props.members.filter((member) => member.voice).length;
  const sounds = new Set<HTMLAudioElement>();
  const hear = () => {
    setBlocked(false);
    for (const sound of sounds) void plays(sound).then((isAllowed) => isAllowed || setBlocked(true));
  };
  const join = () => {
    if (!props.connected) {
      props.notify(word("voice-needs-socket"));
      return;
    }
    if (!isPossible()) {
      props.notify(word("voice-unsupported"));
      return;
    }
    props.haptic("tick");
    voice.join();
  };
  createEffect(() => {
    document.documentElement.dataset.voice = voice.isIn() ? "in" : "near";
  });
  onCleanup(() => {
    delete document.documentElement.dataset.voice;
  });

  const Controls = () => (
    <Show
      when={voice.isIn()}
      fallback={
        <button
          class="voice-join"
          classList={{ busy: count() > 0 }}
          data-testid="voice-join"
          aria-label={count() > 0 ? word("voice-join-others", { count: count() }) : word("voice-join")}
          onClick={join}
        >
          <VoiceIcon name={count() > 0 ? "waves" : "mic"} />
          <Show when={count() > 0}>
            <span class="voice-count" aria-hidden="true">
              {count()}
            </span>
          </Show>
        </button>
      }
    >
      <Bar voice={voice} props={props} word={word} blocked={blocked()} hear={hear} />
    </Show>
  );

  return (
    <Show when={word("voice-title")}>
      <Show when={props.place} keyed fallback={<Controls />}>
        {(place) => (
          <Portal mount={place} ref={(box) => box.classList.add("voice-inline")}>
            <Controls />
          </Portal>
        )}
      </Show>
      <Show when={voice.isIn()}>
        <For each={voice.others().map(({ id }) => id)}>
          {(id) => (
            <Sound
              stream={voice.others().find((other) => other.id === id)?.stream ?? null}
              sounds={sounds}
              onBlocked={() => setBlocked(true)}
            />
          )}
        </For>
      </Show>
    </Show>
  );
}

/** Some of Telegram's clients, on Linux say, show pages without it. */
function isPossible(): boolean {
  return "RTCPeerConnection" in window;
}

interface SoundProps {
  stream: MediaStream | null;
  sounds: Set<HTMLAudioElement>;
  onBlocked: () => void;
}

/** What one of the others says. */
function Sound(props: SoundProps) {
  let element!: HTMLAudioElement;
  onMount(() => {
    props.sounds.add(element);
  });
  onCleanup(() => {
    props.sounds.delete(element);
    element.srcObject = null;
  });
  createEffect(() => {
    if (element.srcObject === props.stream) return;
    element.srcObject = props.stream;
    if (props.stream !== null) {
      void sound(props, element);
    }
  });
  return <audio ref={element} autoplay />;
}

async function sound(props: SoundProps, element: HTMLAudioElement): Promise<void> {
  if (!(await plays(element))) props.onBlocked();
}

/** Whether the browser lets it sound without a tap. Another stream that comes meanwhile is no reason not to. */
async function plays(element: HTMLAudioElement): Promise<boolean> {
  try {
    await element.play();
    return true;
  } catch (error) {
    return !(error instanceof Error && error.name === "NotAllowedError");
  }
}
