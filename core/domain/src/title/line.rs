//! What stands around a name in a line of a list: a bullet or a number in front, a year behind.

use unicode_normalization::UnicodeNormalization;

use super::fold;

/// A number of four digits outside of these years is no year: there were no films yet, or it is a story's future. The
/// domain has no clock; nobody lists films that come out later.
const YEARS: std::ops::RangeInclusive<u16> = 1870..=2035;

/// Films whose name ends in a number that could be a year. After a preposition such a number is always part of the name.
const NAMED_BY_A_YEAR: [(&str, u16); 20] = [
    ("wonder woman", 1984),
    ("чудо женщина", 1984),
    ("death race", 2000),
    ("смертельная гонка", 2000),
    ("смертельные гонки", 2000),
    ("blues brothers", 2000),
    ("братья блюз", 2000),
    ("dracula", 2000),
    ("дракула", 2000),
    ("heavy metal", 2000),
    ("reply", 1988),
    ("reply", 1994),
    ("reply", 1997),
    ("отвечай", 1988),
    ("space", 1999),
    ("космос", 1999),
    ("airport", 1975),
    ("аэропорт", 1975),
    ("summer", 1993),
    ("лето", 1993),
];

/// Before a number they make it part of a name: The Legend of 1900.
const PREPOSITIONS: [&str; 16] =
    ["of", "in", "from", "to", "since", "and", "the", "by", "в", "из", "с", "до", "от", "и", "к", "на"];

/// More signs than this stand before no item of a list.
const MOST_SIGNS: usize = 8;

/// A year behind a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Year {
    pub(super) number: u16,
    /// In brackets, after a comma or a dash, or followed by a word that says so: it cannot be part of the name.
    pub(super) explicit: bool,
}

/// The text without what lists put in front of their items: bullets, check marks, and one number.
pub fn without_bullet(text: &str) -> &str {
    let mut item = text.trim();
    let mut numbered = false;
    for _ in 0..MOST_SIGNS {
        let rest = without_sign(item).or_else(|| without_check(item)).or_else(|| {
            let rest = if numbered { None } else { without_number(item) };
            numbered |= rest.is_some();
            rest
        });
        match rest.map(str::trim_start) {
            Some(rest) if rest.contains(char::is_alphanumeric) => item = rest,
            _ => break,
        }
    }
    item
}

fn without_sign(item: &str) -> Option<&str> {
    let first = item.chars().next()?;
    let rest = item[first.len_utf8()..].trim_start_matches(['\u{FE0E}', '\u{FE0F}', '\u{200D}']);
    match first {
        '-' | '*' | '+' | '>' | '~' | '=' | '–' | '—' | '−' | '‐' | '‑' | '‒' | '―' => {
            rest.starts_with(char::is_whitespace).then_some(rest)
        }
        '•' | '·' | '‣' | '◦' | '∙' | '⁃' | '§' | '¶' => Some(rest),
        // Arrows, boxes, check marks, stars and other pictures.
        '\u{2190}'..='\u{21FF}' | '\u{2500}'..='\u{27BF}' | '\u{2900}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}'
            // Numbers in circles are numbers.
            if !is_circled(first) => Some(rest),
        _ => None,
    }
}

fn without_check(item: &str) -> Option<&str> {
    let (inside, rest) = item.strip_prefix('[')?.split_once(']')?;
    let checked =
        matches!(inside.trim(), "" | "x" | "X" | "х" | "Х" | "v" | "V" | "+" | "-" | "*" | "✓" | "✔" | "✅");
    (checked && rest.starts_with(char::is_whitespace)).then_some(rest)
}

/// `1. `, `1) `, `(1) `, `[1] `, `№ 1 `, `#1. `, `1 - `, `①`, and as a keycap. `12 Angry Men` begins with none.
fn without_number(item: &str) -> Option<&str> {
    let first = item.chars().next()?;
    if is_circled(first) {
        return Some(&item[first.len_utf8()..]);
    }
    let signed = ['№', '#'].iter().find_map(|sign| item.strip_prefix(*sign)).map(str::trim_start);
    let open = [('(', ')'), ('[', ']')]
        .into_iter()
        .find_map(|(open, shut)| item.strip_prefix(open).map(|rest| (rest, shut)));
    let from = signed.or(open.map(|(rest, _)| rest)).unwrap_or(item);
    let digits = from.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &from[digits..];
    if !(1..=3).contains(&digits) {
        return None;
    }
    if let Some(rest) = rest.strip_prefix('\u{FE0F}').unwrap_or(rest).strip_prefix('\u{20E3}') {
        return Some(rest);
    }
    if let Some((_, shut)) = open {
        // `(500) Days of Summer`
        let rest = rest.strip_prefix(shut).filter(|_| digits < 3)?;
        return rest.starts_with(char::is_whitespace).then_some(rest);
    }
    if let Some(after) = rest.strip_prefix(['.', ')']) {
        let after = after.strip_prefix(')').unwrap_or(after);
        let named = after.trim_start().chars().next()?;
        // Neither `9.99` nor `1...`
        let parted = after.starts_with(char::is_whitespace) || named.is_alphabetic() || opens_a_name(named);
        return parted.then_some(after);
    }
    let spaced = rest.trim_start();
    let dashed = spaced.strip_prefix(['-', '–', '—', ':']).filter(|_| spaced.len() < rest.len());
    match dashed {
        Some(after) if after.starts_with(char::is_whitespace) && has_letters(after) => Some(after),
        _ => signed.and(rest.starts_with(char::is_whitespace).then_some(rest)),
    }
}

fn is_circled(c: char) -> bool {
    matches!(c, '\u{2460}'..='\u{249B}' | '\u{24EA}'..='\u{24FF}' | '\u{2776}'..='\u{2793}' | '🔟')
}

fn opens_a_name(c: char) -> bool {
    matches!(c, '«' | '"' | '“' | '„' | '‹' | '\'' | '‘' | '[' | '(')
}

fn has_letters(text: &str) -> bool {
    text.contains(char::is_alphabetic)
}

/// What stands before the year behind it, and the year. `None`: there is none, or nothing before it.
pub(super) fn split_year(text: &str) -> Option<(&str, Year)> {
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ';' | '!'));
    let (name, number, explicit) = in_brackets(text).or_else(|| behind(text))?;
    let name =
        name.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '|' | '•' | '·'));
    let name = name.trim_end_matches(|c: char| c.is_whitespace() || is_dash(c));
    name.contains(|c: char| !c.is_whitespace() && !opens_a_name(c)).then_some(())?;
    Some((name, Year { number, explicit }))
}

/// Whether a number that stands behind this name, without anything that makes it a year, belongs to it.
pub(super) fn belongs_to(name: &str, number: u16) -> bool {
    let words = fold::words(name);
    let last = words.rsplit(' ').next().unwrap_or_default();
    PREPOSITIONS.contains(&last) || NAMED_BY_A_YEAR.contains(&(words.as_str(), number))
}

/// `(1972)`, `[фильм, 1972]`, `(1972 film)`, `(TV series 2008–2013)`, `(реж. Тарковский, 1972)`.
fn in_brackets(text: &str) -> Option<(&str, u16, bool)> {
    let shut = text.chars().next_back()?;
    let open: [char; 2] = match shut {
        ')' | '）' => ['(', '（'],
        ']' | '］' => ['[', '［'],
        '}' => ['{', '{'],
        _ => return None,
    };
    let (name, inside) = text[..text.len() - shut.len_utf8()].rsplit_once(open)?;
    let number = inside.split([',', ';']).find_map(only_a_year)?;
    Some((name, number, true))
}

/// A year, or two of them with a dash, among nothing but words that say what it is the year of.
fn only_a_year(text: &str) -> Option<u16> {
    const WORDS: [&str; 19] = [
        "film",
        "movie",
        "tv",
        "series",
        "mini",
        "miniseries",
        "anime",
        "short",
        "фильм",
        "сериал",
        "мультфильм",
        "мультсериал",
        "мф",
        "аниме",
        "г",
        "год",
        "года",
        "гг",
        "year",
    ];
    let folded = fold::words(text);
    let mut numbers = folded.split(' ').filter(|word| !WORDS.contains(word));
    let year = numbers.next().and_then(year)?;
    let until = numbers.next();
    let range = until.is_none_or(|until| self::year(until).is_some() && text.contains(is_dash));
    (range && numbers.next().is_none()).then_some(year)
}

/// `, 1972`, ` - 1972`, ` 1972 г.`, ` 1972`.
fn behind(text: &str) -> Option<(&str, u16, bool)> {
    let said = ["года", "год", "гг", "г", "year"].iter().find_map(|word| {
        let rest = text.strip_suffix(word)?;
        Some(rest.trim_end()).filter(|rest| rest.ends_with(|c: char| c.is_numeric()))
    });
    let rest = said.unwrap_or(text);
    let (name, last) = last_number(rest)?;
    // `2008–2013`: a series began in the first.
    let (name, last, range) = match name.strip_suffix(is_dash).and_then(last_number) {
        Some((name, first)) if year(&first).is_some() => (name, first, true),
        _ => (name, last, false),
    };
    let number = year(&last)?;
    let spaced = name.trim_end();
    let comma = spaced.ends_with([',', ';', '/', '|']);
    let parted = spaced.len() < name.len() || comma;
    let dashed = parted && spaced.ends_with(is_dash);
    (parted || name.ends_with(['.', '_'])).then_some((
        name,
        number,
        said.is_some() || range || comma || dashed,
    ))
}

/// A text's four last digits, and what stands before them.
fn last_number(text: &str) -> Option<(&str, String)> {
    let (at, _) = text.char_indices().rev().nth(3)?;
    let (rest, digits) = text.split_at(at);
    let plain: String = digits.nfkc().collect();
    (plain.bytes().all(|b| b.is_ascii_digit()) && !rest.ends_with(char::is_numeric)).then_some((rest, plain))
}

fn year(word: &str) -> Option<u16> {
    if word.len() != 4 {
        return None;
    }
    word.parse().ok().filter(|year| YEARS.contains(year))
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '−' | '‐'..='―')
}
