//! Names without what people leave out when they type: case, accents, `ё`, punctuation, a leading article.
//!
//! A name and a query are folded alike, so that two of them can be compared letter by letter. Folding never fails:
//! whatever comes in, words of letters and digits come out, or nothing.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// More than any name has; the rest of a longer text is not looked at.
pub(super) const MAX_CHARS: usize = 120;

/// The words of a text in lower case, with single spaces between them.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(4 * MAX_CHARS));
    let lower = text.chars().take(MAX_CHARS).flat_map(char::to_lowercase);
    let spelled: String = lower.map(Spelling::of).fold(String::new(), |mut text, spelling| {
        match spelling {
            Spelling::Letter(c) => text.push(c),
            Spelling::Written(letters) => text.push_str(letters),
        }
        text
    });
    for c in spelled.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_alphanumeric() {
            // Compatibility forms come apart into capitals now and then.
            folded.extend(c.to_lowercase());
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// What follows a leading English article, if anything does.
pub(super) fn without_article(folded: &str) -> &str {
    ["the ", "a ", "an "].iter().find_map(|article| folded.strip_prefix(article)).unwrap_or(folded)
}

/// Whether two folded texts differ in nothing but where their words end: `wall e` and `walle`.
pub(super) fn same_letters(one: &str, other: &str) -> bool {
    one.bytes().filter(|b| *b != b' ').eq(other.bytes().filter(|b| *b != b' '))
}

/// How long a folded text is without its spaces, in bytes.
pub(super) fn letter_count(folded: &str) -> u16 {
    u16::try_from(folded.bytes().filter(|b| *b != b' ').count()).unwrap_or(u16::MAX)
}

/// How a character is read where decomposition does not help.
enum Spelling {
    Letter(char),
    Written(&'static str),
}

impl Spelling {
    fn of(c: char) -> Self {
        Self::Written(match c {
            // People leave these out: ocean's, д’артаньян.
            '\'' | '’' | '‘' | 'ʼ' | '´' | '`' => "",
            '&' => " and ",
            '№' => " ",
            '½' => " 1 2",
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'ø' => "o",
            'ł' => "l",
            'đ' | 'ð' => "d",
            'þ' => "th",
            'ı' => "i",
            other => return Self::Letter(other),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_punctuation_do_not_count() {
        assert_eq!(fold("  Amélie — Ёлки!! "), "amelie елки");
        assert_eq!(fold("WALL·E"), "wall e");
        assert_eq!(fold("Ocean's Eleven"), "oceans eleven");
        assert_eq!(fold("Crna mačka, beli mačor"), "crna macka beli macor");
        assert_eq!(fold("Pride & Prejudice"), "pride and prejudice");
        assert_eq!(fold("Район №9"), "раион 9");
    }

    #[test]
    fn what_has_no_letters_becomes_nothing() {
        for nothing in ["", "   ", "🎬🍿", "\0\u{202E}\u{200B}", "!!! ???"] {
            assert_eq!(fold(nothing), "", "{nothing:?} left something");
        }
    }

    #[test]
    fn a_leading_article_is_left_out_unless_it_is_all_there_is() {
        assert_eq!(without_article("the matrix"), "matrix");
        assert_eq!(without_article("a fish called wanda"), "fish called wanda");
        assert_eq!(without_article("the"), "the");
        assert_eq!(without_article("thelma"), "thelma");
    }

    #[test]
    fn words_written_together_are_the_same_letters() {
        assert!(same_letters("m a s h", "mash"));
        assert!(!same_letters("m a s h", "mask"));
    }
}
