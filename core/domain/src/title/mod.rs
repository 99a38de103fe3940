//! How people name titles: by a catalogue's id, or typed by hand.
//!
//! A typed title gets an id from its text alone, so that two people who type the same name
//! pick the same title, on any node, without asking anybody.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

mod filter;
mod fold;
mod line;
mod mark;
mod normal;
mod record;

pub use self::{
    filter::{Filter, FilterFields, InvalidFilter, MAX_COUNTRIES, MAX_FILTER_BYTES, MAX_PROVIDER},
    fold::{without_article, words},
    line::without_bullet,
    mark::TitleMark,
    normal::NormalName,
    record::{GENRES, Title, TitleKind},
};
use crate::{
    ids::{CROCKFORD, TitleId},
    visible::whole_line,
};

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
    /// About how many bytes it takes in a log.
    pub(crate) fn weight(&self) -> usize {
        self.0.len() + 1
    }

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

    /// The id of a new card with this text: letter case and `ё` do not matter. Logs and tables are full of these ids, so that this rule
    /// stays as it is; which texts are one card is for [`NormalName`] to say.
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

    /// Whether an id looks like one that [`TitleText::id`] makes.
    pub fn may_be_of_text(id: &TitleId) -> bool {
        id.as_str().len() == 13 && id.as_str().starts_with('x')
    }
}

impl<'de> Deserialize<'de> for TitleText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Why a line of text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadLine {
    /// Nothing of it can be seen.
    Empty,
    /// Longer than it may be.
    TooLong,
}

/// One visible line, by the same rules as people's names: NFC, runs of white space folded to one space, what shows nothing dropped (it
/// would hide a name, or turn the rest of a message around), few accents on one letter. Cleaning what is clean changes nothing.
pub fn clean_line(typed: &str, max_chars: usize) -> Result<String, BadLine> {
    let line = whole_line(typed, max_chars).ok_or(BadLine::Empty)?;
    if line.chars().count() > max_chars { Err(BadLine::TooLong) } else { Ok(line) }
}

/// How a command names a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TitleRef {
    /// A title of the catalogue (the caller has checked that it exists).
    Catalogue(TitleId),
    /// A title typed by hand.
    Text(TitleText),
    /// A title typed by hand that the catalogue has, or taken from there where it may have been typed before.
    Known {
        /// Its name, as it was typed.
        text: TitleText,
        /// The only one that it can mean; it becomes this one.
        title: Option<TitleId>,
        /// Those that it may mean; where the room has one of them, it is that one.
        alike: Vec<TitleId>,
    },
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// What people, and those who are not people, type: anything Unicode has, often made of the trickier parts of it.
    pub(crate) fn garbage() -> impl Strategy<Value = String> {
        let tricky = prop::sample::select(vec![
            ' ',
            '\0',
            '\n',
            '\t',
            '\'',
            '"',
            '<',
            '&',
            '\\',
            'ё',
            'Ё',
            'İ',
            'ß',
            '\u{301}',
            '\u{308}',
            '\u{345}',
            '\u{200B}',
            '\u{200D}',
            '\u{202E}',
            '\u{2066}',
            '\u{61C}',
            '\u{FE0F}',
            '\u{3164}',
            '\u{958}',
            '\u{FB2C}',
            '\u{1100}',
            '\u{1161}',
            '\u{11A8}',
            '\u{2000}',
            '\u{3000}',
            '🎬',
            '👩',
            '\u{E0067}',
        ]);
        let letter = prop_oneof![2 => tricky, 1 => any::<char>()];
        vec(letter, 0..=140).prop_map(String::from_iter)
    }

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
        for nothing in ["", " \u{200B}\n", "\u{200D}", "\u{3164}\u{2800}", "\u{FE0F} \u{FE0F}"] {
            assert_eq!(
                TitleText::new(nothing),
                Err(BadTitleText::Empty),
                "{nothing:?} was taken for a title"
            );
        }
        assert_eq!(TitleText::new(&"я".repeat(MAX_TEXT + 1)), Err(BadTitleText::TooLong));
        assert_eq!(TitleText::new(&"x".repeat(5_000_000)), Err(BadTitleText::TooLong));
    }

    #[test]
    fn what_holds_an_emoji_together_stays_in_it() {
        for emoji in ["👩\u{200D}🚀", "❤\u{FE0F}", "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}"]
        {
            assert_eq!(TitleText::new(emoji).unwrap().as_str(), emoji);
        }
    }

    #[test]
    fn a_long_text_is_refused_and_not_cut_wherever_its_length_hides() {
        let late = format!("Solaris{}and then some", " ".repeat(5_000));
        assert_eq!(TitleText::new(&late).unwrap().as_str(), "Solaris and then some");
        let long = format!("Solaris{}{}", "\u{200B}".repeat(5_000), "x".repeat(MAX_TEXT));
        assert_eq!(TitleText::new(&long), Err(BadTitleText::TooLong));
        assert_eq!(TitleText::new(&"e\u{301}".repeat(MAX_TEXT)).unwrap().as_str(), "é".repeat(MAX_TEXT));
    }

    #[test]
    fn a_title_is_cleaned_like_a_persons_name() {
        let clean = |text: &str| TitleText::new(text).map(|text| text.as_str().to_owned());
        assert_eq!(clean("A\u{200D}n\u{FE0F}na \u{61C}\u{2800}").unwrap(), "Anna");
        assert_eq!(
            clean(&format!("e{}", "\u{334}".repeat(90))).unwrap().chars().count(),
            3,
            "a tower of accents"
        );
        for nothing in ["\u{2800}", "\u{FE0F}", "\u{E0041}", "\u{301}", "\u{200D} \u{61C}"] {
            assert_eq!(clean(nothing), Err(BadTitleText::Empty), "{:?}", nothing.escape_unicode());
        }
    }

    proptest! {
        #[test]
        fn a_clean_title_is_one_line_and_cleaning_it_again_changes_nothing(typed in garbage()) {
            let Ok(text) = TitleText::new(&typed) else { return Ok(()) };
            prop_assert!(text.as_str().chars().count() <= MAX_TEXT);
            prop_assert!(!text.as_str().chars().any(|c| c.is_control() || crate::visible::is_hidden(c)));
            prop_assert_eq!(text.as_str().trim(), text.as_str());
            prop_assert_eq!(TitleText::new(text.as_str()), Ok(text));
        }
    }
}
