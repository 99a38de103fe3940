/**
 * What a pasted address is: a film on YouTube or Twitch, a file, a stream, or a page to be framed.
 *
 * Promises an https address of a public host, in one form for one film, or a reason why not that can be said to a person.
 * Nothing is fetched. The server judges an address again.
 */
import type { Media } from "./adapter";
import { type Site, embedded, twitch, youtube } from "./sites";
import { seconds } from "./time";

export type AddressRefusal =
  /** There is no address in it. */
  | "no_address"
  /** It is longer than the contract allows. */
  | "too_long"
  /** The page is https, and shows nothing else. */
  | "not_https"
  /** Only somebody's own network knows it. */
  | "private_host"
  /** A name and a password are in it, which everybody in the room would get. */
  | "has_password"
  /** It leads to the site of a player, and to no film there. */
  | "no_film"
  /** A kind of stream that no player here plays. */
  | "unsupported"
  /** It is this app. */
  | "own";

export type Judged = { media: Media } | { refused: AddressRefusal };

/** The contract's longest address of a medium, in characters: a longer one is refused as `too_long`. */
export const ADDRESS_LONGEST = 2_048;
/** How much of what was pasted is looked at: an address that begins later is not found. */
export const PASTED_LONGEST = 8_192;

const FILE = /\.(mp4|m4v|webm|mov|mkv|ogv|ogg|oga|opus|mp3|m4a|aac|flac|wav)$/i;
const HLS = /\.m3u8?$|\(format=m3u8/i;
const DASH = /\.(mpd|ism|f4m)$|\(format=mpd/i;

/** Finds the address in what was pasted, and what it is. `own` is the host of this app. */
export function addressOf(pasted: string, own?: string): Judged {
  const found = addressIn(pasted);
  if (found === null) return { refused: "no_address" };
  const site = youtube(found) ?? twitch(found);
  // What a known site also serves by https may have been copied in its older form.
  if (found.protocol !== "https:" && (site === null || found.protocol !== "http:")) {
    return { refused: "not_https" };
  }
  const refused = refusalOf(found, own);
  if (refused !== null) return { refused };
  const media = site === null ? elsewhere(found) : ofSite(site);
  return "media" in media && media.media.url.length > ADDRESS_LONGEST ? { refused: "too_long" } : media;
}

/** Where subtitles are to be fetched from, by this phone alone, and what they are called. `own` is the host of this app. */
export function subtitlesAddressOf(
  pasted: string,
  own?: string,
): { url: string; name: string } | { refused: AddressRefusal } {
  const found = addressIn(pasted);
  if (found === null) return { refused: "no_address" };
  if (found.protocol !== "https:") return { refused: "not_https" };
  const refused = refusalOf(found, own);
  if (refused !== null) return { refused };
  const url = plain(found);
  return url.length > ADDRESS_LONGEST
    ? { refused: "too_long" }
    : { url, name: fileName(found.pathname) ?? found.hostname };
}

/** Why nothing of this address is taken, whatever it is; null: it may be. */
function refusalOf(found: URL, own?: string): AddressRefusal | null {
  if (found.username !== "" || found.password !== "") return "has_password";
  if (isPrivate(found.hostname)) return "private_host";
  return own !== undefined && found.host === own ? "own" : null;
}

/** The first address in a text: as it stands, in a sentence, or in a piece of HTML. */
function addressIn(pasted: string): URL | null {
  const text = pasted.slice(0, PASTED_LONGEST).trim();
  const [whole] = /\b[a-z][a-z\d+.-]*:\/\/[^\s"'<>]+/i.exec(text) ?? [];
  if (whole !== undefined) return parsed(withoutTail(whole.replace(/&amp;/g, "&")));
  // Typed by hand: `youtu.be/…`. A word with a dot in it is no address, unless it has a path or a usual ending.
  const [bare] = /^(?:[\p{L}\d-]+\.)+\p{L}{2,}(?::\d+)?(?:\/\S*)?$/u.exec(text) ?? [];
  if (bare === undefined || !/\/|^(www|m)\.|\.(com|be|tv|ru|org|net|io|me|рф)$/i.test(bare)) return null;
  return parsed(`https://${bare}`);
}

/** Without the punctuation of the sentence around it. */
function withoutTail(address: string): string {
  const bare = address.replace(/[.,;:!?…»”]+$/, "");
  return bare.endsWith(")") && !bare.includes("(") ? bare.slice(0, -1) : bare;
}

function parsed(address: string): URL | null {
  try {
    const url = new URL(address);
    return url.hostname === "" ? null : url;
  } catch {
    return null;
  }
}

function ofSite(site: Site): Judged {
  if (site.film === null) return { refused: "no_film" };
  const { kind, url, start_s, title } = site.film;
  return { media: { kind, url, start_s, title } };
}

/** A file, a stream, or any other page. */
function elsewhere(found: URL): Judged {
  const url = new URL(found.href);
  const start_s = seconds(new URLSearchParams(url.hash.slice(1)).get("t"));
  const path = url.pathname;
  if (DASH.test(path)) return { refused: "unsupported" };
  if (HLS.test(path)) return { media: { kind: "hls", url: plain(url), start_s, title: fileName(path) } };
  if (FILE.test(path)) return { media: { kind: "file", url: plain(url), start_s, title: fileName(path) } };
  const known = embedded(url);
  if (known !== null) return { media: { kind: "frame", url: known, start_s: 0, title: null } };
  return { media: { kind: "frame", url: url.href, start_s: 0, title: null } };
}

/** The file itself, also where its host would rather show a page around it. */
function plain(url: URL): string {
  url.hash = "";
  if (/(^|\.)dropbox\.com$/.test(url.hostname)) {
    url.searchParams.delete("dl");
    url.searchParams.set("raw", "1");
  }
  return url.href;
}

/** `/films/My.Film_(2010).mp4` → `My Film (2010)`; null where the name says nothing (`index`, `playlist`, a hash). */
function fileName(path: string): string | null {
  const last = path.split("/").pop() ?? "";
  let name: string;
  try {
    name = decodeURIComponent(last);
  } catch {
    name = last;
  }
  name = name
    .replace(/\.[a-z\d]{1,5}$|\(format=.*$/i, "")
    .replace(/[._+\s]+/g, " ")
    .trim();
  const says =
    /\p{L}{2}/u.test(name) &&
    !/^(index|playlist|master|main|video|manifest|stream|chunklist|live|hls|prog index|[\da-f-]{16,})$/i.test(
      name,
    );
  return says ? name.slice(0, 200) : null;
}

/** Hosts that only somebody's own network knows, and addresses of no network at all. */
function isPrivate(hostname: string): boolean {
  const host = hostname.replace(/\.$/, "");
  if (host.startsWith("[")) return isPrivateV6(host.slice(1, -1));
  const numbers = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host)?.slice(1).map(Number);
  if (numbers !== undefined) return isPrivateV4(numbers);
  return (
    !host.includes(".") ||
    /\.(localhost|local|internal|intranet|lan|home|corp|private|test|invalid|example|onion|arpa)$/.test(host)
  );
}

/** IANA's registry of special addresses. */
function isPrivateV4([a = 0, b = 0, c = 0]: number[]): boolean {
  return (
    [0, 10, 127].includes(a) ||
    a >= 224 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && (b === 168 || (b === 0 && (c === 0 || c === 2)) || (b === 88 && c === 99))) ||
    (a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100))) ||
    (a === 203 && b === 0 && c === 113)
  );
}

/** Global unicast is 2000::/3; of it the documentation's and those that hold an IPv4 address are not public. */
function isPrivateV6(address: string): boolean {
  const first = Number.parseInt(address.split(":")[0] ?? "", 16);
  return !(first >= 0x2000 && first < 0x4000) || /^(2001:(db8|0?:)|2001::|2002:)/.test(address);
}
