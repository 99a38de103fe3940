//! One emoji, as Unicode draws it: a symbol, a flag, a keycap, or several that are joined to one.

use icu_properties::{
    CodePointSetData,
    props::{EmojiModifier, EmojiPresentation, ExtendedPictographic, RegionalIndicator},
};
use serde::{Deserialize, Deserializer, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::EMOJI_CHARS;
use crate::{room::refusal::Invalid, visible};

/// One emoji, of at most [`EMOJI_CHARS`] characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Emoji(String);

impl Emoji {
    /// Takes what the eye takes for one emoji, and nothing else.
    pub fn new(typed: &str) -> Result<Self, Invalid> {
        let mut clusters = typed.graphemes(true);
        match (clusters.next(), clusters.next()) {
            (Some(cluster), None) if is_emoji(cluster) => Ok(Self(cluster.to_owned())),
            _ => Err(Invalid::new("emoji", "is one emoji")),
        }
    }

    /// The emoji as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Emoji {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let typed = String::deserialize(deserializer)?;
        Self::new(&typed).map_err(|_| serde::de::Error::custom("not an emoji"))
    }
}

/// Whether what the eye takes for one character is an emoji.
pub(super) fn is_emoji(cluster: &str) -> bool {
    // More than this is a tower, or hides something.
    if cluster.chars().count() > EMOJI_CHARS || visible::visible_part(cluster) != cluster {
        return false;
    }
    let mut rest = cluster.chars();
    let Some(first) = rest.next() else { return false };
    match first {
        '0'..='9' | '#' | '*' => matches!(rest.as_str(), "\u{20E3}" | "\u{FE0F}\u{20E3}"),
        first if is_regional(first) => rest.next().is_some_and(is_regional) && rest.next().is_none(),
        first if is_drawn(first) => {
            rest.all(|c| is_drawn(c) || is_modifier(c) || visible::only_joins(c) && c != '\u{FE0E}')
        }
        _ => false,
    }
}

fn is_drawn(c: char) -> bool {
    CodePointSetData::new::<ExtendedPictographic>().contains(c)
        || CodePointSetData::new::<EmojiPresentation>().contains(c)
}

fn is_modifier(c: char) -> bool {
    CodePointSetData::new::<EmojiModifier>().contains(c)
}

fn is_regional(c: char) -> bool {
    CodePointSetData::new::<RegionalIndicator>().contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_phones_offer_as_one_emoji_is_one() {
        for emoji in ["🔥", "❤️", "❤", "👍🏽", "🇫🇮", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "👨‍👩‍👧‍👦", "👨🏻‍❤️‍💋‍👨🏿", "🏳️‍🌈", "☺️"]
        {
            assert_eq!(Emoji::new(emoji).map(|emoji| emoji.0), Ok(emoji.to_owned()));
        }
    }

    #[test]
    fn letters_several_emoji_and_what_hides_are_no_emoji() {
        let long = format!("👨{}", "\u{200D}👨".repeat(20));
        let all =
            ["", "a", "1", "#", "🔥🔥", "🔥 ", " 🔥", "🇫", "🔥\u{301}", "é", "🔥\u{202E}", "\u{FE0F}", &long];
        for not in all {
            assert!(Emoji::new(not).is_err(), "{not:?} was taken for an emoji");
        }
    }
}
