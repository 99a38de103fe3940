//! Names without what people leave out when they type: case, accents, `ё`, punctuation, a leading article.
//!
//! A name and a query are folded alike, so that two of them can be compared letter by letter. Folding never fails:
//! whatever comes in, words of letters and digits come out, or nothing.

pub(super) use sovpalo_domain::title::without_article;
use sovpalo_domain::title::words;

/// More than any name has; the rest of a longer text is not looked at.
pub(super) const MAX_CHARS: usize = 120;

/// The words of a text as the domain's normal form has them. A search also forgives who has no `й`, or heard an `и`.
pub(super) fn fold(text: &str) -> String {
    let end = text.char_indices().nth(MAX_CHARS).map_or(text.len(), |(end, _)| end);
    words(&text[..end]).replace('й', "и")
}

/// Whether two folded texts differ in nothing but where their words end: `wall e` and `walle`.
pub(super) fn same_letters(one: &str, other: &str) -> bool {
    one.bytes().filter(|b| *b != b' ').eq(other.bytes().filter(|b| *b != b' '))
}

/// How long a folded text is without its spaces, in bytes.
pub(super) fn letter_count(folded: &str) -> u16 {
    u16::try_from(folded.bytes().filter(|b| *b != b' ').count()).unwrap_or(u16::MAX)
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
