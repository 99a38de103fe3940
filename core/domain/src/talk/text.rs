//! What a message may say, and how its author calls it.

use serde::{Deserialize, Deserializer, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::{BLANK_LINES, EMOJI_PER_MESSAGE, KEY_CHARS, MESSAGE_CHARS, emoji::is_emoji};
use crate::{room::refusal::Invalid, visible};

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Somebody wrote it.
    Text,
    /// It notes what happened in the room; it has no author and no text.
    System,
    /// Somebody sent a few emoji, which are drawn large.
    Emoji,
}

/// What a message says, of 1 to [`MESSAGE_CHARS`] characters.
///
/// Cut are: characters that show nothing (controls, directions, fillers), spaces at the start and at the end of the text and at the
/// ends of its lines, accents beyond the second on one letter, and blank lines beyond [`BLANK_LINES`] in a row. Line breaks and the
/// spaces between words stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageText {
    text: String,
    kind: MessageKind,
}

impl MessageText {
    /// A text as it was typed.
    pub fn new(typed: &str) -> Result<Self, Invalid> {
        let text = visible::visible_text(typed, BLANK_LINES);
        match text.chars().count() {
            0 => Err(Invalid::new("text", "needs at least one visible character")),
            1..=MESSAGE_CHARS => Ok(Self { text, kind: MessageKind::Text }),
            _ => Err(Invalid::new("text", "has at most 2000 characters")),
        }
    }

    /// Up to [`EMOJI_PER_MESSAGE`] emoji, and nothing else.
    pub fn emoji(typed: &str) -> Result<Self, Invalid> {
        let Self { text, .. } = Self::new(typed)?;
        if is_emoji_only(&text) {
            Ok(Self { text, kind: MessageKind::Emoji })
        } else {
            Err(Invalid::new("text", "is 1 to 3 emoji in a message of this kind"))
        }
    }

    /// The text as it is shown.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Of what kind a message that says it is.
    pub fn kind(&self) -> MessageKind {
        self.kind
    }
}

pub(super) fn is_emoji_only(text: &str) -> bool {
    let clusters = text.graphemes(true).take(EMOJI_PER_MESSAGE + 1);
    let (emoji, others): (Vec<&str>, Vec<&str>) = clusters.partition(|cluster| is_emoji(cluster));
    others.is_empty() && (1..=EMOJI_PER_MESSAGE).contains(&emoji.len())
}

/// How an author calls a message before it has a number: 1 to [`KEY_CHARS`] visible characters of ASCII, unique among the author's in
/// the room.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct MessageKey(String);

impl MessageKey {
    /// Checks length and alphabet.
    pub fn new(key: &str) -> Result<Self, Invalid> {
        if (1..=KEY_CHARS).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(key.to_owned()))
        } else {
            Err(Invalid::new("key", "is 1 to 64 visible characters of ASCII"))
        }
    }

    /// The key as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for MessageKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = String::deserialize(deserializer)?;
        Self::new(&key).map_err(|_| serde::de::Error::custom("not a message's key"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(typed: &str) -> Result<String, &'static str> {
        MessageText::new(typed).map(|text| text.text).map_err(|invalid| invalid.field)
    }

    #[test]
    fn line_breaks_and_the_spaces_between_words_stay() {
        assert_eq!(
            text("\n  one   two \r\n three\t4  \n\n\n\n\nfive\n\n"),
            Ok("one   two\n three 4\n\n\nfive".into())
        );
    }

    #[test]
    fn what_shows_nothing_is_cut() {
        assert_eq!(text("\u{202E}a\u{0}b\u{FEFF}c\u{200B}"), Ok("abc".into()));
        assert_eq!(text(" \u{200D}\n\u{2800}\u{3164} "), Err("text"));
        assert_eq!(text("Z\u{300}\u{301}\u{302}\u{303}"), Ok("Z\u{300}\u{301}".into()));
    }

    #[test]
    fn a_text_has_1_to_2000_characters_after_the_cut() {
        assert_eq!(text(""), Err("text"));
        assert_eq!(text(&format!("  {}\n", "ы".repeat(2_000))), Ok("ы".repeat(2_000)));
        assert_eq!(text(&"ы".repeat(2_001)), Err("text"));
    }

    #[test]
    fn a_message_of_emoji_has_1_to_3_and_nothing_else() {
        for good in ["🔥", "👍🏽❤️", "👨‍👩‍👧‍👦🇫🇮1️⃣", " 🔥 "] {
            assert_eq!(MessageText::emoji(good).map(|text| text.kind()), Ok(MessageKind::Emoji), "{good}");
        }
        for bad in ["", "🔥🔥🔥🔥", "🔥 🔥", "wow 🔥", "1"] {
            assert!(MessageText::emoji(bad).is_err(), "{bad:?} was taken for emoji");
        }
    }

    #[test]
    fn a_key_is_short_and_visible() {
        for bad in ["", "a b", "ключ", "a\0", &"x".repeat(65)] {
            assert!(MessageKey::new(bad).is_err(), "{bad:?} was taken for a key");
        }
        assert!(MessageKey::new(&"x".repeat(64)).is_ok());
        assert!(MessageKey::new("a:b/c{1}-_~").is_ok());
    }
}
