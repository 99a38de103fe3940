/**
 * The document's side of the talk with the app: does what it is asked, and reports what plays.
 *
 * Promises to hear the page around it alone, and only if that is the app: a page of this origin.
 */
import type { Player, PlayerEvent } from "../watching/players/adapter";
import { type Opening, type Order, type Report, hear, isOrder } from "../watching/players/messages";
import { PagePlayer } from "./page";
import type { Subtitles } from "./subtitles";
import { filePlayer } from "./video";

/** How often a state is reported while a film plays, and while it does not. */
const PLAYING_MS = 250;
const RESTING_MS = 1_000;

/** A player that is fetched only by those who need it. */
async function made(place: HTMLElement, opening: Opening): Promise<Player> {
  switch (opening.kind) {
    case "file":
      return filePlayer(place, opening);
    case "hls":
      return (await import("./hls")).hlsPlayer(place, opening);
    case "youtube":
      return new (await import("./youtube")).YoutubePlayer(place, opening);
    case "twitch":
      return new (await import("./twitch")).TwitchPlayer(place, opening);
    case "frame":
      return new PagePlayer(place, opening);
  }
}

/** What a player itself is asked. */
type Asked = Exclude<Order, { type: "open" | "clock" | "subtitles" | "subtitles_shift" }>;

export class Host {
  readonly #place: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #lines: HTMLElement;
  #film = 0;
  /** It plays in this document: a tap here is one for it. Others have a button of their own. */
  #isOurs = false;
  #player: Player | null = null;
  #subtitles: Promise<Subtitles> | null = null;
  /** What was asked of a film whose player is still fetched. */
  #waiting: Asked[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(place: HTMLElement) {
    this.#place = place;
    this.#button = document.createElement("button");
    this.#lines = document.createElement("div");
    this.#button.type = "button";
    this.#button.className = "tap";
    this.#button.hidden = true;
    this.#button.addEventListener("click", () => {
      void this.#player?.play();
    });
    this.#lines.className = "subtitles";
    place.append(this.#lines, this.#button);
  }

  begin(): void {
    hear(
      () => window.parent,
      location.origin,
      isOrder,
      (order) => {
        this.#do(order);
      },
    );
    this.#tell({ type: "hello" });
  }

  #tell(report: Report): void {
    window.parent.postMessage(report, location.origin);
  }

  #do(order: Order): void {
    switch (order.type) {
      case "open":
        this.#open(order);
        break;
      case "clock":
        this.#tell({ type: "clock", sent: order.sent, now: performance.now() });
        break;
      case "subtitles":
      case "subtitles_shift":
        void this.#title(order);
        break;
      default:
        if (this.#player === null) this.#wait(order);
        else this.#ask(this.#player, order);
    }
  }

  /** Of each kind only the last counts, but for `play`, of which every one is answered. */
  #wait(order: Asked): void {
    this.#waiting = this.#waiting.filter(({ type }) => type !== order.type).concat(order);
  }

  #open(opening: Opening): void {
    const film = (this.#film = opening.film);
    this.#isOurs = opening.kind === "file" || opening.kind === "hls";
    this.#player?.destroy();
    this.#player = null;
    this.#waiting = [];
    // They were the other film's.
    this.#subtitles?.then(
      (subtitles) => subtitles.use(null),
      () => null,
    );
    this.#button.hidden = true;
    this.#button.setAttribute("aria-label", opening.words.tap);
    document.documentElement.lang = opening.language;
    made(this.#place, opening).then(
      (player) => {
        // Another was opened meanwhile.
        if (film === this.#film) this.#take(player);
        else player.destroy();
      },
      () => {
        // Not fetched: the network is away. Opened anew, it is tried anew.
        const capabilities = { rate: false, seek: false, live: false, ads: false, exact: false };
        this.#tell({ type: "state", film, event: "error", state: unreachable(opening), capabilities });
      },
    );
  }

  #take(player: Player): void {
    this.#player = player;
    player.on((event) => {
      this.#report(event);
    });
    this.#report("capabilities");
    if (player.state().error !== null) this.#report("error");
    for (const order of this.#waiting.splice(0)) this.#ask(player, order);
  }

  #ask(player: Player, order: Asked): void {
    switch (order.type) {
      case "play":
        void player.play().then((outcome) => {
          this.#tell({ type: "played", play: order.play, outcome });
        });
        break;
      case "pause":
        player.pause();
        break;
      case "seek":
        player.seek(order.position_s);
        break;
      case "rate":
        player.rate(order.rate);
        break;
      case "mute":
        player.mute(order.muted);
        break;
      case "volume":
        player.volume(order.volume);
        break;
    }
  }

  async #title(order: Extract<Order, { type: "subtitles" | "subtitles_shift" }>): Promise<void> {
    this.#subtitles ??= import("./subtitles").then(
      ({ Subtitles }) => new Subtitles(this.#lines, () => this.#player?.state() ?? null),
    );
    const subtitles = await this.#subtitles.catch(() => null);
    if (subtitles === null) {
      this.#subtitles = null;
      this.#tell({ type: "subtitles", outcome: "unreachable" });
      return;
    }
    if (order.type === "subtitles_shift") {
      subtitles.shift(order.offset_ms, order.shown);
      return;
    }
    const outcome = await subtitles.use(order.source);
    if (outcome !== null) this.#tell({ type: "subtitles", outcome });
  }

  #report(event: PlayerEvent | null): void {
    clearTimeout(this.#timer);
    const player = this.#player;
    if (player === null) return;
    const state = player.state();
    if (event === "blocked") this.#button.hidden = !this.#isOurs;
    if (event === "playing") this.#button.hidden = true;
    this.#tell({ type: "state", film: this.#film, event, state, capabilities: player.capabilities });
    this.#timer = setTimeout(
      () => {
        this.#report(null);
      },
      state.paused ? RESTING_MS : PLAYING_MS,
    );
  }
}

function unreachable({ start_s }: Opening) {
  return {
    position_s: start_s,
    measured_at: performance.now(),
    paused: true,
    buffering: false,
    ad: false,
    ended: false,
    rate: 1,
    duration_s: null,
    error: "unreachable",
  };
}
