/**
 * A real film, made by ffmpeg for one test: as a file, and as a stream in HLS.
 *
 * Served to a browser as if it lay on a public host, since addresses of any other are refused; whole or in the parts that are asked for.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BrowserContext, Route } from "@playwright/test";

/** How long it is, unless a test wants another. */
export const FILM_S = 20;
/** How long the parts of the stream are. */
const STREAM_PART_S = 2;
const HOST = "https://films.sovpalo-tests.ru";
const FILE = "film.mp4";

const TYPES: Record<string, string> = {
  mp4: "video/mp4",
  m3u8: "application/vnd.apple.mpegurl",
  m4s: "video/iso.segment",
  vtt: "text/vtt",
  srt: "application/x-subrip",
};

export interface FilmManners {
  duration_s: number;
  size: string;
  hasSound: boolean;
  /** A request for the rest of the file gets no more than about so many seconds of it; Infinity: all of it. */
  part_s: number;
}

/** What a request waits for, with the share of the film that it is answered with. */
export type Line = (share: number) => Promise<void>;

export class Film {
  static readonly file = `${HOST}/${FILE}`;
  static readonly stream = `${HOST}/film.m3u8`;

  /** What else lies on the host. */
  readonly texts = new Map<string, string | Buffer>();

  private constructor(
    private readonly folder: string,
    private readonly manners: FilmManners,
  ) {}

  static async make(given: Partial<FilmManners> = {}): Promise<Film> {
    const manners = { duration_s: FILM_S, size: "160x90", hasSound: true, part_s: Infinity, ...given };
    const { duration_s, size, hasSound } = manners;
    const folder = await mkdtemp(join(tmpdir(), "sovpalo-film-"));
    const ffmpeg = (...args: string[]) =>
      promisify(execFile)("ffmpeg", ["-hide_banner", "-loglevel", "error", ...args], { cwd: folder });
    const picture = `testsrc=duration=${duration_s}:size=${size}:rate=12`;
    const sound = `sine=frequency=440:duration=${duration_s}`;
    await ffmpeg(
      ...["-f", "lavfi", "-i", picture, ...(hasSound ? ["-f", "lavfi", "-i", sound] : [])],
      ...["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "24"],
      ...(hasSound ? ["-c:a", "aac", "-b:a", "32k", "-shortest"] : []),
      ...["-movflags", "+faststart", FILE],
    );
    await ffmpeg(
      ...[
        "-i",
        FILE,
        "-c",
        "copy",
        "-f",
        "hls",
        "-hls_time",
        String(STREAM_PART_S),
        "-hls_playlist_type",
        "vod",
      ],
      ...["-hls_segment_type", "fmp4", "-hls_segment_filename", "part%02d.m4s", "film.m3u8"],
    );
    return new Film(folder, manners);
  }

  /** A browser finds it on the net, at the end of a line that may be slow. */
  async serve(context: BrowserContext, line: Line = () => Promise.resolve()): Promise<void> {
    await context.route(`${HOST}/**`, (route) => this.#answer(route, line));
  }

  async dispose(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async #answer(route: Route, line: Line): Promise<void> {
    const { pathname } = new URL(route.request().url());
    const name = pathname.slice(1);
    const headers = { "access-control-allow-origin": "*", "accept-ranges": "bytes" };
    const body = this.texts.get(name) ?? (await readFile(join(this.folder, name)).catch(() => null));
    if (body === null) {
      await route.fulfill({ status: 404, headers, body: "" });
      return;
    }
    const whole = Buffer.from(body);
    const contentType = TYPES[name.split(".").pop() ?? ""] ?? "application/octet-stream";
    const range = /^bytes=(\d+)-(\d*)$/.exec(route.request().headers()["range"] ?? "");
    if (range === null) {
      await line(this.#shareOf(name));
      await route.fulfill({ status: 200, headers, contentType, body: whole });
      return;
    }
    const from = Number(range[1]);
    const most =
      name === FILE
        ? Math.ceil((whole.length * this.manners.part_s) / this.manners.duration_s)
        : whole.length;
    const asked = range[2] === "" ? whole.length - 1 : Number(range[2]);
    const to = Math.min(asked, whole.length - 1, from + most - 1);
    await line(((to - from + 1) / whole.length) * this.#shareOf(name));
    await route.fulfill({
      status: 206,
      headers: { ...headers, "content-range": `bytes ${from}-${to}/${whole.length}` },
      contentType,
      body: whole.subarray(from, to + 1),
    });
  }

  /** Which share of the film is in a file. The list of a stream's parts, and what is before the first of them, weigh nothing. */
  #shareOf(name: string): number {
    if (name === FILE) return 1;
    return name.endsWith(".m4s") ? STREAM_PART_S / this.manners.duration_s : 0;
  }
}
