//! What TMDB says in words, made fit to be shown.

use sovpalo_domain::title::clean_line;

/// A name has at most so many characters; a longer one is none.
pub(crate) const LONGEST_NAME: usize = 200;
/// What a title is about has at most so many characters; of more the beginning is kept.
pub(crate) const LONGEST_OVERVIEW: usize = 1_200;

/// A name as it is shown; `None`: there is nothing to see in it.
pub(crate) fn name(text: &str) -> Option<String> {
    clean_line(text, LONGEST_NAME).ok()
}

/// A text as it is shown, on one line; `None`: there is nothing to see in it.
pub(crate) fn overview(text: &str) -> Option<String> {
    let short: String = text.chars().take(LONGEST_OVERVIEW).collect();
    clean_line(&short, LONGEST_OVERVIEW).ok()
}

/// The year of a date like `1999-03-31`; `None`: it is not known.
pub(crate) fn year(date: &str) -> Option<u16> {
    let year: u16 = date.get(..4)?.parse().ok()?;
    (1870..=2200).contains(&year).then_some(year)
}

/// An ISO 3166 alpha-2 code.
pub(crate) fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}
