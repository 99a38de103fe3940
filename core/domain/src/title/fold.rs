//! What is left of a name without what people write in different ways: its words, and the key that is compared.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::visible::{is_hidden, only_joins};

/// Longer than any name; the rest of a longer text is not looked at.
pub(super) const MAX_CHARS: usize = 500;

/// What a name is made of.
pub(super) struct Folded {
    /// Its words, for search.
    pub(super) words: String,
    /// What is compared.
    pub(super) key: String,
}

pub(super) fn bounded(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => Cow::Borrowed(&text[..end]),
        None => Cow::Borrowed(text),
    }
}

/// `None`: there is nothing to see.
pub(super) fn folded(name: &str) -> Option<Folded> {
    let spelled = spelled(&article_in_front(name));
    let words: Vec<&str> = spelled.split(' ').filter(|word| !word.is_empty()).collect();
    if !words.iter().any(|word| word.contains(char::is_alphanumeric)) {
        let signs = signs(name);
        return (!signs.is_empty()).then(|| Folded { words: signs.clone(), key: signs });
    }
    let key = key(&words);
    let words: Vec<&str> =
        words.iter().flat_map(|word| word.split('+')).filter(|word| !word.is_empty()).collect();
    Some(Folded { words: words.join(" "), key })
}

/// The words of any text in lower case, with single spaces between them; empty if there is neither letter nor digit in it.
pub fn words(text: &str) -> String {
    let spelled = spelled(&bounded(text));
    // Marks that belong to letters are kept, and are no words without them.
    if !spelled.contains(char::is_alphanumeric) {
        return String::new();
    }
    let words = spelled.split([' ', '+']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// What follows a leading English article, if anything does.
pub fn without_article(words: &str) -> &str {
    ["the ", "a ", "an "].iter().find_map(|article| words.strip_prefix(article)).unwrap_or(words)
}

/// `Matrix, The` as `The Matrix`.
fn article_in_front(name: &str) -> Cow<'_, str> {
    const ARTICLES: [&str; 20] = [
        "the", "a", "an", "le", "la", "les", "l", "un", "une", "el", "los", "las", "il", "lo", "gli", "der",
        "die", "das", "ein", "eine",
    ];
    let split = name.rsplit_once([',', '，']);
    match split.map(|(rest, last)| (rest, spelled(last))) {
        Some((rest, article)) if ARTICLES.contains(&article.trim()) && !spelled(rest).trim().is_empty() => {
            Cow::Owned(format!("{} {rest}", article.trim()))
        }
        _ => Cow::Borrowed(name),
    }
}

/// In lower case without accents, every sign a space; a plus that is no `and` stays.
fn spelled(text: &str) -> String {
    let apart: String = text.chars().flat_map(set_apart).flatten().collect();
    let decomposed: Vec<char> = apart.nfkd().collect();
    let mut spelled = String::with_capacity(apart.len());
    for (place, c) in decomposed.iter().copied().enumerate() {
        let before = place.checked_sub(1).and_then(|before| decomposed.get(before)).copied();
        // `й` is a letter of its own, unlike `ё`.
        let short_i = c == '\u{306}' && matches!(before, Some('и' | 'И'));
        if is_accent(c) && !short_i || is_hidden(c) || only_joins(c) || is_apostrophe(c) {
            continue;
        }
        match c {
            _ if short_i => spelled.push(c),
            '&' => spelled.push_str(" and "),
            '+' if joins_words(&decomposed, place) => spelled.push_str(" and "),
            '+' => spelled.push('+'),
            ',' | ' ' if groups_digits(&decomposed, place) => {}
            '×' => spelled.push_str(" x "),
            c if c.is_alphanumeric() || is_combining_mark(c) => {
                c.to_lowercase().filter(|c| !is_accent(*c)).for_each(|c| push_letter(&mut spelled, c));
            }
            _ => spelled.push(' '),
        }
    }
    spelled.nfc().collect()
}

/// What decomposition would run together or spell out: `8½` is not `81/2`, `Alien³` has two words, `№` is no word.
fn set_apart(c: char) -> [Option<char>; 2] {
    match c {
        '¼'..='¾' | '⅐'..='⅞' | '↉' | '²' | '³' | '¹' | '⁰' | '⁴'..='⁹' | '₀'..='₉' => {
            [Some(' '), Some(c)]
        }
        '№' => [Some(' '), None],
        // It would leave a space.
        '´' => [None, None],
        _ => [None, Some(c)],
    }
}

/// Letters that are read as others, though they do not come apart into them.
fn push_letter(spelled: &mut String, c: char) {
    match c {
        'ß' => spelled.push_str("ss"),
        'æ' => spelled.push_str("ae"),
        'œ' => spelled.push_str("oe"),
        'ø' => spelled.push('o'),
        'ł' => spelled.push('l'),
        'đ' | 'ð' => spelled.push('d'),
        'þ' => spelled.push_str("th"),
        'ı' => spelled.push('i'),
        'ς' => spelled.push('σ'),
        'ي' | 'ى' => spelled.push('ی'),
        'ك' => spelled.push('ک'),
        other => spelled.push(other),
    }
}

/// People leave these out: ocean's, д’артаньян.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '`' | '´' | '’' | '‘' | '‛' | 'ʼ' | 'ʻ' | 'ʹ' | '′' | '‵' | '＇' | '｀')
}

/// Marks that people leave out. Others are letters: without them `が` would be `か`, and Thai and Hindi would lose their vowels.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}'
        // Hebrew and Arabic points, and the stroke that stretches a word.
        | '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}' | '\u{5C2}' | '\u{5C4}' | '\u{5C5}' | '\u{5C7}'
        | '\u{610}'..='\u{61A}' | '\u{640}' | '\u{64B}'..='\u{65F}' | '\u{670}')
}

/// `Romeo + Juliet`, but neither `1+1` nor `C++`.
fn joins_words(text: &[char], plus: usize) -> bool {
    let (before, after) = (&text[..plus], &text[plus + 1..]);
    let is_letter = |c: Option<&char>| c.is_some_and(|c| c.is_alphabetic() || is_combining_mark(*c));
    is_letter(before.iter().rev().find(|c| **c != ' ')) && is_letter(after.iter().find(|c| **c != ' '))
}

/// `10,000` and `10 000` are `10000`.
fn groups_digits(text: &[char], sign: usize) -> bool {
    let before = text[..sign].iter().rev().take_while(|c| c.is_ascii_digit()).count();
    let after = text[sign + 1..].iter().take_while(|c| c.is_ascii_digit()).count();
    (1..=3).contains(&before) && after == 3
}

/// Words that count the parts of a work, by their short forms too.
const PARTS: [(&str, &[&str]); 8] = [
    ("part", &["part", "pt"]),
    ("volume", &["volume", "vol"]),
    ("episode", &["episode", "ep"]),
    ("chapter", &["chapter"]),
    ("часть", &["часть", "ч"]),
    ("эпизод", &["эпизод"]),
    ("глава", &["глава"]),
    ("том", &["том"]),
];

/// The words without what may be written in different ways, and without spaces, since people put them anywhere; but not
/// between numbers.
fn key(words: &[&str]) -> String {
    let mut key = String::with_capacity(words.iter().map(|word| word.len()).sum());
    let mut part = false;
    for (place, word) in words.iter().enumerate() {
        let (first, last) = (place == 0, place + 1 == words.len());
        let number = match part.then(|| spelled_number(word)).flatten() {
            Some(number) => Some(number),
            None if first => None,
            None => roman(word).filter(|_| part || last || word.len() > 1),
        };
        let next_counts = words.get(place + 1).is_some_and(|next| counts(next));
        let named =
            PARTS.iter().find(|(_, forms)| next_counts && forms.contains(word)).map(|(name, _)| *name);
        part = named.is_some();
        let word: Cow<'_, str> = match (number, named) {
            (Some(number), _) => number.to_string().into(),
            (None, Some(part)) => part.into(),
            (None, None) if matches!(*word, "and" | "и") && !first && !last => "&".into(),
            (None, None) => (*word).into(),
        };
        if key.ends_with(char::is_numeric) && word.starts_with(char::is_numeric) {
            key.push(' ');
        }
        key.push_str(&word);
    }
    key
}

fn counts(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit()) || roman(word).is_some() || spelled_number(word).is_some()
}

fn spelled_number(word: &str) -> Option<u8> {
    Some(match word {
        "one" | "первая" | "первый" => 1,
        "two" | "вторая" | "второй" => 2,
        "three" | "третья" | "третий" => 3,
        "four" | "четвертая" | "четвертый" => 4,
        "five" | "пятая" | "пятый" => 5,
        "six" | "шестая" | "шестой" => 6,
        "seven" | "седьмая" | "седьмой" => 7,
        "eight" | "восьмая" | "восьмой" => 8,
        "nine" | "девятая" | "девятый" => 9,
        _ => return None,
    })
}

/// Up to 39, as they are written.
fn roman(word: &str) -> Option<u8> {
    let rest = word.trim_start_matches('x');
    let tens = u8::try_from(word.len() - rest.len()).ok().filter(|tens| *tens <= 3)?;
    let ones =
        ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"].iter().position(|ones| *ones == rest)?;
    let number = tens * 10 + u8::try_from(ones).ok()?;
    (number > 0).then_some(number)
}

/// A name without letters is what it is: `…` is `...`, and not `!!!`.
fn signs(name: &str) -> String {
    let seen =
        name.nfkc().filter(|c| !c.is_whitespace() && !c.is_control() && !is_hidden(*c) && !only_joins(*c));
    let signs = seen.map(|c| match c {
        '‐'..='―' | '−' | '⁃' => '-',
        '«' | '»' | '“' | '”' | '„' | '‟' | '‹' | '›' => '"',
        c if is_apostrophe(c) => '\'',
        c => c,
    });
    signs.collect()
}
