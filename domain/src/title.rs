//! How people name titles: by a catalogue's id, or typed by hand.
//!
//! A typed title gets an id from its text alone, so that two people who type the same name
//! pick the same title, on any node, without asking anybody.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use crate::ids::{CROCKFORD, TitleId};

/// A typed title is at most this many characters.
pub const MAX_TEXT: usize = 100;

/// A title somebody typed: trimmed, in NFC, single spaces, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct TitleText(String);

/// Why a text cannot be a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTitleText {
    /// Nothing is left of it.
    #[error("a title needs at least one visible character")]
    Empty,
    /// Longer than [`MAX_TEXT`] characters.
    #[error("a title has at most {MAX_TEXT} characters")]
    TooLong,
}

impl TitleText {
    /// Cleans what was typed.
    pub fn new(typed: &str) -> Result<Self, BadTitleText> {
        clean_line(typed, MAX_TEXT).map(Self).map_err(|e| match e {
            BadLine::Empty => BadTitleText::Empty,
            BadLine::TooLong => BadTitleText::TooLong,
        })
    }

    /// The text as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id that this text has everywhere: letter case and `ё` do not matter.
    pub fn id(&self) -> TitleId {
        let folded = self.0.to_lowercase().replace('ё', "е");
        let digest = Sha256::digest(folded.as_bytes());
        let id: String = std::iter::once('x')
            .chain(
                digest
                    .iter()
                    .take(12)
                    .map(|byte| char::from(CROCKFORD[usize::from(byte & 31)]).to_ascii_lowercase()),
            )
            .collect();
        TitleId::new(&id).unwrap_or_else(|_| unreachable!("13 characters of the alphabet"))
    }
}

impl<'de> Deserialize<'de> for TitleText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Why a line of text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadLine {
    Empty,
    TooLong,
}

/// One visible line: NFC, runs of white space folded to one space, control and invisible
/// direction characters dropped (they could turn the rest of a message around).
pub(crate) fn clean_line(typed: &str, max_chars: usize) -> Result<String, BadLine> {
    // A hostile megabyte is cut before it costs anything; it is too long in any case.
    let bounded = typed.chars().take(max_chars * 8);
    let visible: String = bounded
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .nfc()
        .collect();
    let line = visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match line.chars().count() {
        0 => Err(BadLine::Empty),
        n if n > max_chars => Err(BadLine::TooLong),
        _ => Ok(line),
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

/// How a command names a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TitleRef {
    /// A title of the catalogue (the caller has checked that it exists).
    Catalogue(TitleId),
    /// A title typed by hand.
    Text(TitleText),
}

impl TitleRef {
    /// The id either kind has.
    pub fn id(&self) -> TitleId {
        match self {
            Self::Catalogue(id) => id.clone(),
            Self::Text(text) => text.id(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_typed_differently_is_the_same_title() {
        let one = TitleText::new("  Ёлки   2 ").unwrap();
        let two = TitleText::new("елки 2").unwrap();
        assert_eq!(one.as_str(), "Ёлки 2");
        assert_eq!(one.id(), two.id());
    }

    #[test]
    fn invisible_and_control_characters_are_dropped() {
        let text = TitleText::new("a\0b\u{202E}c\n d").unwrap();
        assert_eq!(text.as_str(), "abc d");
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert_eq!(TitleText::new(" \u{200B}\n"), Err(BadTitleText::Empty));
        assert_eq!(TitleText::new(&"я".repeat(MAX_TEXT + 1)), Err(BadTitleText::TooLong));
        assert_eq!(TitleText::new(&"x".repeat(5_000_000)), Err(BadTitleText::TooLong));
    }
}
