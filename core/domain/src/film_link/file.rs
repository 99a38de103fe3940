//! Tells from a path what player takes it, and what its file is called.

use percent_encoding::percent_decode_str;
use url::Url;

/// Names of files that a player takes whole.
const WHOLE: [&str; 14] =
    ["mp4", "m4v", "webm", "mov", "mkv", "ogv", "ogg", "oga", "opus", "mp3", "m4a", "aac", "flac", "wav"];
/// Names that say nothing about what is in a file.
const SAYS_NOTHING: [&str; 11] = [
    "index",
    "playlist",
    "master",
    "main",
    "video",
    "manifest",
    "stream",
    "chunklist",
    "live",
    "hls",
    "prog index",
];
/// A name of so many hexadecimal digits is a number.
const LONG_NUMBER: usize = 16;

pub(super) fn is_whole(path: &str) -> bool {
    ends_with(path, &WHOLE)
}

pub(super) fn is_hls(path: &str) -> bool {
    ends_with(path, &["m3u8", "m3u"]) || path.to_ascii_lowercase().contains("(format=m3u8")
}

pub(super) fn is_dash(path: &str) -> bool {
    ends_with(path, &["mpd", "ism", "f4m"]) || path.to_ascii_lowercase().contains("(format=mpd")
}

fn ends_with(path: &str, extensions: &[&str]) -> bool {
    let end = path.rsplit_once('.').map(|(_, end)| end);
    end.is_some_and(|end| extensions.iter().any(|extension| end.eq_ignore_ascii_case(extension)))
}

/// The file itself, also where its host would rather show a page around it.
pub(super) fn without_a_page_around_it(url: &mut Url) {
    url.set_fragment(None);
    let host = url.host_str().unwrap_or_default();
    if host == "dropbox.com" || host.ends_with(".dropbox.com") {
        let others: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(key, _)| key != "dl" && key != "raw")
            .map(|(k, v)| (k.into(), v.into()))
            .collect();
        url.query_pairs_mut().clear().extend_pairs(others).append_pair("raw", "1");
    }
}

/// `/films/My.Film_(2010).mp4` → `My Film (2010)`; `None` where the name says nothing (`index`, `playlist`, a hash).
pub(super) fn name(path: &str) -> Option<String> {
    let last = path.rsplit('/').next().unwrap_or_default();
    let decoded = percent_decode_str(last).decode_utf8().map_or_else(|_| last.to_owned(), Into::into);
    let words: Vec<&str> = without_extension(&decoded)
        .split(|c: char| c.is_whitespace() || matches!(c, '.' | '_' | '+'))
        .filter(|word| !word.is_empty())
        .collect();
    let name = words.join(" ");
    let lower = name.to_lowercase();
    let has_a_word =
        name.chars().zip(name.chars().skip(1)).any(|(one, next)| one.is_alphabetic() && next.is_alphabetic());
    let is_number = name.len() >= LONG_NUMBER
        && name.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f' | b'A'..=b'F' | b'-'));
    (has_a_word && !is_number && !SAYS_NOTHING.contains(&lower.as_str())).then_some(name)
}

fn without_extension(name: &str) -> &str {
    if let Some(at) = name.to_ascii_lowercase().find("(format=") {
        return &name[..at];
    }
    match name.rsplit_once('.') {
        Some((name, end))
            if (1..=5).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_alphanumeric()) =>
        {
            name
        }
        _ => name,
    }
}
