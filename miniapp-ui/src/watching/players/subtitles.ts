/**
 * Subtitles as text: what is in a file, and whether it is subtitles at all.
 *
 * Promises WebVTT, which browsers parse themselves, of WebVTT and of SubRip (`.srt`), in UTF-8 or in the Windows letters that older Russian
 * files have.
 */
import { SUBTITLES_LONGEST, type SubtitlesOutcome, type SubtitlesSource } from "./messages";

/** A time of SubRip, which has a comma where WebVTT has a dot, and may lack a leading zero. */
const TIMES = /^[ \t]*(\d{1,3}:\d\d:\d\d)[,.](\d{1,3})[ \t]*-->[ \t]*(\d{1,3}:\d\d:\d\d)[,.](\d{1,3}).*$/gm;

/** The text of a file, in the letters it was written in. */
export function textOf(bytes: ArrayBuffer): string {
  const start = new Uint8Array(bytes.slice(0, 2));
  if (start[0] === 0xff && start[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (start[0] === 0xfe && start[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1251").decode(bytes);
  }
}

/** As WebVTT; null: it is neither that nor SubRip. */
export function toVtt(text: string): string | null {
  const plain = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  if (/^WEBVTT(?:[ \t\n]|$)/.test(plain)) return plain;
  let found = 0;
  const timed = plain.replace(TIMES, (_, from: string, fromMs: string, to: string, toMs: string) => {
    found += 1;
    return `${clock(from)}.${fromMs.padEnd(3, "0")} --> ${clock(to)}.${toMs.padEnd(3, "0")}`;
  });
  // What other programs write into SubRip for colours and places.
  const bare = timed.replace(/\{\\[^}\n]*\}|<\/?font[^>\n]*>/gi, "");
  return found === 0 ? null : `WEBVTT\n\n${bare}`;
}

/** Reads a file of this phone. It goes no further than the player. */
export async function readSubtitles(file: Blob): Promise<SubtitlesSource | SubtitlesOutcome> {
  // Letters take up to four bytes.
  if (file.size > SUBTITLES_LONGEST * 4) return "too_large";
  try {
    const text = textOf(await bytesOf(file));
    if (text.length > SUBTITLES_LONGEST) return "too_large";
    return toVtt(text) === null ? "unsupported" : { text };
  } catch {
    return "unreachable";
  }
}

function bytesOf(file: Blob): Promise<ArrayBuffer> {
  return file.arrayBuffer();
}

function clock(time: string): string {
  return time.replace(/^\d:/, "0$&");
}
