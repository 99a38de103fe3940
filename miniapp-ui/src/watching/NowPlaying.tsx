/** The bar of a room in which something is on: what, and that a tap leads there. */
import { onCleanup, onMount } from "solid-js";

import type { Words } from "../text/words";
import { nameOf } from "./cinema";
import { CinemaIcon } from "./icons";
import type { Screen } from "./types";
import "./now-playing.css";

export function NowPlaying(props: { screen: Screen; word: Words; open: () => void }) {
  onMount(() => {
    document.documentElement.dataset.watching = "";
  });
  onCleanup(() => {
    delete document.documentElement.dataset.watching;
  });
  return (
    <button class="now-playing" data-testid="now-playing" onClick={() => props.open()}>
      <span class="now-mark">
        <CinemaIcon name={props.screen.playing ? "play" : "pause"} />
      </span>
      <span class="now-text">
        <span class="now-name">{nameOf(props.screen.media)}</span>
        <span class="now-note">
          {props.word(props.screen.playing ? "cinema-bar-playing" : "cinema-bar-paused")}
        </span>
      </span>
      <span class="now-go">{props.word("cinema-enter")}</span>
    </button>
  );
}
