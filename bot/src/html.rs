//! Other people's words inside the bot's messages.
//!
//! Whatever somebody typed, or an operator's file says, goes through [`shown`] or [`line()`] before it is put into a message, a button or
//! an offer. It can neither open a tag, nor break the line, nor turn the text after it around, nor become a link, a mention, a command, a
//! hashtag or a number to call: Telegram looks for those by itself, and [`quiet`] puts an invisible character where it looks. Nothing else
//! in this crate escapes anything: [`Value`](crate::texts::Value) takes no other strings.

use std::fmt;

use sovpalo_domain::{language::Language, visible::visible_line};

/// People's names are cut to this many characters.
pub(crate) const NAME: usize = 32;
/// Names of titles and rooms are cut to this many characters; both are shorter where they are made.
pub(crate) const TITLE: usize = 100;

/// Shows nothing, takes no room, and does not let a line break; it is part of no link, name, tag or number.
const JOINER: char = '\u{2060}';
/// A number of more digits than this may be somebody's telephone or card.
const HARMLESS_DIGITS: usize = 4;
/// Longer numbers are broken after so many digits, which is too short for a telephone or a card.
const DIGITS_TOGETHER: usize = 3;

/// Text that is safe inside Telegram's HTML: escaped words of people, and markup of ours around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown(String);

impl Shown {
    /// These, with something of ours between each two.
    pub(crate) fn joined(parts: impl IntoIterator<Item = Self>, between: &'static str) -> Self {
        let parts: Vec<String> = parts.into_iter().map(|part| part.0).collect();
        Self(parts.join(between))
    }

    /// With words or markup of ours around it.
    pub(crate) fn between(self, before: &'static str, after: impl fmt::Display) -> Self {
        Self(format!("{before}{}{after}", self.0))
    }

    /// With a year of ours, which makes no long number of a name that is one: "1917 (2019)".
    pub(crate) fn and_year(self, year: impl fmt::Display) -> Self {
        let is_number = self.0.trim_end_matches("</b>").ends_with(char::is_numeric);
        Self(if is_number { format!("{}{JOINER} ({year})", self.0) } else { format!("{} ({year})", self.0) })
    }

    /// A text of ours: of this crate's own words, or with no other values in it than these. Never a person's.
    pub(crate) fn ours(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One line of at most `max_chars` visible characters, quiet, and escaped for Telegram's HTML
/// (<https://core.telegram.org/bots/api#html-style>).
pub(crate) fn shown(text: &str, max_chars: usize) -> Shown {
    let line = line(text, max_chars);
    let escaped = teloxide::utils::html::escape(&line);
    // A name written from right to left keeps its direction to itself.
    Shown(if line.chars().any(is_right_to_left) { format!("\u{2068}{escaped}\u{2069}") } else { escaped })
}

/// A person's name, escaped; a stand-in for one of which nothing can be seen.
pub(crate) fn person(name: &str, language: Language) -> Shown {
    if visible_line(name, NAME).is_some() { shown(name, NAME) } else { Shown(language.somebody().to_owned()) }
}

/// One quiet line of at most `max_chars` visible characters, for places that take plain text. Never empty.
pub(crate) fn line(text: &str, max_chars: usize) -> String {
    quiet(&visible_line(text, max_chars).unwrap_or_else(|| "…".to_owned()))
}

/// The same as a value for a text of ours that is not HTML.
pub(crate) fn plain(text: &str, max_chars: usize) -> Shown {
    Shown(line(text, max_chars))
}

/// The same text to the eye, in which neither Telegram's servers nor its apps find anything to tap: a [`JOINER`] stands after every sign
/// that begins or holds together a link, a mention, a command or a tag, and inside of long numbers.
fn quiet(line: &str) -> String {
    let mut quiet = String::with_capacity(line.len());
    let mut rest = line.chars().peekable();
    let (mut digits, mut is_long, mut breaks) = (0, has_long_number(line.chars()), false);
    while let Some(c) = rest.next() {
        let before = quiet.chars().next_back();
        quiet.push(c);
        if c.is_numeric() {
            digits += 1;
            breaks |= is_long && digits % DIGITS_TOGETHER == 0;
        } else if !is_within_number(c) {
            digits = 0;
            is_long = has_long_number(rest.clone());
        }
        breaks |= match rest.peek() {
            None => matches!(c, '@' | '/' | '#' | '$' | '+'),
            Some(next) => holds_together(before, c) && !next.is_whitespace(),
        };
        // The emoji of `#` and of digits stay whole.
        let is_whole = !rest.peek().is_some_and(|next| matches!(next, '\u{FE0E}' | '\u{FE0F}' | '\u{20E3}'));
        if (is_whole || c == '.') && std::mem::take(&mut breaks) {
            quiet.push(JOINER);
        }
    }
    quiet
}

/// What Telegram, a phone or a browser may take for a part of something to tap; with the wide ones of Chinese and Japanese.
fn holds_together(before: Option<char>, c: char) -> bool {
    // No command begins within a word ("Face/Off") or a tag; a link is broken before its path.
    let is_harmless_slash =
        c == '/' && before.is_some_and(|before| before == '<' || before.is_alphanumeric());
    if is_harmless_slash {
        return false;
    }
    matches!(c, '@' | '/' | '#' | '$' | ':' | '.' | '+' | '\\')
        || matches!(c, '＠' | '／' | '＃' | '＄' | '：' | '．' | '。' | '｡' | '﹫' | '﹟' | '﹩')
}

/// What people write between the digits of one number.
fn is_within_number(c: char) -> bool {
    c.is_numeric() || c == ' ' || c.is_ascii_punctuation() || matches!(c, '\u{2010}'..='\u{2015}')
}

fn has_long_number(ahead: impl Iterator<Item = char>) -> bool {
    ahead.take_while(|c| is_within_number(*c)).filter(|c| c.is_numeric()).nth(HARMLESS_DIGITS).is_some()
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_in_a_name_is_only_text() {
        assert_eq!(shown("<b>Аня</b> & Co", NAME).to_string(), "&lt;b&gt;Аня&lt;/b&gt; &amp; Co");
    }

    #[test]
    fn a_name_cannot_turn_the_rest_of_the_message_around() {
        assert_eq!(shown("\u{202E}evil\u{200F} name\0\n", NAME).to_string(), "evil name");
    }

    #[test]
    fn a_right_to_left_name_keeps_its_direction_to_itself() {
        assert_eq!(shown("אנה", NAME).to_string(), "\u{2068}אנה\u{2069}");
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        assert_eq!(line(&"я".repeat(10_000), 5), "яяяя…");
        assert_eq!(line("abcde", 5), "abcde");
        assert_eq!(line("abcd fghij", 6), "abcd…");
    }

    #[test]
    fn a_name_of_nothing_visible_is_still_something() {
        for nothing in ["", " ", "\u{3164}\u{200B}", "\0\u{7}", "\u{2800}", "\u{E0041}"] {
            assert_eq!(shown(nothing, NAME).to_string(), "…", "{nothing:?} left a hole in the text");
            assert_eq!(
                person(nothing, Language::En).to_string(),
                "Somebody",
                "{nothing:?} left a hole in the text"
            );
        }
        assert_eq!(person("<Аня>", Language::Ru).to_string(), "&lt;Аня&gt;");
    }

    #[test]
    fn words_that_telegram_would_make_clickable_look_the_same_and_are_not() {
        for words in [
            "https://evil.example/login",
            "кино.рф",
            "EVIL.COM",
            "a.co/x?y#z",
            "t.me/spam",
            "tg://resolve?domain=spam",
            "1.2.3.4",
            "xn--e1afmkfd.xn--p1ai",
            "@durov",
            "x @durov",
            "/start",
            "(/start@some_bot)",
            "#тег@channel",
            "$USD",
            "me@mail.example",
            "+7 (912) 345-67-89",
            "8 912 345 67 89",
            "4276123456789012",
            "4276 1234 5678 9012",
            "#\u{FE0F}\u{20E3}tag",
        ] {
            let shown = shown(words, TITLE).to_string();
            assert_eq!(
                telegram_sim::autodetect(&shown),
                Vec::<serde_json::Value>::new(),
                "{words:?} can be tapped"
            );
            assert_eq!(shown.replace(JOINER, ""), words, "it looks otherwise");
        }
    }

    #[test]
    fn ordinary_names_are_left_as_they_were_typed() {
        for words in [
            "Dune: Part Two",
            "Mr. Nobody",
            "Ocean's 11, 12",
            "Blade Runner 2049!",
            "¿Qué?",
            "AC / DC",
            "Face/Off",
            "50/50",
            "<b>x</b>",
        ] {
            assert_eq!(line(words, TITLE), words);
        }
    }

    /// Words of which links and the like are made.
    fn words() -> impl Strategy<Value = String> {
        let word = prop_oneof![
            "[@/#$:.+a-zA-Z0-9а-яё _~()-]{0,12}",
            "[@/#$:.,+0-9 (){}<>&-]{1,20}",
            proptest::sample::select(vec![
                "https://", "tg://", "t.me/", ".com", ".рф", "@", "/", "#", "$", "USD", "1INCH", "example",
                "\u{200C}", "\u{FE0F}", "\u{301}", "\u{B7}", "．", "。", "אנה", "👍",
            ])
            .prop_map(ToOwned::to_owned),
            any::<String>(),
        ];
        proptest::collection::vec(word, 1..8).prop_map(|words| words.concat())
    }

    proptest! {
        #[test]
        fn no_words_of_anybodys_become_something_to_tap(words in words(), other in words(), year in 1900_u16..2100) {
            let line = line(&words, TITLE);
            prop_assert_eq!(telegram_sim::autodetect(&line), Vec::<serde_json::Value>::new(), "alone: {:?}", line);
            // As they stand in our messages.
            let other = super::line(&other, NAME);
            let titled = Shown(other.clone()).and_year(year);
            let message = format!("🎉 It's a match in {line}\n\n{titled}\n👥 {line}, {other} ✓\n{other}: 12 of 40");
            prop_assert_eq!(telegram_sim::autodetect(&message), Vec::<serde_json::Value>::new(), "together: {:?}", message);
        }
    }
}
