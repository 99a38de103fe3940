//! Other people's words inside Telegram's HTML.
//!
//! Whatever somebody typed goes through [`shown`] before it is put into a message: it can neither open a tag, nor break the
//! line, nor turn the text after it around. Nothing else in this crate escapes anything.

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

/// One line of at most `max_chars` visible characters, for places that take plain text. Never empty.
pub(crate) fn line(text: &str, max_chars: usize) -> String {
    visible_line(text, max_chars).unwrap_or_else(|| "…".to_owned())
}

/// The same, or `None` if nothing of it can be seen.
pub(crate) fn visible_line(text: &str, max_chars: usize) -> Option<String> {
    let visible: String = text
        .chars()
        // A hostile megabyte is cut before it costs anything.
        .take(max_chars * 8)
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .collect();
    let words: Vec<&str> = visible.split(' ').filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    if line.is_empty() {
        return None;
    }
    if line.chars().count() <= max_chars {
        return Some(line);
    }
    let kept: String = line.chars().take(max_chars - 1).collect();
    Some(format!("{}…", kept.trim_end()))
}

/// Marks of direction and fillers that show nothing.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}')
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
        for nothing in ["", " ", "\u{3164}\u{200B}", "\0\u{7}"] {
            assert_eq!(shown(nothing, NAME), "…", "{nothing:?} left a hole in the text");
        }
    }
}
