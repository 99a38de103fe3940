/**
 * The talk over the room: a dialog that slides up, holds the messages and the composer, and goes by back, Escape, a tap beside it or
 * a pull downwards.
 */
import { createSignal, onCleanup, onMount } from "solid-js";
import { Portal } from "solid-js/web";

import { holdFocus } from "../parts/focus";
import { Icon } from "../parts/icons";
import { useBack } from "../telegram/back";
import { t } from "../text/texts";
import { Body } from "./Body";
import { pullable } from "./gestures.ts";
import { useTalkView } from "./useTalk.ts";
import { stayAboveKeyboard } from "./viewport.ts";
import "./panel.css";

/** Pulled further than this, in pixels, or faster than this, in px/ms, the panel goes. */
const AWAY = { far: 130, fast: 0.6 };
/** So long it slides, in ms; the style sheet says the same. */
const SLIDE = 280;

export interface PanelHandle {
  /** Follows a finger that pulls it up from the bar: so many pixels are seen. */
  show: (pixels: number) => void;
  /** The finger is gone. */
  settle: (open: boolean) => void;
}

export function Panel(props: {
  close: () => void;
  /** A finger is pulling it up: it waits for that. */
  pulled: boolean;
  handle: (handle: PanelHandle) => void;
  news: string;
}) {
  const view = useTalkView();
  const { word, talk, props: around } = view;
  const [place, setPlace] = createSignal("100%");
  const [held, setHeld] = createSignal(false);
  let panel!: HTMLElement;
  let head!: HTMLElement;
  let gone: ReturnType<typeof setTimeout> | undefined;

  const settle = (open: boolean) => {
    setHeld(false);
    setPlace(open ? "0px" : "100%");
    clearTimeout(gone);
    if (!open) gone = setTimeout(() => props.close(), SLIDE);
  };
  const leave = () => settle(false);
  useBack(leave);
  holdFocus(() => panel);
  onMount(() => {
    const loose = [
      stayAboveKeyboard(panel),
      pullable(head, {
        move(y) {
          setHeld(true);
          setPlace(`${Math.max(0, y)}px`);
        },
        end: (y, speed) => settle(!(y > AWAY.far || (speed > AWAY.fast && y > 0))),
      }),
    ];
    onCleanup(() => loose.forEach((loosen) => loosen()));
    if (props.pulled) setHeld(true);
    else {
      // From below: the browser has to see where it begins.
      panel.getBoundingClientRect();
      settle(true);
    }
    props.handle({
      show: (pixels) => {
        setHeld(true);
        setPlace(`${Math.max(0, panel.offsetHeight - pixels)}px`);
      },
      settle,
    });
  });
  onCleanup(() => clearTimeout(gone));

  const people = () =>
    around.members.filter((one) => one.online === true && one.id !== talk.state().me).length;

  return (
    <Portal>
      <div
        class="talk-veil"
        classList={{ there: place() === "0px" }}
        onClick={leave}
        data-testid="talk-veil"
      />
      <section
        ref={panel}
        class="talk"
        classList={{ held: held() }}
        style={{ transform: `translateY(${place()})` }}
        role="dialog"
        aria-modal="true"
        aria-label={`${word("talk-title")}: ${around.title}`}
        tabindex="-1"
        data-testid="talk"
      >
        <header ref={head} class="talk-head">
          <span class="talk-grip" aria-hidden="true" />
          <div class="talk-names">
            <h2>{around.title}</h2>
            <p classList={{ offline: !around.connected }} data-testid="talk-status">
              {around.connected ? word("talk-online", { count: people() }) : word("talk-offline")}
            </p>
          </div>
          <button class="round" aria-label={t("close")} data-testid="talk-close" onClick={leave}>
            <Icon name="cross" />
          </button>
        </header>
        <Body news={props.news} />
      </section>
    </Portal>
  );
}
