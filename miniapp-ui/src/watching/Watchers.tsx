/** Who is here, and how their player is doing. */
import { For, Show } from "solid-js";

import { Avatar } from "../parts/Avatar";
import { type Watcher, useCinema } from "./cinema";
import "./watchers.css";

/** Behind by less than this, in seconds, is nobody's business. */
const NOTICED_S = 0.3;

export function Watchers() {
  const { watchers, word } = useCinema();
  return (
    <ul class="watchers" aria-label={word("cinema-who")} tabindex="0" data-testid="watchers">
      <For each={watchers()}>
        {(watcher) => (
          <li class="watcher" data-doing={watcher.doing} data-testid={`watcher-${watcher.id}`}>
            <Avatar member={watcher} />
            <span class="watcher-text">
              <span class="watcher-name">{watcher.isMe ? word("cinema-you") : watcher.name}</span>
              <Show when={useDoing(watcher)()}>
                {(doing) => <span class="watcher-doing">{doing()}</span>}
              </Show>
            </span>
          </li>
        )}
      </For>
    </ul>
  );
}

function useDoing(watcher: Watcher): () => string | null {
  const { word } = useCinema();
  return () => {
    if (watcher.doing === "buffering" || watcher.doing === "ad" || watcher.doing === "blocked")
      return word(`cinema-doing-${watcher.doing}`);
    if (watcher.behind_s >= NOTICED_S)
      return word("cinema-behind", { seconds: Math.round(watcher.behind_s * 10) / 10 });
    return null;
  };
}
