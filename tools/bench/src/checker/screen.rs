//! What is watched, as a phone was told it and as the log has it, so that both can be compared.

use serde::{Deserialize, Deserializer};
use sovpalo_domain::{
    ids::UserId,
    room::{Media, MediaKind, Screen},
};

/// What is shown, how it goes, and what comes next.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct SeenScreen {
    pub(crate) rev: u64,
    media: SeenMedia,
    /// How it was called in the playlist.
    pub(crate) item: Option<String>,
    pub(crate) playing: bool,
    #[serde(deserialize_with = "thousandths")]
    position_s: u64,
    #[serde(deserialize_with = "thousandths")]
    rate: u64,
    at: i64,
    by: UserId,
    /// Who may control it too; a server that says nothing of it means nobody.
    #[serde(default)]
    lent_to: Option<UserId>,
    pub(crate) playlist: Vec<SeenItem>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct SeenMedia {
    kind: SeenKind,
    url: String,
    title: Option<String>,
}

/// What kind of player shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SeenKind {
    Youtube,
    Twitch,
    File,
    Hls,
    Frame,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct SeenItem {
    pub(crate) item: String,
    media: SeenMedia,
    by: UserId,
}

impl From<&Screen> for SeenScreen {
    fn from(screen: &Screen) -> Self {
        let items = screen.playlist.iter();
        Self {
            rev: screen.rev,
            media: SeenMedia::from(&screen.media),
            item: screen.item.as_ref().map(|item| item.as_str().to_owned()),
            playing: screen.playing,
            position_s: thousandths_of(screen.position.seconds()),
            rate: thousandths_of(screen.rate.factor()),
            at: screen.at.millis(),
            by: screen.by,
            lent_to: screen.borrower,
            playlist: items
                .map(|next| SeenItem {
                    item: next.item.as_str().to_owned(),
                    media: SeenMedia::from(&next.media),
                    by: next.by,
                })
                .collect(),
        }
    }
}

impl From<&Media> for SeenMedia {
    fn from(media: &Media) -> Self {
        let kind = match media.kind() {
            MediaKind::Youtube => SeenKind::Youtube,
            MediaKind::Twitch => SeenKind::Twitch,
            MediaKind::File => SeenKind::File,
            MediaKind::Hls => SeenKind::Hls,
            MediaKind::Frame => SeenKind::Frame,
        };
        Self { kind, url: media.url().to_owned(), title: media.title().map(Into::into) }
    }
}

fn thousandths<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    f64::deserialize(deserializer).map(thousandths_of)
}

/// A moment of a film, or a rate, so that it can be compared.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is told of a screen is bounded, and never negative"
)]
pub(crate) fn thousandths_of(number: f64) -> u64 {
    (number * 1_000.0).round() as u64
}

/// The same as the contract writes it.
#[expect(clippy::cast_precision_loss, reason = "no film is so long")]
pub(crate) fn seconds(thousandths: u64) -> f64 {
    thousandths as f64 / 1_000.0
}
