//! Judges the address of something to watch: https, of a public host, and fit for the kind of player that is to show it.
//!
//! Nothing here asks the network, and nor does the server: phones fetch what members typed. So what counts is how a browser reads the
//! address, and it is read the same way here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::kind::MediaKind;
use crate::room::Invalid;

/// An address has at most this many characters; a longer one is `invalid`.
pub const MAX_ADDRESS: usize = 2_048;

/// Ends of names that only a home's or a company's own network knows.
const LOCAL_NAMES: [&str; 10] = [
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "home.arpa",
];
const YOUTUBE: [&str; 3] = ["youtube.com", "youtu.be", "youtube-nocookie.com"];
const TWITCH: [&str; 1] = ["twitch.tv"];
const PLAYLIST_OF_PIECES: &str = "m3u8";
/// Names of files that a player takes whole.
const WHOLE_FILES: [&str; 8] = ["mp4", "m4v", "webm", "mov", "mkv", "ogv", "mp3", "m4a"];

/// Whether something of this kind may be at this address.
pub(super) fn check(kind: MediaKind, address: &str) -> Result<(), Invalid> {
    let no = |reason: &'static str| Err(Invalid::new("url", reason));
    // By its bytes first: no longer one is looked at.
    if address.len() > MAX_ADDRESS * 4 || address.chars().count() > MAX_ADDRESS {
        return no("has at most 2048 characters");
    }
    // A browser leaves some of these out without a word, so that what is shown and what is opened would be two addresses.
    if address.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
        return no("has a space, a control character or a backslash in it");
    }
    // A browser takes fewer slashes and more, and then something else for the host.
    let begins_well = address.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
    if !begins_well || address[8..].starts_with('/') {
        return no("begins with https:// and a host");
    }
    let Ok(url) = Url::parse(address) else { return no("is no address") };
    if !url.username().is_empty() || url.password().is_some() {
        return no("has a name or a password in it");
    }
    let host = match url.host() {
        Some(Host::Domain(name)) if is_public_name(name) => name.trim_end_matches('.'),
        Some(Host::Ipv4(address)) if is_public(address.into()) => "",
        Some(Host::Ipv6(address)) if is_public(address.into()) => "",
        _ => return no("has no public host"),
    };
    if fits(kind, host, url.path()) { Ok(()) } else { no("is not of this kind") }
}

fn fits(kind: MediaKind, host: &str, path: &str) -> bool {
    let (youtube, twitch) = (is_of(host, &YOUTUBE), is_of(host, &TWITCH));
    let extension = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, end)| end);
    let is_named = |ends: &[&str]| {
        extension.is_some_and(|extension| ends.iter().any(|end| extension.eq_ignore_ascii_case(end)))
    };
    match kind {
        MediaKind::Youtube => youtube,
        MediaKind::Twitch => twitch,
        // A page is no film.
        MediaKind::File => !youtube && !twitch && !is_named(&[PLAYLIST_OF_PIECES]),
        MediaKind::Hls => !youtube && !twitch && !is_named(&WHOLE_FILES),
        MediaKind::Frame => true,
    }
}

fn is_of(host: &str, names: &[&str]) -> bool {
    names.iter().any(|name| host == *name || host.strip_suffix(name).is_some_and(|sub| sub.ends_with('.')))
}

fn is_public_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.contains('.') && !name.split('.').any(str::is_empty) && !is_of(name, &LOCAL_NAMES)
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || first == 0
        // Carriers' own networks, protocol assignments, 6to4 relays, measurements, and all that is no single host.
        || (first == 100 && (64..128).contains(&second))
        || (first == 192 && second == 0 && third == 0)
        || (first == 192 && second == 88 && third == 99)
        || (first == 198 && (18..20).contains(&second))
        || first >= 224)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Of what is given out for the whole world: no tunnels, no examples.
    (0x2000..0x4000).contains(&first)
        && first != 0x2002
        && !(first == 0x2001 && (second < 0x200 || second == 0xdb8))
        && !(first == 0x3fff && second < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_public_hosts_are_taken_whatever_their_port_path_and_language() {
        for good in [
            "https://example.com/film.mp4",
            "HTTPS://Example.COM/film.mp4?token=a%20b#t=10",
            "https://films.example.org:8443/a/b.webm",
            "https://кино.рф/фильм.mp4",
            "https://1.1.1.1/film.mp4",
            "https://[2606:4700::1111]/film.mp4",
            "https://notlocal/../x.example.com".replace("notlocal/..", "a.b").as_str(),
        ] {
            assert_eq!(check(MediaKind::File, good), Ok(()), "{good}");
        }
    }

    #[test]
    fn addresses_of_no_public_host_are_refused_however_they_are_written() {
        for bad in [
            "",
            "film.mp4",
            "/film.mp4",
            "//example.com/a.mp4",
            "http://example.com/a.mp4",
            "ftp://example.com/a",
            "javascript:alert(1)",
            "data:video/mp4;base64,AAAA",
            "blob:https://example.com/1",
            "https://",
            "https:///a.mp4",
            "https://localhost/a.mp4",
            "https://LOCALHOST./a.mp4",
            "https://films.localhost/a.mp4",
            "https://nas.local/a.mp4",
            "https://nas.lan/a.mp4",
            "https://router.home.arpa/a.mp4",
            "https://db.internal/a.mp4",
            "https://films/a.mp4",
            "https://127.0.0.1/a.mp4",
            "https://127.1/a.mp4",
            "https://2130706433/a.mp4",
            "https://0x7f.0.0.1/a.mp4",
            "https://0177.0.0.1/a.mp4",
            "https://10.1.2.3/a.mp4",
            "https://172.16.0.1/a.mp4",
            "https://192.168.1.1/a.mp4",
            "https://169.254.169.254/latest",
            "https://100.64.0.1/a.mp4",
            "https://0.0.0.0/a.mp4",
            "https://224.0.0.1/a.mp4",
            "https://255.255.255.255/a.mp4",
            "https://198.18.0.1/a.mp4",
            "https://[::1]/a.mp4",
            "https://[::]/a.mp4",
            "https://[fe80::1]/a.mp4",
            "https://[fd00::1]/a.mp4",
            "https://[::ffff:10.0.0.1]/a.mp4",
            "https://[2002:7f00:1::]/a.mp4",
            "https://[64:ff9b::a00:1]/a.mp4",
            "https://[2001:db8::1]/a.mp4",
            "https://me:secret@example.com/a.mp4",
            "https://example.com@10.0.0.1/a.mp4",
            "https://me@example.com/a.mp4",
            " https://example.com/a.mp4",
            "https://exam\tple.com/a.mp4",
            "https:\\\\example.com/a.mp4",
            "https://example.com/a b.mp4",
            "https://example.com/\u{0}.mp4",
            "https://１２７.0.0.1/a.mp4",
            "https://a..b/c.mp4",
        ] {
            assert!(check(MediaKind::Frame, bad).is_err(), "{bad:?} was taken for a public address");
        }
    }

    #[test]
    fn an_address_fits_the_player_that_is_to_show_it() {
        use MediaKind::{File, Frame, Hls, Twitch, Youtube};
        let fits = |kind, address: &str| check(kind, address).is_ok();
        for address in [
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "https://youtu.be/dQw4w9WgXcQ?t=10",
            "https://m.youtube.com/shorts/abc",
        ] {
            assert_eq!(
                [Youtube, Twitch, File, Hls, Frame].map(|kind| fits(kind, address)),
                [true, false, false, false, true],
                "{address}"
            );
        }
        for address in
            ["https://www.twitch.tv/videos/1", "https://twitch.tv/channel", "https://clips.twitch.tv/abc"]
        {
            assert_eq!(
                [Youtube, Twitch, File, Hls, Frame].map(|kind| fits(kind, address)),
                [false, true, false, false, true],
                "{address}"
            );
        }
        for address in [
            "https://notyoutube.com/watch",
            "https://youtube.com.example.com/watch",
            "https://twitch.tv.example.com/a",
        ] {
            assert!(!fits(Youtube, address) && !fits(Twitch, address), "{address}");
        }
        assert!(
            fits(Hls, "https://example.com/live/index.m3u8?a=b")
                && !fits(File, "https://example.com/live/index.M3U8")
        );
        assert!(fits(File, "https://example.com/a.MP4") && !fits(Hls, "https://example.com/a.mp4"));
        assert!(fits(File, "https://example.com/stream") && fits(Hls, "https://example.com/stream"));
    }

    #[test]
    fn an_address_is_as_long_as_it_may_be_in_characters_and_no_longer() {
        let address =
            |letter: &str, chars: usize| format!("https://example.com/{}", letter.repeat(chars - 20));
        for letter in ["a", "ж"] {
            assert_eq!(check(MediaKind::Frame, &address(letter, MAX_ADDRESS)), Ok(()), "{letter}");
            assert!(check(MediaKind::Frame, &address(letter, MAX_ADDRESS + 1)).is_err(), "{letter}");
        }
    }
}
