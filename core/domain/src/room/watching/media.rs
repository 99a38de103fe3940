//! Something to watch, and its place in a playlist.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{address, kind::MediaKind};
use crate::{ids::UserId, room::Invalid, visible};

/// A title that somebody gives to what they show has at most this many characters; a longer one is cut.
pub const MAX_MEDIA_TITLE: usize = 200;
/// What a member calls an item of a playlist has at most this many characters; a longer one is `invalid`.
pub const MAX_ITEM_ID: usize = 64;

/// Something to watch. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    kind: MediaKind,
    url: Arc<str>,
    title: Option<Arc<str>>,
}

impl Media {
    /// Checks the address. Of the title stays what can be seen of it.
    pub fn new(kind: MediaKind, url: &str, title: Option<&str>) -> Result<Self, Invalid> {
        address::check(kind, url)?;
        let title = title.and_then(|title| visible::visible_line(title, MAX_MEDIA_TITLE));
        Ok(Self { kind, url: url.into(), title: title.map(Into::into) })
    }

    /// What kind of player shows it.
    pub fn kind(&self) -> MediaKind {
        self.kind
    }

    /// Where it is, as it was typed.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it is called, if somebody said so.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// Whether it is the same film, whatever it is called.
    pub(in crate::room) fn is_same(&self, other: &Self) -> bool {
        (self.kind, &self.url) == (other.kind, &other.url)
    }

    /// How many bytes it holds.
    pub(in crate::room) fn weight(&self) -> usize {
        self.url.len() + self.title.as_ref().map_or(0, |title| title.len())
    }
}

/// How a member calls an item of the playlist: 1 to [`MAX_ITEM_ID`] visible characters of ASCII, unique in the room. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemId(Arc<str>);

impl ItemId {
    /// Checks length and alphabet. `field` is what it is called on the wire.
    pub fn new(field: &'static str, id: &str) -> Result<Self, Invalid> {
        if (1..=MAX_ITEM_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(id.into()))
        } else {
            Err(Invalid::new(field, "is 1 to 64 visible characters of ASCII"))
        }
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Something that is to be watched later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaylistItem {
    /// What it is called by.
    pub item: ItemId,
    /// What it is.
    pub media: Media,
    /// Who put it there.
    pub by: UserId,
}

impl PlaylistItem {
    /// How many bytes it holds.
    pub(super) fn weight(&self) -> usize {
        self.media.weight() + self.item.as_str().len()
    }
}
