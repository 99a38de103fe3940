import { describe, expect, it } from "vitest";

import { SUBTITLES_LONGEST } from "./messages";
import { readSubtitles, textOf, toVtt } from "./subtitles";

const bytes = (...parts: (string | number[])[]) =>
  new Uint8Array(
    parts.flatMap((part) => (typeof part === "string" ? [...new TextEncoder().encode(part)] : part)),
  ).buffer;

describe("a file of subtitles", () => {
  it("is left alone where it is WebVTT", () => {
    expect(toVtt("WEBVTT\n\n00:00.000 --> 00:01.000\nA")).toBe("WEBVTT\n\n00:00.000 --> 00:01.000\nA");
    expect(toVtt("\uFEFFWEBVTT - a title\r\n\r\n")).toBe("WEBVTT - a title\n\n");
  });

  it("is made WebVTT where it is SubRip, without the marks of other programs", () => {
    const srt =
      '1\r\n0:00:01,5 --> 00:00:04,000  X1:0\r\n{\\an8}<font color="red">Кино</font>\r\nи <i>немцы</i>\r\n';
    expect(toVtt(srt)).toBe("WEBVTT\n\n1\n00:00:01.500 --> 00:00:04.000\nКино\nи <i>немцы</i>\n");
  });

  it("is refused where it is neither", () => {
    expect(toVtt("{25}{50}MicroDVD")).toBeNull();
    expect(toVtt("")).toBeNull();
    expect(toVtt("WEBVTTX")).toBeNull();
  });

  it("is read in the letters it was written in", () => {
    expect(textOf(bytes("Привет"))).toBe("Привет");
    expect(textOf(bytes([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2])), "Windows-1251").toBe("Привет");
    expect(textOf(bytes([0xff, 0xfe, 0x1f, 0x04])), "UTF-16, as Notepad writes it").toBe("П");
  });

  it("of a phone is handed on as a text, or refused with a reason", async () => {
    const srt = "1\n00:00:01,000 --> 00:00:02,000\nA\n";
    expect(await readSubtitles(new Blob([srt]))).toEqual({ text: srt });
    expect(await readSubtitles(new Blob(["a picture"]))).toBe("unsupported");
    expect(await readSubtitles(new Blob(["a".repeat(SUBTITLES_LONGEST + 1)]))).toBe("too_large");
  });
});
