//! What of a text can be seen, by Unicode's own properties rather than a list of ours.
//!
//! People's names, room names and titles reach other people's screens. Characters that show nothing there would leave a hole where
//! a name belongs, hide a difference, or turn the text after them around. What is needed *between* visible characters stays: the
//! joiners and selectors of emoji, the joiners of Persian and Indian scripts, accents.
//!
//! [`person_name`] is the one function that names a person, for the bot's cards, its notices and the Mini App alike.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{
        CanonicalCombiningClass, DefaultIgnorableCodePoint, Emoji, ExtendedPictographic, GeneralCategory,
        JoiningType, PrependedConcatenationMark, UnifiedIdeograph, VariationSelector,
    },
};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// A person's name is cut to this many characters, which is what Telegram takes for a first name.
pub const MAX_PERSON_NAME: usize = 64;
/// So many accents on one letter are a name; more are a tower that covers the lines above.
pub(crate) const MARKS: usize = 2;
/// So many characters are looked at for each that may be shown.
const LOOKED_AT: usize = 16;
/// What stood apart may belong together once what was between is gone, so that a line is looked at again until it stays the same.
const PASSES: usize = 8;
/// The flags of England, Scotland and Wales: a black flag, some letters that show nothing alone, and an end.
const BLACK_FLAG: char = '\u{1F3F4}';
const TAGS: std::ops::RangeInclusive<char> = '\u{E0020}'..='\u{E007F}';
const END_OF_TAGS: char = '\u{E007F}';
const LONGEST_FLAG: usize = 8;

/// How a person is called: by the first of these names of which something can be seen. `None`: by a stand-in, in the reader's
/// language.
pub fn person_name(first: &str, last: Option<&str>, username: Option<&str>) -> Option<String> {
    let names = [Some(first), last, username].into_iter().flatten();
    names.into_iter().find_map(|name| visible_line(name, MAX_PERSON_NAME))
}

/// One line of what can be seen of a text: at most `max_chars` characters, cut between what the eye takes for characters. `None`:
/// nothing can be seen of it. Doing it again changes nothing.
pub fn visible_line(text: &str, max_chars: usize) -> Option<String> {
    line_of(text, max_chars, max_chars)
}

/// The same without a cut: what can be seen of a text, which may be longer than `max_chars` then.
pub fn whole_line(text: &str, max_chars: usize) -> Option<String> {
    line_of(text, max_chars, usize::MAX)
}

fn line_of(text: &str, expected: usize, max_chars: usize) -> Option<String> {
    let visible = text.chars().filter(|c| c.is_whitespace() || !is_hidden(*c));
    let mut after_space = false;
    let folded = visible.filter(|c| {
        let again = after_space && c.is_whitespace();
        after_space = c.is_whitespace();
        !again
    });
    // A hostile megabyte is cut before it costs anything; what is left of so much is still too long for a name.
    let mut text: String = folded.take(expected.saturating_mul(LOOKED_AT)).collect();
    for _ in 0..PASSES {
        let line = one_pass(&text, max_chars)?;
        if line == text {
            break;
        }
        text = line;
    }
    Some(text)
}

fn one_pass(text: &str, max_chars: usize) -> Option<String> {
    let text: String = text.nfc().collect();
    let mut line = Line::default();
    for cluster in text.graphemes(true) {
        if cluster.starts_with(char::is_whitespace) {
            line.space();
        } else {
            line.push(&visible_part(cluster));
        }
    }
    line.cut(max_chars)
}

/// What can be seen of a text of several lines: the spaces between words stay, those at the ends of lines go, and so do blank lines
/// at its start, at its end, and beyond `blank_lines` in a row. Doing it again changes nothing.
pub fn visible_text(text: &str, blank_lines: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut blank = 0;
    for line in text.replace("\r\n", "\n").split(is_line_break) {
        let line = spaced_line(line);
        if line.is_empty() {
            blank += 1;
            continue;
        }
        if !lines.is_empty() {
            lines.extend(std::iter::repeat_n(String::new(), blank.min(blank_lines)));
        }
        blank = 0;
        lines.push(line);
    }
    lines.join("\n").trim().to_owned()
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// One line with all its spaces but those at its end.
fn spaced_line(line: &str) -> String {
    let visible = line.chars().filter(|c| c.is_whitespace() || !is_hidden(*c));
    let mut text: String = visible.map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    for _ in 0..PASSES {
        let mut line = String::with_capacity(text.len());
        for cluster in text.nfc().collect::<String>().graphemes(true) {
            if cluster.starts_with(' ') {
                end_word(&mut line);
                line.push(' ');
            } else {
                line.push_str(&visible_part(cluster));
            }
        }
        end_word(&mut line);
        line.truncate(line.trim_end().len());
        if line == text {
            break;
        }
        text = line;
    }
    text
}

/// A joiner before a space or at the end joins nothing.
fn end_word(text: &mut String) {
    text.truncate(text.trim_end_matches(['\u{200C}', '\u{200D}']).len());
}

/// Characters that show nothing and mean nothing in a name: directions, fillers, controls, and what no font has to know.
pub fn is_hidden(c: char) -> bool {
    if only_joins(c) {
        return false;
    }
    if CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c) {
        return true;
    }
    match CodePointMapData::<GeneralCategory>::new().get(c) {
        GeneralCategory::Control
        | GeneralCategory::Surrogate
        | GeneralCategory::PrivateUse
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator => true,
        // A few of these are drawn, around the digits that follow.
        GeneralCategory::Format => !CodePointSetData::new::<PrependedConcatenationMark>().contains(c),
        // The emoji of coming years have their places reserved.
        GeneralCategory::Unassigned => !is_pictographic(c),
        _ => is_blank(c),
    }
}

/// What emoji and some scripts need between characters, and what shows nothing alone.
pub fn only_joins(c: char) -> bool {
    matches!(c, '\u{34F}' | '\u{200C}' | '\u{200D}' | '\u{E0001}') || is_selector(c) || TAGS.contains(&c)
}

/// Drawn, as nothing: by name a letter or a symbol, in no property an empty one.
fn is_blank(c: char) -> bool {
    matches!(c, '\u{2800}' | '\u{FFFC}' | '\u{16FE4}' | '\u{1D159}')
}

fn is_selector(c: char) -> bool {
    CodePointSetData::new::<VariationSelector>().contains(c)
}

fn is_pictographic(c: char) -> bool {
    CodePointSetData::new::<ExtendedPictographic>().contains(c)
}

fn is_mark(c: char) -> bool {
    use GeneralCategory::{EnclosingMark, NonspacingMark, SpacingMark};
    matches!(CodePointMapData::<GeneralCategory>::new().get(c), NonspacingMark | EnclosingMark | SpacingMark)
}

/// Whether a joiner after this character changes how letters are drawn.
fn is_joined(c: char) -> bool {
    use JoiningType as Type;
    let joining = CodePointMapData::<JoiningType>::new().get(c);
    matches!(joining, Type::DualJoining | Type::RightJoining | Type::LeftJoining)
        || CodePointMapData::<CanonicalCombiningClass>::new().get(c) == CanonicalCombiningClass::Virama
}

/// Whether a selector makes a difference after this character.
fn is_selectable(c: char, selector: char) -> bool {
    match selector {
        '\u{FE0E}' | '\u{FE0F}' => CodePointSetData::new::<Emoji>().contains(c),
        // The Mongolian ones.
        '\u{180B}'..='\u{180F}' => is_joined(c),
        _ => CodePointSetData::new::<UnifiedIdeograph>().contains(c),
    }
}

/// Of what the eye takes for one character, the part that it can see.
pub(crate) fn visible_part(cluster: &str) -> String {
    let tagged = is_flag(cluster);
    let mut part = String::new();
    let mut marks = 0;
    let mut rest = cluster.chars().peekable();
    while let Some(c) = rest.next() {
        let before = part.chars().next_back();
        let kept = match before {
            // An accent, a joiner or a selector without anything before it.
            None => !is_mark(c) && !only_joins(c),
            Some(before) => match c {
                '\u{200D}' if rest.peek().is_some_and(|next| is_pictographic(*next)) => true,
                '\u{200C}' | '\u{200D}' => is_joined(before),
                c if TAGS.contains(&c) => tagged,
                c if is_selector(c) => is_selectable(before, c),
                c if is_mark(c) => marks < MARKS,
                c => !only_joins(c),
            },
        };
        if kept {
            marks = if is_mark(c) { marks + 1 } else { 0 };
            part.push(c);
        }
    }
    part
}

fn is_flag(cluster: &str) -> bool {
    cluster.starts_with(BLACK_FLAG)
        && cluster.ends_with(END_OF_TAGS)
        && cluster.chars().count() <= LONGEST_FLAG
}

/// A line that grows by what is seen.
#[derive(Default)]
struct Line {
    parts: Vec<String>,
    after_space: bool,
}

impl Line {
    fn space(&mut self) {
        self.after_space = true;
    }

    fn push(&mut self, part: &str) {
        if part.is_empty() {
            return;
        }
        if std::mem::take(&mut self.after_space) && !self.parts.is_empty() {
            self.end_word();
            self.parts.push(" ".to_owned());
        }
        self.parts.push(part.to_owned());
    }

    fn end_word(&mut self) {
        if let Some(last) = self.parts.last_mut() {
            end_word(last);
        }
    }

    fn cut(mut self, max_chars: usize) -> Option<String> {
        self.end_word();
        let length = |part: &String| part.chars().count();
        if self.parts.iter().map(length).sum::<usize>() > max_chars {
            let mut left = max_chars.saturating_sub(1);
            let fitting = self.parts.iter().take_while(|part| {
                let fits = length(part) <= left;
                left = left.saturating_sub(length(part));
                fits
            });
            self.parts.truncate(fitting.count());
            while self.parts.last().is_some_and(|part| part == " ") {
                self.parts.pop();
            }
            self.end_word();
            self.parts.push("…".to_owned());
        }
        (!self.parts.is_empty()).then(|| self.parts.concat())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::title::tests::garbage;

    fn seen(text: &str) -> Option<String> {
        visible_line(text, 32)
    }

    #[test]
    fn of_a_name_made_of_invisible_characters_nothing_is_seen() {
        for recipe in [
            "",
            " ",
            "\u{2800}",
            "\u{200D}",
            "\u{61C}",
            "\u{FE0F}",
            "\u{34F}",
            "\u{E0041}",
            "\u{3164}",
            "\u{FFA0}",
            "\u{115F}\u{1160}",
            "\u{202E}",
            "\u{2066}\u{2069}",
            "\u{200B}\u{200C}\u{FEFF}",
            "\u{AD}",
            "\u{180B}\u{180E}",
            "\u{17B4}\u{17B5}",
            "\u{1D159}",
            "\u{1D173}\u{1BCA0}",
            "\u{FFF9}\u{FFFB}\u{FFFC}",
            "\u{E0100}",
            "\u{E000}\u{F8FF}\u{10FFFD}",
            "\u{378}\u{FFFF}",
            "\u{301}\u{302}",
            " \u{301}",
            "\u{20DD}",
            "\0\u{7}\u{1B}",
            "\u{2028}\u{85}\u{A0}\u{3000}\u{1680}",
        ] {
            assert_eq!(seen(recipe), None, "{:?} was taken for something to see", recipe.escape_unicode());
        }
    }

    #[test]
    fn what_can_be_seen_stays_as_it_is() {
        for name in [
            "Anna",
            "A+B 🎬 & Co",
            "C++ Anna",
            "Ёжик",
            "é",
            "अनन्या",
            "หนึ่ง",
            "علی\u{200C}رضا",
            "אנה",
            "葛\u{E0100}城",
            "👩\u{200D}👩\u{200D}👧",
            "❤\u{FE0F}",
            "1\u{FE0F}\u{20E3}",
            "👍🏽",
            "🇩🇪",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            ".",
            "†",
            "ʕ•ᴥ•ʔ",
            "𝓐𝓷𝓷𝓪",
            "Ƹ̵̡Ӝ̵̨Ʒ",
        ] {
            assert_eq!(seen(name).as_deref(), Some(name));
        }
    }

    #[test]
    fn what_shows_nothing_is_taken_out_of_a_name() {
        for (name, shown) in [
            ("\u{202E}evil\u{200F} name\0\n", "evil name"),
            ("An\u{200B}na", "Anna"),
            ("A\u{200D}nna", "Anna"),
            ("Anna\u{200D} \u{FE0F}B", "Anna B"),
            ("\u{2800}Anna\u{2800}", "Anna"),
            ("😀\u{E0068}\u{E0069}", "😀"),
            ("🏴\u{E0068}", "🏴"),
            ("علی\u{200C}", "علی"),
            (" a \u{3000}\t b ", "a b"),
        ] {
            assert_eq!(seen(name).as_deref(), Some(shown), "from {:?}", name.escape_unicode());
        }
    }

    #[test]
    fn a_tower_of_accents_is_cut_to_a_few() {
        let tower = format!("e{}x", "\u{334}".repeat(100));
        assert_eq!(seen(&tower).unwrap().chars().count(), 2 + MARKS);
    }

    #[test]
    fn a_long_name_is_cut_between_what_the_eye_takes_for_characters() {
        assert_eq!(visible_line(&"я".repeat(10_000), 5).as_deref(), Some("яяяя…"));
        assert_eq!(visible_line("12345", 5).as_deref(), Some("12345"));
        assert_eq!(visible_line("1234 67890", 6).as_deref(), Some("1234…"));
        assert_eq!(visible_line("ab👩\u{200D}👩\u{200D}👧cd", 5).as_deref(), Some("ab…"));
        let late = format!("{}Anna", "\u{200B}".repeat(100_000));
        assert_eq!(visible_line(&late, 5).as_deref(), Some("Anna"));
    }

    #[test]
    fn a_person_is_called_by_the_first_name_that_can_be_seen() {
        assert_eq!(person_name("Anna", Some("B"), Some("c")).as_deref(), Some("Anna"));
        assert_eq!(person_name("\u{2800}", Some("Berg"), Some("c")).as_deref(), Some("Berg"));
        assert_eq!(person_name("\u{3164}", Some("\u{200D}"), Some("anna_b")).as_deref(), Some("anna_b"));
        assert_eq!(person_name("\u{3164}", None, None), None);
    }

    proptest! {
        #[test]
        fn a_visible_line_is_short_holds_nothing_hidden_and_is_its_own(text in garbage(), max in 1_usize..80) {
            let Some(line) = visible_line(&text, max) else { return Ok(()) };
            prop_assert!(line.chars().count() <= max);
            prop_assert!(!line.chars().any(is_hidden));
            prop_assert!(!line.chars().all(|c| c == ' ' || only_joins(c) || is_mark(c)), "{line:?} shows nothing");
            prop_assert_eq!(visible_line(&line, max), Some(line.clone()), "the second time");
        }

        #[test]
        fn a_visible_text_holds_nothing_hidden_and_is_its_own(parts in prop::collection::vec(garbage(), 0..6)) {
            let text = visible_text(&parts.join("\n"), 2);
            prop_assert!(!text.chars().any(|c| c != '\n' && is_hidden(c)));
            prop_assert!(!text.contains("\n\n\n\n"));
            let shown = text.is_empty() || !text.chars().all(|c| c.is_whitespace() || only_joins(c) || is_mark(c));
            prop_assert!(shown, "{text:?} shows nothing");
            prop_assert_eq!(visible_text(&text, 2), text, "the second time");
        }
    }
}
