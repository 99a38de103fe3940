/**
 * The sites whose addresses are known: YouTube and Twitch, which are played in step, and those that have a page meant for
 * framing beside the one that people copy.
 *
 * Promises one form for one film.
 */
import type { Media } from "./adapter";
import { seconds } from "./time";

/** It is an address of this site; `film` is null where it leads to none. */
export interface Site {
  film: Media | null;
}

const YOUTUBE = /^(?:(?:www|m|music|gaming)\.)?youtube(?:-nocookie|kids)?\.com$|^(?:www\.)?youtu\.be$/;
const TWITCH = /^(?:(?:www|m|go|player|clips)\.)?twitch\.tv$/;
const YOUTUBE_ID = /^[\w-]{11}$/;
/** As long as a film's id, and none: what follows is a playlist or a channel. */
const NO_FILMS = ["videoseries", "live_stream"];
const PLAYLIST_ID = /^(?:PL|UU|FL|OL|LL|RD|EC|UL)[\w-]{8,60}$/;

/** A film, playlist or broadcast of YouTube; null: another site. */
export function youtube(found: URL): Site | null {
  if (!YOUTUBE.test(found.hostname)) return null;
  // Links that lead on to the film: out of a mail, or past the question about cookies.
  const onward = found.searchParams.get("u");
  if (found.pathname === "/attribution_link" && onward !== null) {
    return youtube(new URL(onward, "https://www.youtube.com")) ?? { film: null };
  }
  const parts = found.pathname.split("/").filter((part) => part !== "");
  const id = youtubeId(found, parts);
  if (id !== null) return { film: youtubeFilm(`https://www.youtube.com/watch?v=${id}`, startOf(found)) };
  const list = found.searchParams.get("list");
  if (list !== null && PLAYLIST_ID.test(list)) {
    return { film: youtubeFilm(`https://www.youtube.com/playlist?list=${list}`, 0) };
  }
  const channel = liveChannel(found, parts);
  return {
    film: channel === null ? null : youtubeFilm(`https://www.youtube.com/channel/${channel}/live`, 0),
  };
}

function youtubeFilm(url: string, start_s: number): Media {
  return { kind: "youtube", url, start_s, title: null };
}

function youtubeId(found: URL, parts: readonly string[]): string | null {
  const [first, second] = parts;
  const short = found.hostname.endsWith("youtu.be");
  const byPath = ["embed", "v", "e", "vi", "shorts", "live", "watch", "clip"].includes(first ?? "");
  const candidates = [
    short ? first : undefined,
    first === "watch" || parts.length === 0 || short ? found.searchParams.get("v") : undefined,
    byPath ? second : undefined,
  ];
  const isFilm = (id: string) => YOUTUBE_ID.test(id) && !NO_FILMS.includes(id);
  return candidates.find((id) => id !== undefined && id !== null && isFilm(id)) ?? null;
}

/** `/channel/UC…/live`. A name (`/@name/live`) cannot be framed. */
function liveChannel(found: URL, parts: readonly string[]): string | null {
  const asked = found.searchParams.get("channel");
  const [first, second, third] = parts;
  const channel =
    first === "channel" && third === "live"
      ? second
      : first === "embed" && second === "live_stream"
        ? asked
        : undefined;
  return channel !== undefined && channel !== null && /^UC[\w-]{22}$/.test(channel) ? channel : null;
}

function startOf({ searchParams, hash }: URL): number {
  const after = new URLSearchParams(hash.slice(1));
  const said = ["t", "start", "time_continue"].map((name) => searchParams.get(name) ?? after.get(name));
  return seconds(said.find((one) => one !== null));
}

/** What stands where a channel's name would, and is none. */
const TWITCH_PAGES = new Set(
  "videos directory settings p downloads jobs turbo store search subscriptions wallet inventory drops friends login signup prime bits user team creatorcamp broadcast about legal privacy".split(
    " ",
  ),
);

/** A channel, video or clip of Twitch; null: another site. */
export function twitch(found: URL): Site | null {
  if (!TWITCH.test(found.hostname)) return null;
  const parts = found.pathname.split("/").filter((part) => part !== "");
  const asked = found.searchParams;
  const [first = "", second = "", third = ""] = parts;
  const video =
    asked.get("video") ?? (first === "videos" ? second : /^v(ideo)?$/.test(second) ? third : null);
  if (video !== null && /^v?\d{1,15}$/.test(video)) {
    return film(`https://www.twitch.tv/videos/${video.replace("v", "")}`, startOf(found), null);
  }
  const onClips = found.hostname === "clips.twitch.tv";
  const clip = onClips ? (asked.get("clip") ?? first) : second === "clip" ? third : null;
  if (clip !== null && /^[\w-]{4,150}$/.test(clip)) return film(`https://clips.twitch.tv/${clip}`, 0, null);
  const channel = (asked.get("channel") ?? (parts.length <= 2 ? first : "")).toLowerCase();
  const isChannel = !onClips && /^\w{3,25}$/.test(channel) && !TWITCH_PAGES.has(channel);
  return isChannel ? film(`https://www.twitch.tv/${channel}`, 0, channel) : { film: null };
}

function film(url: string, start_s: number, title: string | null): Site {
  return { film: { kind: "twitch", url, start_s, title } };
}

/** Pages that refuse to be framed, and the page of the same film that their site made for it. */
const EMBEDS: readonly { host: RegExp; path: RegExp; page: (found: readonly string[]) => string }[] = [
  {
    host: /^(?:www\.)?vimeo\.com$/,
    path: /^\/(?:channels\/[^/]+\/|groups\/[^/]+\/videos\/)?(\d+)(?:\/([\da-f]+))?\/?$/,
    page: ([id = "", secret]) =>
      `https://player.vimeo.com/video/${id}${secret === undefined ? "" : `?h=${secret}`}`,
  },
  {
    host: /^(?:www\.)?rutube\.ru$/,
    path: /^\/(?:video|shorts)\/([\da-f]{32})\/?$/,
    page: ([id = ""]) => `https://rutube.ru/play/embed/${id}`,
  },
  {
    host: /^(?:(?:www|m)\.)?(?:vk\.(?:com|ru)|vkvideo\.ru)$/,
    path: /^\/(?:.*\/)?(?:video|clip)(-?\d+)_(\d+)/,
    page: ([owner = "", id = ""]) => `https://vk.com/video_ext.php?oid=${owner}&id=${id}`,
  },
  {
    host: /^(?:(?:www|m)\.)?ok\.ru$/,
    path: /^\/(?:video|live)\/(\d+)/,
    page: ([id = ""]) => `https://ok.ru/videoembed/${id}`,
  },
  {
    host: /^(?:www\.)?dailymotion\.com$/,
    path: /^\/video\/([a-z\d]+)/i,
    page: ([id = ""]) => `https://geo.dailymotion.com/player.html?video=${id}`,
  },
  {
    host: /^dai\.ly$/,
    path: /^\/([a-z\d]+)/i,
    page: ([id = ""]) => `https://geo.dailymotion.com/player.html?video=${id}`,
  },
  {
    host: /^drive\.google\.com$/,
    path: /^\/file\/d\/([\w-]+)/,
    page: ([id = ""]) => `https://drive.google.com/file/d/${id}/preview`,
  },
];

/** The page that a site made for framing; null: none is known. */
export function embedded(found: URL): string | null {
  for (const { host, path, page } of EMBEDS) {
    const match = host.test(found.hostname) ? path.exec(found.pathname) : null;
    if (match !== null) return page(match.slice(1));
  }
  return null;
}
