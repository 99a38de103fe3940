//! What kinds of players there are.

use serde::{Deserialize, Serialize};

/// What kind of player shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediaKind {
    /// A video of YouTube.
    Youtube,
    /// A channel or a video of Twitch.
    Twitch,
    /// One file: mp4, webm.
    File,
    /// A stream in pieces.
    Hls,
    /// Any page, in a frame; it is not in step.
    Frame,
}
