//! What is watched in a room.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What kind of player shows something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A video of YouTube.
    Youtube,
    /// A channel or a video of Twitch.
    Twitch,
    /// One file: mp4, webm.
    File,
    /// A stream in pieces: HLS.
    Hls,
    /// Any page, in a frame. It is not in step.
    Frame,
}

/// Something to watch.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Media {
    /// What kind of player shows it.
    pub kind: MediaKind,
    /// Where it is. The server never asks there.
    pub url: String,
    /// What it is called; `null`: nobody said.
    #[schema(required)]
    pub title: Option<String>,
    /// How long it is; `null`: not known.
    #[schema(required)]
    pub duration_s: Option<f64>,
}

/// Something that somebody wants to watch.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
pub struct WantedMedia {
    /// What kind of player is to show it.
    pub kind: MediaKind,
    /// https, at most 2,048 characters, of a public host, and fit for its kind.
    pub url: String,
    /// What it is called. At most 200 characters of it are kept.
    pub title: Option<String>,
}

/// Something that comes later.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlaylistItem {
    /// How its sender called it.
    pub item: String,
    /// What it is.
    pub media: Media,
    /// Who put it there.
    pub by: i64,
}

/// What is watched in a room. If it plays and `at` is past, it is at `position_s + (now − at)/1000 × rate`; else at `position_s`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Screen {
    /// Grows with each change of what is shown and of how it goes; not with the playlist.
    pub rev: u64,
    /// What is shown.
    pub media: Media,
    /// How it was called in the playlist; `null`: it came from no playlist.
    #[schema(required)]
    pub item: Option<String>,
    /// Whether it goes on.
    pub playing: bool,
    /// Where it is at `at`, in seconds.
    pub position_s: f64,
    /// How fast it goes: 0.25 to 4.
    pub rate: f64,
    /// From when it is so, in Unix milliseconds of the server's clock. May lie ahead, so that everybody begins together.
    pub at: i64,
    /// Who made it so.
    pub by: i64,
    /// Who may control it too while nobody is here who may anyway; absent: nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub lent_to: Option<i64>,
    /// What comes next, in order.
    pub playlist: Vec<PlaylistItem>,
}

/// What is on the screen of a room of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OnScreen {
    /// What it is called; `null`: nobody said.
    #[schema(required)]
    pub title: Option<String>,
    /// Whether it goes on.
    pub playing: bool,
}

/// How what is shown goes on somebody's phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaybackState {
    /// It could play, or plays.
    Ready,
    /// It waits for data.
    Buffering,
    /// An advertisement is shown.
    Ad,
    /// The phone does not let it play before it is tapped.
    Blocked,
}
