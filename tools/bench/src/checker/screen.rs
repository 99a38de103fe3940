//! What is watched, as a phone was told it and as the log has it, so that both can be compared.

use serde::{Deserialize, Deserializer};
use sovpalo_domain::{ids::UserId, room::Screen};

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
    pub(crate) playlist: Vec<SeenItem>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct SeenMedia {
    url: String,
    title: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct SeenItem {
    pub(crate) item: String,
    media: SeenMedia,
    by: UserId,
}

impl From<&Screen> for SeenScreen {
    fn from(screen: &Screen) -> Self {
        let media = |media: &sovpalo_domain::room::Media| SeenMedia {
            url: media.url().to_owned(),
            title: media.title().map(Into::into),
        };
        let items = screen.playlist.iter();
        Self {
            rev: screen.rev,
            media: media(&screen.media),
            item: screen.item.as_ref().map(|item| item.as_str().to_owned()),
            playing: screen.playing,
            position_s: thousandths_of(screen.position.seconds()),
            rate: thousandths_of(screen.rate.factor()),
            at: screen.at.millis(),
            by: screen.by,
            playlist: items
                .map(|next| SeenItem {
                    item: next.item.as_str().to_owned(),
                    media: media(&next.media),
                    by: next.by,
                })
                .collect(),
        }
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
