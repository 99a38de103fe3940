//! The normal form of a name: equal for two ways to write one film's name, and for nothing else if that can be helped.
//!
//! Rooms, search and import compare names by it, so that it is decided in one place what people leave out, add or
//! write in another way when they type:
//!
//! | written differently | the same name |
//! |---|---|
//! | letter case, accents, `ё`, full width, ligatures | `AMÉLIE`, `Amelie`; `Ёлки`, `елки`; `Ｓｏｌａｒｉｓ` |
//! | quotes, dashes, dots, apostrophes, spaces | `«Солярис»`, `СОЛЯРИС.`; `Spider-Man`, `Spiderman`; `Don’t`, `Don't` |
//! | `&`, `and`, `и`, and `+` between words | `Lilo & Stitch`, `Lilo and Stitch` |
//! | an article after a comma | `Matrix, The`, `The Matrix` |
//! | Roman numerals, numbered parts | `Rocky II`, `Rocky 2`; `Part Two`, `Part 2` |
//! | a bullet or a number in front, as in a list | `1. Solaris`, `☑️ Solaris`, `- [x] Solaris` |
//! | a year behind | `Solaris (1972)`, `Solaris, 1972`, `Solaris 1972 г.` – kept beside the name |
//!
//! What tells films apart stays: every letter and digit (`Alien 3`, `Aliens`), also `й` (`Герой` is not `Герои`), the
//! vowel signs of scripts that have them, and a leading article (`The Room` is not `Room`;
//! [`NormalName::without_article`] is for those who want to forgive it).
//!
//! A text can be read in more than one way: `7. Koğuştaki Mucize` is a name, not the seventh of a list, and `Reply 1988`
//! one without a year. [`NormalName::readings`] has them all, the most literal one first; [`NormalName::of`] is what
//! it means where nobody knows the names. No clock, no locale: the same text has the same form everywhere and always.

use super::fold::{self, Folded};
use super::line;

/// A name as people mean it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NormalName {
    key: String,
    year: Option<u16>,
    words: String,
}

impl NormalName {
    /// What a line of text names, most likely. `None`: there is nothing to see in it.
    pub fn of(text: &str) -> Option<Self> {
        let text = fold::bounded(text);
        let item = line::without_bullet(&text);
        Self::dated(item).or_else(|| Self::bare(item))
    }

    /// A name that stands alone, as in a catalogue, which keeps the year beside it: every number belongs to the name.
    pub fn bare(name: &str) -> Option<Self> {
        let Folded { words, key } = fold::folded(&fold::bounded(name))?;
        Some(Self { key, year: None, words })
    }

    fn dated(item: &str) -> Option<Self> {
        let (name, year) = line::split_year(item)?;
        let year = (year.explicit || !line::belongs_to(name, year.number)).then_some(year.number)?;
        Some(Self { year: Some(year), ..Self::bare(name)? })
    }

    /// Every way to read a line of text, the most literal first, each once.
    pub fn readings(text: &str) -> Vec<Self> {
        let text = fold::bounded(text);
        let mut readings = Vec::new();
        for item in [&*text, line::without_bullet(&text)] {
            for reading in Self::bare(item).into_iter().chain(Self::dated(item)) {
                if !readings.contains(&reading) {
                    readings.push(reading);
                }
            }
        }
        readings
    }

    /// What is compared: two names are the same if this is. Not for people, nor for looking into.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The year that was written behind the name.
    pub fn year(&self) -> Option<u16> {
        self.year
    }

    /// The name's words in lower case with single spaces between them, for those who look for parts of it. Never empty.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// The same name without an English article in front; `None`: there is none, or nothing else.
    pub fn without_article(&self) -> Option<Self> {
        let rest = fold::without_article(&self.words);
        if rest.len() == self.words.len() {
            return None;
        }
        Some(Self { year: self.year, ..Self::bare(rest)? })
    }

    /// Whether the names are the same, whatever the years.
    pub fn same_name(&self, other: &Self) -> bool {
        self.key == other.key
    }

    /// Whether the names are the same if an English article in front does not count.
    pub fn same_but_for_an_article(&self, other: &Self) -> bool {
        let (this, that) = (self.without_article(), other.without_article());
        this.as_ref().unwrap_or(self).same_name(that.as_ref().unwrap_or(other))
    }

    /// Whether both are one film as far as anybody can say: the same name, and no two different years.
    pub fn may_be(&self, other: &Self) -> bool {
        let different = matches!((self.year, other.year), (Some(this), Some(that)) if this != that);
        self.same_name(other) && !different
    }
}

#[cfg(test)]
mod tests;
