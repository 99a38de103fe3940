//! Other people's words inside Telegram's HTML.
//!
//! Whatever somebody typed goes through [`shown`] before it is put into a message: it can neither open a tag, nor break the
//! line, nor turn the text after it around. Nothing else in this crate escapes anything.

use sovpalo_domain::visible::visible_line;
use sovpalo_storage::titles::Language;

/// People's names are cut to this many characters.
pub(crate) const NAME: usize = 32;
/// Names of titles and rooms are cut to this many characters; both are shorter where they are made.
pub(crate) const TITLE: usize = 100;

/// One line of at most `max_chars` visible characters, escaped for Telegram's HTML
/// (<https://core.telegram.org/bots/api#html-style>).
pub(crate) fn shown(text: &str, max_chars: usize) -> String {
    let line = line(text, max_chars);
    let escaped = teloxide::utils::html::escape(&line);
    // A name written from right to left keeps its direction to itself.
    if line.chars().any(is_right_to_left) { format!("\u{2068}{escaped}\u{2069}") } else { escaped }
}

/// A person's name, escaped; a stand-in for one of which nothing can be seen.
pub(crate) fn person(name: &str, language: Language) -> String {
    if visible_line(name, NAME).is_some() { shown(name, NAME) } else { language.somebody().to_owned() }
}

/// One line of at most `max_chars` visible characters, for places that take plain text. Never empty.
pub(crate) fn line(text: &str, max_chars: usize) -> String {
    visible_line(text, max_chars).unwrap_or_else(|| "…".to_owned())
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_name_is_only_text() {
        assert_eq!(shown("<b>Аня</b> & Co", NAME), "&lt;b&gt;Аня&lt;/b&gt; &amp; Co");
    }

    #[test]
    fn a_name_cannot_turn_the_rest_of_the_message_around() {
        assert_eq!(shown("\u{202E}evil\u{200F} name\0\n", NAME), "evil name");
    }

    #[test]
    fn a_right_to_left_name_keeps_its_direction_to_itself() {
        assert_eq!(shown("אנה", NAME), "\u{2068}אנה\u{2069}");
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        assert_eq!(line(&"я".repeat(10_000), 5), "яяяя…");
        assert_eq!(line("12345", 5), "12345");
        assert_eq!(line("1234 67890", 6), "1234…");
    }

    #[test]
    fn a_name_of_nothing_visible_is_still_something() {
        for nothing in ["", " ", "\u{3164}\u{200B}", "\0\u{7}", "\u{2800}", "\u{E0041}"] {
            assert_eq!(shown(nothing, NAME), "…", "{nothing:?} left a hole in the text");
            assert_eq!(person(nothing, Language::En), "Somebody", "{nothing:?} left a hole in the text");
        }
        assert_eq!(person("<Аня>", Language::Ru), "&lt;Аня&gt;");
    }
}
