//! Reads room codes out of what people paste: links, forwarded cards, "Room code: 7KQ2-M0X1", the code in quotes.
//!
//! A code is eight letters and digits, and so are some ordinary words and numbers. So each find says whether it is *sure*: written
//! as a code is, or in one of our links. What is not sure is a code only if there is such a room; the caller looks.
//!
//! `core/domain/tests/pasted_codes.json` lists texts and what is read in them, for this module and for the Mini App's own reading.

use unicode_normalization::UnicodeNormalization;

use crate::{
    ids::RoomCode,
    visible::{is_hidden, only_joins},
};

/// A code has so many characters.
const LENGTH: usize = 8;
/// So many codes of one text are worth looking for.
const MOST: usize = 8;
/// So much of a text is looked at; Telegram's longest message has as many characters.
const LOOKED_AT: usize = 4096;
/// What stands before the code in a link, in lower case.
const PARAMETERS: [&str; 4] = ["startapp=", "start=", "startgroup=", "tgwebappstartparam="];
/// What stands before a code that somebody names, in lower case.
const MARKS: [&str; 7] = ["code", "room", "код", "комната", "комнаты", "комнате", "комнату"];

/// A room's code, as a text names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pasted {
    /// The code.
    pub code: RoomCode,
    /// Whether it cannot be an ordinary word or number.
    pub sure: bool,
}

/// The codes that a text may name, the likeliest first, each once.
pub fn codes(text: &str) -> Vec<Pasted> {
    let text = plain(text);
    let mut found = Vec::new();
    in_links(&text, &mut found);
    alone(&text, &mut found);
    among_words(&text, &mut found);
    each_once(found)
}

/// The codes of what follows `/start`: a link's parameter, which may have got more before or behind the code, or whatever else
/// somebody typed there.
pub fn codes_of_start(parameter: &str) -> Vec<Pasted> {
    let parts = plain(parameter);
    let mut found = Vec::new();
    in_links(&parts, &mut found);
    let values = tokens(&parts).filter(|token| !parts[token.end()..].starts_with('='));
    found.extend(values.filter_map(|token| token.code()).map(surely));
    found.extend(codes(parameter));
    each_once(found)
}

fn surely(code: RoomCode) -> Pasted {
    Pasted { code, sure: true }
}

fn each_once(found: Vec<Pasted>) -> Vec<Pasted> {
    // A code that is found in two ways is as sure as the surer.
    let mut codes: Vec<Pasted> = Vec::new();
    for pasted in found {
        match codes.iter_mut().find(|known| known.code == pasted.code) {
            Some(known) => known.sure |= pasted.sure,
            None => codes.push(pasted),
        }
    }
    codes.truncate(MOST);
    codes
}

/// Without what only fonts and addresses know: wide letters, invisible characters, `%20`.
fn plain(text: &str) -> String {
    let visible =
        text.chars().take(LOOKED_AT).filter(|c| c.is_whitespace() || !is_hidden(*c) && !only_joins(*c));
    let text: String = visible.nfkc().collect();
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find('%') {
        let (before, from) = rest.split_at(at);
        let escaped = from.get(1..3).is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        plain.push_str(before);
        plain.push(' ');
        rest = &from[if escaped { 3 } else { 1 }..];
    }
    plain + rest
}

/// In the parameter of a link, perhaps with more before and after it: `?startapp=7KQ2M0X1_utm&mode=compact`.
fn in_links(text: &str, found: &mut Vec<Pasted>) {
    // ASCII only, so that both have the same places.
    let lower = text.to_ascii_lowercase();
    let mut values: Vec<(usize, &str)> = Vec::new();
    for parameter in PARAMETERS {
        let begins = |at: usize| !lower[..at].ends_with(|c: char| c.is_alphanumeric());
        for (at, _) in lower.match_indices(parameter).filter(|(at, _)| begins(*at)) {
            let value = &text[at + parameter.len()..];
            let end = value.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')));
            values.push((at, &value[..end.unwrap_or(value.len())]));
        }
    }
    values.sort_unstable();
    for (_, value) in values {
        found.extend(tokens(value).filter_map(|token| token.code()).map(surely));
    }
}

/// As all there is, but for quotes, brackets, punctuation and what parts its groups.
fn alone(text: &str, found: &mut Vec<Pasted>) {
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let Some(code) = read(&letters) else { return };
    let whole = tokens(text).any(|token| token.code() == Some(code));
    let spelling = Spelling::of(&letters);
    // Numbers with gaps are telephone numbers and dates.
    if whole || spelling != Spelling::Number {
        let sure = spelling == Spelling::Mixed || whole && spelling != Spelling::Word;
        found.push(Pasted { code, sure });
    }
}

/// Among other words: after "code" or "room", or because nothing else is written like that.
fn among_words(text: &str, found: &mut Vec<Pasted>) {
    let (mut unmarked, mut before) = (Vec::new(), None);
    for token in tokens(text) {
        let mark = before.replace(token).filter(|before: &Token<'_>| before.is_mark());
        let Some(code) = token.code() else { continue };
        let spelling = Spelling::of(token.text);
        let pointed = mark.is_some_and(|mark| text[mark.end()..token.at].contains([':', '=', '#', '№']));
        match (mark, spelling) {
            (Some(_), Spelling::Mixed | Spelling::Shouted) => found.push(surely(code)),
            (Some(_), _) if pointed => found.push(surely(code)),
            (_, Spelling::Mixed | Spelling::Shouted) if token.is_part_of_more(text) => {}
            (_, Spelling::Mixed | Spelling::Shouted) => unmarked.push(Pasted { code, sure: false }),
            (_, Spelling::Word | Spelling::Number) => {}
        }
    }
    found.extend(unmarked);
}

/// A run of letters and digits, or two runs of four with a hyphen between them.
#[derive(Clone, Copy)]
struct Token<'a> {
    at: usize,
    text: &'a str,
}

impl Token<'_> {
    fn end(&self) -> usize {
        self.at + self.text.len()
    }

    fn code(&self) -> Option<RoomCode> {
        read(&self.text.replace(is_hyphen, ""))
    }

    fn is_mark(&self) -> bool {
        MARKS.contains(&self.text.to_lowercase().as_str())
    }

    /// Of an address, a longer number, somebody's name.
    fn is_part_of_more(&self, text: &str) -> bool {
        let joins = |c: char| is_hyphen(c) || matches!(c, '@' | '/' | '=' | '_' | '+');
        text[..self.at].ends_with(joins) || text[self.end()..].starts_with(joins)
    }
}

fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text[at..].find(char::is_alphanumeric)?;
        let run = |from: usize| {
            let rest = &text[from..];
            rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())
        };
        let mut length = run(at);
        if length == LENGTH / 2
            && let Some(hyphen) = text[at + length..].chars().next().filter(|c| is_hyphen(*c))
        {
            let second = at + length + hyphen.len_utf8();
            if run(second) == LENGTH / 2 {
                length = second - at + LENGTH / 2;
            }
        }
        let token = Token { at, text: &text[at..at + length] };
        at += length;
        Some(token)
    })
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// How something of a code's length is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// Letters and digits: hardly anything but a code.
    Mixed,
    /// Capitals only.
    Shouted,
    /// As a word is.
    Word,
    /// Digits only.
    Number,
}

impl Spelling {
    fn of(text: &str) -> Self {
        let digits = text.chars().any(|c| c.is_ascii_digit());
        let letters = text.chars().any(char::is_alphabetic);
        match (digits, letters) {
            (true, true) => Self::Mixed,
            (true, false) => Self::Number,
            _ if text.chars().any(char::is_lowercase) => Self::Word,
            _ => Self::Shouted,
        }
    }
}

/// Eight characters as a code; Cyrillic letters that look the same count where there are digits too, since no word has those.
fn read(text: &str) -> Option<RoomCode> {
    if !text.chars().any(|c| c.is_ascii_digit()) {
        return text.parse().ok();
    }
    text.chars().map(latin).collect::<String>().parse().ok()
}

fn latin(c: char) -> char {
    match c {
        'А' | 'а' => 'A',
        'В' | 'в' => 'B',
        'Е' | 'е' => 'E',
        'К' | 'к' => 'K',
        'М' | 'м' => 'M',
        'Н' | 'н' => 'H',
        'О' | 'о' => 'O',
        'Р' | 'р' => 'P',
        'С' | 'с' => 'C',
        'Т' | 'т' => 'T',
        'У' | 'у' => 'Y',
        'Х' | 'х' => 'X',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Row {
        r#where: String,
        text: String,
        code: Option<String>,
    }

    fn first(text: &str) -> Option<Pasted> {
        codes(text).first().copied()
    }

    #[test]
    fn every_text_of_the_table_names_its_code_or_none() {
        let rows: Vec<Row> = serde_json::from_str(include_str!("../tests/pasted_codes.json")).unwrap();
        for Row { r#where, text, code } in rows {
            let found = if r#where == "start" { codes_of_start(&text) } else { codes(&text) };
            let read = found.first().map(|pasted| pasted.code.to_string());
            assert_eq!(read, code, "in {text:?}");
        }
    }

    #[test]
    fn what_could_be_a_word_is_sure_only_where_it_is_called_a_code() {
        for text in ["tomorrow", "come here", "we meet at TOMORROW", "wifi is a1b2c3d4", "СОМЕ 7KQ2M0X1"]
        {
            assert!(first(text).is_none_or(|pasted| !pasted.sure), "{text:?} was surely a code");
        }
        for text in ["7kq2m0x1", "code: tomorrow", "room 7KQ2M0X1!", "TOMORROW", "t.me/b?start=tomorrow"] {
            assert!(first(text).is_some_and(|pasted| pasted.sure), "{text:?} was not surely a code");
        }
    }

    #[test]
    fn several_codes_come_in_their_order_and_each_once() {
        let text = "7KQ2M0X1 or t.me/b/app?startapp=ABCD2345, 7kq2-m0x1?";
        let read: Vec<String> = codes(text).iter().map(|pasted| pasted.code.to_string()).collect();
        assert_eq!(read, ["ABCD2345", "7KQ2M0X1"]);
    }

    proptest! {
        #[test]
        fn a_code_is_found_in_its_link_whatever_stands_around_it(
            bits in any::<u64>(), before in "[^=%\\w]{0,20}", after in "([ .,!?&#)>\"\n]\\PC{0,20})?",
        ) {
            let code = RoomCode::from_bits(bits);
            let text = format!("{before} https://t.me/sovpalo_bot/app?startapp={code}{after}");
            prop_assert_eq!(first(&text), Some(Pasted { code, sure: true }), "in {:?}", text);
        }

        #[test]
        fn anything_can_be_read(text in crate::title::tests::garbage()) {
            prop_assert!(codes(&text).len() <= MOST);
        }
    }
}
