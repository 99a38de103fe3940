/**
 * The phone's microphone, with the manners that each of Telegram's clients needs.
 *
 * Android asks at every request for it, and Desktop may remember a no for ever: there a track is kept while muted, and only made silent. On
 * iOS capturing lowers the volume of everything else, the film above all: there the track ends with every pause, since the answer is
 * remembered until the page is loaded again.
 *
 * Promises: nothing is captured before somebody asked to speak; whoever let go before the answer came is not heard.
 */

/** `denied`: somebody said no, now or before; `missing`: there is no microphone that could be used. */
export type MicState = "off" | "asking" | "on" | "muted" | "denied" | "missing";

type Wish = "speak" | "mute" | "stop";

export interface MicPorts {
  /** Absent where the browser has none, on a page without https say. */
  capture: ((constraints: MediaStreamConstraints) => Promise<MediaStream>) | undefined;
  /** Telegram's name for its client. */
  platform: string;
  /** What the others are to hear from now on. */
  track: (track: MediaStreamTrack | null) => void;
  changed: () => void;
}

const SOUND: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

export class Microphone {
  readonly #ports: MicPorts;
  #state: MicState = "off";
  #track: MediaStreamTrack | null = null;
  #wish: Wish = "stop";

  constructor(ports: MicPorts) {
    this.#ports = ports;
  }

  get state(): MicState {
    return this.#state;
  }

  /** What is captured now. */
  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  async speak(): Promise<void> {
    this.#wish = "speak";
    if (this.#state === "asking" || this.#state === "on") return;
    if (this.#track === null && !(await this.#capture())) return;
    // Somebody may have let go meanwhile, or left.
    const wish = this.#wished();
    if (wish === "speak") this.#switch(true);
    else if (wish === "mute") this.#pause();
    else this.#end();
  }

  mute(): void {
    this.#wish = "mute";
    if (this.#state === "on") this.#pause();
  }

  /** Captures nothing any more. */
  stop(): void {
    this.#wish = "stop";
    if (this.#state !== "asking") this.#end();
  }

  #pause(): void {
    if (this.#ports.platform === "ios") this.#end();
    else this.#switch(false);
  }

  #end(): void {
    if (this.#track !== null) {
      this.#track.onended = null;
      this.#track.stop();
      this.#track = null;
      this.#ports.track(null);
    }
    this.#set("off");
  }

  async #capture(): Promise<boolean> {
    const { capture } = this.#ports;
    if (capture === undefined) {
      this.#set("missing");
      return false;
    }
    this.#set("asking");
    try {
      const stream = await capture(SOUND);
      const [track] = stream.getAudioTracks();
      if (track === undefined) {
        this.#set("missing");
        return false;
      }
      this.#take(track);
      return true;
    } catch (error) {
      this.#set(isNo(error) ? "denied" : "missing");
      return false;
    }
  }

  #take(track: MediaStreamTrack): void {
    track.enabled = false;
    // Unplugged, or taken by a call.
    track.onended = () => {
      this.stop();
    };
    this.#track = track;
    this.#ports.track(track);
  }

  #switch(on: boolean): void {
    if (this.#track !== null) this.#track.enabled = on;
    this.#set(on ? "on" : "muted");
  }

  #wished(): Wish {
    return this.#wish;
  }

  #set(state: MicState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#ports.changed();
  }
}

function isNo(error: unknown): boolean {
  return error instanceof Error && (error.name === "NotAllowedError" || error.name === "SecurityError");
}
