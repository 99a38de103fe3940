//! The sites whose films are played in step: YouTube and Twitch. Promises one form for one film.

use url::Url;

use super::moment;
use crate::room::{FilmTime, MediaKind};

/// Something to watch, not judged yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Film {
    pub(super) kind: MediaKind,
    pub(super) url: String,
    pub(super) start: FilmTime,
    pub(super) title: Option<String>,
}

/// Where an address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Site {
    /// To a film of a known site.
    Film(Film),
    /// To a known site, and to no film there.
    NoFilm,
    /// To another site.
    Other,
}

impl Site {
    fn of(film: Option<Film>) -> Self {
        film.map_or(Self::NoFilm, Self::Film)
    }
}

/// As long as a film's id, and none: what follows is a playlist or a channel.
const NO_FILMS: [&str; 2] = ["videoseries", "live_stream"];
const PLAYLISTS: [&str; 8] = ["PL", "UU", "FL", "OL", "LL", "RD", "EC", "UL"];
/// What stands where a channel's name would, and is none.
const TWITCH_PAGES: [&str; 25] = [
    "videos",
    "directory",
    "settings",
    "p",
    "downloads",
    "jobs",
    "turbo",
    "store",
    "search",
    "subscriptions",
    "wallet",
    "inventory",
    "drops",
    "friends",
    "login",
    "signup",
    "prime",
    "bits",
    "user",
    "team",
    "creatorcamp",
    "broadcast",
    "about",
    "legal",
    "privacy",
];

pub(super) fn site_of(found: &Url) -> Site {
    if is_youtube(found) {
        return youtube(found);
    }
    let host = found.host_str().unwrap_or_default();
    let name = without_beginning(host, &["www", "m", "go", "player", "clips"]);
    if name == "twitch.tv" { Site::of(twitch(found)) } else { Site::Other }
}

fn is_youtube(found: &Url) -> bool {
    let host = found.host_str().unwrap_or_default();
    let name = without_beginning(host, &["www", "m", "music", "gaming"]);
    matches!(name, "youtube.com" | "youtube-nocookie.com" | "youtubekids.com")
        || without_beginning(host, &["www"]) == "youtu.be"
}

fn without_beginning<'a>(host: &'a str, beginnings: &[&str]) -> &'a str {
    match host.split_once('.') {
        Some((first, rest)) if beginnings.contains(&first) => rest,
        _ => host,
    }
}

/// A film, playlist or broadcast of YouTube.
fn youtube(found: &Url) -> Site {
    // Links that lead on to the film, out of a mail for one. Only once: a link can lead to itself.
    let onward = parameter(found, "u").filter(|_| found.path() == "/attribution_link");
    let Some(onward) = onward else { return Site::of(youtube_film(found)) };
    let onward = found.join("/").and_then(|site| site.join(&onward)).ok().filter(is_youtube);
    Site::of(onward.and_then(|onward| youtube_film(&onward)))
}

fn youtube_film(found: &Url) -> Option<Film> {
    let film = |url: String, start| Some(Film { kind: MediaKind::Youtube, url, start, title: None });
    let parts = parts(found);
    if let Some(id) = youtube_id(found, &parts) {
        return film(format!("https://www.youtube.com/watch?v={id}"), start_of(found));
    }
    if let Some(list) = parameter(found, "list").filter(|list| is_playlist(list)) {
        return film(format!("https://www.youtube.com/playlist?list={list}"), FilmTime::ZERO);
    }
    let channel = live_channel(found, &parts)?;
    film(format!("https://www.youtube.com/channel/{channel}/live"), FilmTime::ZERO)
}

fn youtube_id(found: &Url, parts: &[&str]) -> Option<String> {
    let (first, second) = (parts.first().copied(), parts.get(1).copied());
    let is_short = found.host_str().is_some_and(|host| host.ends_with("youtu.be"));
    let is_by_path = matches!(first, Some("embed" | "v" | "e" | "vi" | "shorts" | "live" | "watch" | "clip"));
    let is_by_query = first == Some("watch") || parts.is_empty() || is_short;
    let candidates = [
        first.filter(|_| is_short).map(ToOwned::to_owned),
        parameter(found, "v").filter(|_| is_by_query),
        second.filter(|_| is_by_path).map(ToOwned::to_owned),
    ];
    let is_film = |id: &String| id.len() == 11 && is_word(id) && !NO_FILMS.contains(&id.as_str());
    candidates.into_iter().flatten().find(is_film)
}

fn is_playlist(list: &str) -> bool {
    let id = PLAYLISTS.iter().find_map(|kind| list.strip_prefix(kind));
    id.is_some_and(|id| (8..=60).contains(&id.len()) && is_word(id))
}

/// `/channel/UC…/live`. A name (`/@name/live`) cannot be framed.
fn live_channel(found: &Url, parts: &[&str]) -> Option<String> {
    let channel = match parts {
        ["channel", channel, "live", ..] => Some((*channel).to_owned()),
        ["embed", "live_stream", ..] => parameter(found, "channel"),
        _ => None,
    };
    channel.filter(|id| id.strip_prefix("UC").is_some_and(|id| id.len() == 22 && is_word(id)))
}

/// A channel, video or clip of Twitch.
fn twitch(found: &Url) -> Option<Film> {
    let film = |url: String, start, title| Film { kind: MediaKind::Twitch, url, start, title };
    let parts = parts(found);
    let part = |place: usize| parts.get(place).copied().unwrap_or_default();
    let (first, second, third) = (part(0), part(1), part(2));
    let video = parameter(found, "video").or_else(|| match (first, second) {
        ("videos", id) => Some(id.to_owned()),
        (_, "v" | "video") => Some(third.to_owned()),
        _ => None,
    });
    let digits = video.as_deref().map(|video| video.strip_prefix('v').unwrap_or(video));
    if let Some(id) =
        digits.filter(|id| (1..=15).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit()))
    {
        return Some(film(format!("https://www.twitch.tv/videos/{id}"), start_of(found), None));
    }
    let is_on_clips = found.host_str() == Some("clips.twitch.tv");
    let clip = match second {
        _ if is_on_clips => parameter(found, "clip").or_else(|| Some(first.to_owned())),
        "clip" => Some(third.to_owned()),
        _ => None,
    };
    if let Some(clip) = clip.filter(|clip| (4..=150).contains(&clip.len()) && is_word(clip)) {
        return Some(film(format!("https://clips.twitch.tv/{clip}"), FilmTime::ZERO, None));
    }
    let alone = if parts.len() <= 2 { first } else { "" };
    let channel = parameter(found, "channel").unwrap_or_else(|| alone.to_owned()).to_lowercase();
    let is_name = (3..=25).contains(&channel.len()) && is_word(&channel) && !channel.contains('-');
    let is_channel = !is_on_clips && is_name && !TWITCH_PAGES.contains(&channel.as_str());
    is_channel.then(|| film(format!("https://www.twitch.tv/{channel}"), FilmTime::ZERO, Some(channel)))
}

fn start_of(found: &Url) -> FilmTime {
    let after = found.fragment().unwrap_or_default();
    let said = ["t", "start", "time_continue"]
        .iter()
        .find_map(|name| parameter(found, name).or_else(|| moment::named(after, name)));
    moment::of(said.as_deref())
}

fn parts(found: &Url) -> Vec<&str> {
    found.path().split('/').filter(|part| !part.is_empty()).collect()
}

fn parameter(found: &Url, name: &str) -> Option<String> {
    moment::named(found.query().unwrap_or_default(), name)
}

/// Letters of ids: of ASCII, digits, `_` and `-`.
fn is_word(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}
