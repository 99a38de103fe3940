/**
 * Any other page, opened by a tap and left to itself: nobody can say where a film in it is.
 *
 * Promises that it can neither lead the app away, nor open windows, nor ask through us for anything of the phone. It keeps its own origin, since few
 * players work without; an address of ours is never opened, for which that origin would be the app's.
 */
import type { Capabilities, Player, PlayerError, PlayerState } from "../watching/players/adapter";
import type { Opening } from "../watching/players/messages";
import { Listeners } from "./listeners";

const SANDBOX = "allow-scripts allow-same-origin allow-forms allow-presentation";

export class PagePlayer implements Player {
  readonly capabilities: Capabilities = { rate: false, seek: false, live: false, ads: false, exact: false };
  readonly #listeners = new Listeners();
  readonly #gate = document.createElement("div");
  readonly #error: PlayerError | null;
  #frame: HTMLIFrameElement | null = null;

  constructor(place: HTMLElement, { url, words }: Opening) {
    const { host, origin } = new URL(url);
    this.#error = origin === location.origin ? "not_allowed_to_embed" : null;
    if (this.#error !== null) return;
    this.#gate.className = "gate";
    const name = document.createElement("strong");
    name.textContent = host.replace(/^www\./, "");
    const lead = document.createElement("p");
    lead.textContent = words.frame;
    const open = document.createElement("button");
    open.type = "button";
    open.textContent = words.open;
    open.addEventListener("click", () => {
      this.#open(place, url, name.textContent);
    });
    this.#gate.append(name, lead, open);
    place.append(this.#gate);
  }

  state(): PlayerState {
    return {
      position_s: 0,
      measured_at: performance.now(),
      // Left to itself it neither waits nor can be asked to.
      paused: false,
      buffering: false,
      ad: false,
      ended: false,
      rate: 1,
      duration_s: null,
      error: this.#error,
    };
  }

  /** Only a tap on it opens it, and whether it plays then nobody can say: nobody waits for that. */
  play(): Promise<"playing"> {
    return Promise.resolve("playing");
  }

  pause(): void {
    return;
  }

  seek(): void {
    return;
  }

  rate(): void {
    return;
  }

  mute(): void {
    return;
  }

  volume(): void {
    return;
  }

  on: Player["on"] = (listener) => this.#listeners.on(listener);

  destroy(): void {
    this.#listeners.clear();
    this.#gate.remove();
    this.#frame?.remove();
  }

  #open(place: HTMLElement, url: string, title: string): void {
    const frame = document.createElement("iframe");
    frame.title = title;
    frame.setAttribute("sandbox", SANDBOX);
    frame.allow = "autoplay; fullscreen; encrypted-media; picture-in-picture";
    frame.setAttribute("allowfullscreen", "");
    frame.src = url;
    this.#frame = frame;
    this.#gate.remove();
    place.append(frame);
    this.#listeners.tell("ready", "playing");
  }
}
