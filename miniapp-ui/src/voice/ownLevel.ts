/** How loud the own microphone is right now, 0 to 1. Nothing of it is kept. */

export class OwnLevel {
  #context: AudioContext | null = null;
  #analyser: AnalyserNode | null = null;
  #samples = new Float32Array(512);
  #track: MediaStreamTrack | null = null;

  /** Listens to this track from now on. */
  of(track: MediaStreamTrack | null): void {
    if (track === this.#track) return;
    this.stop();
    this.#track = track;
    if (track === null || typeof AudioContext === "undefined") return;
    this.#context = new AudioContext();
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = this.#samples.length;
    this.#context.createMediaStreamSource(new MediaStream([track])).connect(this.#analyser);
  }

  level(): number {
    if (this.#analyser === null || this.#track?.enabled !== true) return 0;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const squares = this.#samples.reduce((sum, sample) => sum + sample * sample, 0);
    return Math.sqrt(squares / this.#samples.length);
  }

  stop(): void {
    this.#context?.close().catch(() => undefined);
    this.#context = null;
    this.#analyser = null;
    this.#track = null;
  }
}
