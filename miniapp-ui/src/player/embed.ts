/**
 * A frame of another site's player, spoken to by messages.
 *
 * Promises that only that frame, as long as it shows that site, is heard. None of the site's scripts run in this document: they would
 * run with this origin's rights, which are the app's.
 */

export class Embed {
  readonly frame: HTMLIFrameElement;
  readonly #origin: string;
  readonly #listener: (event: MessageEvent<unknown>) => void;

  constructor(place: HTMLElement, url: string, hear: (data: unknown) => void, onLoad: () => void) {
    this.#origin = new URL(url).origin;
    this.frame = document.createElement("iframe");
    this.frame.allow = "autoplay; fullscreen; encrypted-media; picture-in-picture";
    this.frame.setAttribute("allowfullscreen", "");
    this.#listener = ({ origin, source, data }) => {
      if (origin === this.#origin && source !== null && source === this.frame.contentWindow) hear(data);
    };
    window.addEventListener("message", this.#listener);
    this.frame.addEventListener("load", onLoad);
    this.frame.src = url;
    place.append(this.frame);
  }

  send(message: unknown): void {
    this.frame.contentWindow?.postMessage(message, this.#origin);
  }

  destroy(): void {
    window.removeEventListener("message", this.#listener);
    this.frame.remove();
  }
}

/** A part of what a foreign frame said, as far as it is an object. */
export function fields(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

export function finite(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
