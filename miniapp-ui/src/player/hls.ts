/**
 * A stream in HLS: played by the browser where it can, and by hls.js, which is fetched only then, where it cannot or fails.
 */
import type HlsLibrary from "hls.js";
import type { ErrorData } from "hls.js";
// Its own thread for unpacking: a file of ours, since the policy has no scripts made from text.
import worker from "hls.js/dist/hls.worker.js?url";

import type { Player, PlayerError } from "../watching/players/adapter";
import type { Opening } from "../watching/players/messages";
import { type Feed, VideoPlayer, errorOf } from "./video";

const TYPE = "application/vnd.apple.mpegurl";
/** Seconds of film that are kept behind and fetched ahead: a phone's memory is small. */
const BEHIND_S = 30;
const AHEAD_S = 30;
/** How often a broken stream is mended before it counts as unsupported. */
const MENDED_MOST = 3;

export function hlsPlayer(place: HTMLElement, opening: Opening): Player {
  return new VideoPlayer(place, opening, feed(opening.url));
}

function feed(url: string): Feed {
  return (video, fail) => {
    let unfeed: (() => void) | undefined;
    let ended = false;
    const byLibrary = () => {
      feedByLibrary(video, url, fail).then(
        (made) => {
          unfeed = made;
          if (ended) made();
        },
        () => {
          fail("unreachable");
        },
      );
    };
    const onError = () => {
      video.removeEventListener("error", onError);
      const error = errorOf(video.error);
      // Some say that they can, and cannot; with what is not there nothing else helps either.
      if (error === "unsupported" && "MediaSource" in window) byLibrary();
      else fail(error);
    };
    if (video.canPlayType(TYPE) === "") byLibrary();
    else {
      video.addEventListener("error", onError);
      video.src = url;
    }
    return () => {
      ended = true;
      video.removeEventListener("error", onError);
      unfeed?.();
    };
  };
}

async function feedByLibrary(
  video: HTMLVideoElement,
  url: string,
  fail: (error: PlayerError) => void,
): Promise<() => void> {
  const { default: Hls } = await import("hls.js");
  if (!Hls.isSupported()) {
    fail("unsupported");
    return () => undefined;
  }
  const hls = new Hls({
    workerPath: worker,
    backBufferLength: BEHIND_S,
    maxBufferLength: AHEAD_S,
    // What people see are our own subtitles.
    renderTextTracksNatively: false,
    capLevelToPlayerSize: true,
  });
  let mended = 0;
  hls.on(Hls.Events.ERROR, (_, data) => {
    if (!data.fatal) return;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && mended < MENDED_MOST) {
      mended += 1;
      hls.recoverMediaError();
      return;
    }
    fail(reason(Hls, data));
  });
  hls.loadSource(url);
  hls.attachMedia(video);
  return () => {
    hls.destroy();
  };
}

function reason(Hls: typeof HlsLibrary, { type, response }: ErrorData): PlayerError {
  if (type !== Hls.ErrorTypes.NETWORK_ERROR) return "unsupported";
  if (response?.code === 404 || response?.code === 410) return "gone";
  if (response?.code === 401 || response?.code === 403) return "not_allowed_to_embed";
  return "unreachable";
}
