//! Years, runtimes and ratings as spreadsheets and exports write them.
//!
//! Each reader answers with the number, with [`Number::Unknown`] where the text says that nobody knows (0 minutes, 0 of 10,
//! the year 0), or with [`Number::Bad`].

use std::ops::RangeInclusive;

/// The first film is from 1888.
const YEARS: RangeInclusive<u16> = 1888..=2100;
/// In minutes.
const RUNTIMES: RangeInclusive<u16> = 1..=1000;
/// Words that stand beside a year: `1987 г.`, `c. 1987`, `2019 – present`, `1987-05-29T00:00Z`.
const BESIDE_A_YEAR: [&str; 22] = [
    "г",
    "гг",
    "год",
    "года",
    "year",
    "c",
    "ca",
    "circa",
    "t",
    "z",
    "st",
    "nd",
    "rd",
    "th",
    "present",
    "now",
    "ongoing",
    "н",
    "в",
    "наст",
    "по",
    "сейчас",
];
/// How months begin: `Sep`, `September`, `сентября`.
const MONTHS: [&str; 25] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "янв", "фев", "мар",
    "апр", "мая", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
];

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number<T> {
    Known(T),
    Unknown,
    Bad,
}

impl<T> Number<T> {
    fn known_if(value: T, possible: bool) -> Self {
        if possible { Self::Known(value) } else { Self::Bad }
    }
}

/// The year of a film, the first year of a series: from `1987`, `1987.0`, `1,987`, a date, or `2011–2015`.
pub(crate) fn year(text: &str) -> Number<u16> {
    match whole(text) {
        Some(0) => return Number::Unknown,
        Some(year) => {
            let year = u16::try_from(year).unwrap_or(u16::MAX);
            return Number::known_if(year, YEARS.contains(&year));
        }
        None => {}
    }
    let negative = text.trim_start().starts_with(['-', '−']);
    if negative || decimal(text).is_some() {
        return Number::Bad;
    }
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut year = None;
    for part in words.flat_map(letters_and_digits) {
        if part.starts_with(|c: char| c.is_ascii_digit()) {
            match part.len() {
                4 => year = year.or(Some(part)),
                1..=3 => {}
                _ => return Number::Bad,
            }
        } else if !stands_beside_a_year(part) {
            return Number::Bad;
        }
    }
    match year.and_then(|year| year.parse().ok()) {
        Some(0) => Number::Unknown,
        Some(year) => Number::known_if(year, YEARS.contains(&year)),
        None => Number::Bad,
    }
}

fn stands_beside_a_year(word: &str) -> bool {
    BESIDE_A_YEAR.contains(&word) || MONTHS.iter().any(|month| word.starts_with(month))
}

/// Minutes: from `136`, `136 min`, `2h 16m`, `2:16`, `02:16:00` or `PT2H16M`.
pub(super) fn runtime(text: &str) -> Number<u16> {
    let minutes = decimal(text).or_else(|| clock(text)).or_else(|| with_units(text));
    match minutes {
        Some(0.0) => Number::Unknown,
        Some(minutes) if (0.0..=f64::from(u16::MAX)).contains(&minutes) => {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is in range")]
            let minutes = minutes.round() as u16;
            Number::known_if(minutes, RUNTIMES.contains(&minutes))
        }
        _ => Number::Bad,
    }
}

/// `2:16` or `2:16:00`.
fn clock(text: &str) -> Option<f64> {
    let parts: Option<Vec<u32>> = text.trim().split(':').map(|part| part.parse().ok()).collect();
    match parts?.as_slice() {
        [hours, minutes] | [hours, minutes, 0..60] if *minutes < 60 && *hours < 100 => {
            Some(f64::from(hours * 60 + minutes))
        }
        _ => None,
    }
}

/// `2h 16m`, `136 мин.`, `PT2H16M`, `1.5 h`.
fn with_units(text: &str) -> Option<f64> {
    let lower = text.trim().to_lowercase();
    let mut rest = lower.strip_prefix("pt").unwrap_or(&lower);
    let mut minutes = 0.0;
    while !rest.is_empty() {
        let digits =
            rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(rest.len());
        let number = decimal(&rest[..digits])?;
        let after = rest[digits..].trim_start();
        let end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        minutes += match &after[..end] {
            "h" | "hr" | "hrs" | "hour" | "hours" | "ч" | "час" | "часа" | "часов" => {
                number * 60.0
            }
            "m" | "min" | "mins" | "minute" | "minutes" | "м" | "мин" | "минут" | "минуты" | "минута" => {
                number
            }
            "s" | "sec" | "с" | "сек" => number / 60.0,
            _ => return None,
        };
        rest = after[end..].trim_start_matches(['.', ',', ' ', '\u{A0}']);
    }
    Some(minutes)
}

/// From 0 to 10: `7.7`, `7,7`, `7.7/10`, `4.5/5` or `77%`. 0 means that nobody has rated it.
pub(super) fn rating(text: &str) -> Number<f32> {
    let text = text.trim();
    let rating = if let Some(percent) = text.strip_suffix('%') {
        decimal(percent).map(|percent| percent / 10.0)
    } else if let Some((rating, most)) = text.split_once('/') {
        match decimal(most) {
            Some(most @ (5.0 | 10.0 | 100.0)) => decimal(rating).map(|rating| rating / most * 10.0),
            _ => None,
        }
    } else {
        decimal(text)
    };
    match rating {
        Some(0.0) => Number::Unknown,
        Some(rating) => {
            #[expect(clippy::cast_possible_truncation, reason = "a rating needs few digits")]
            let short = rating as f32;
            Number::known_if(short, (0.0..=10.0).contains(&rating))
        }
        None => Number::Bad,
    }
}

/// A whole number: `1987`, `1987.0`, `1987,00`, `1,987`, `1 987` or `1.987E+03`.
fn whole(text: &str) -> Option<u64> {
    let grouped: Vec<&str> = text.trim().split([',', ' ', '\u{A0}', '\u{202F}', '\'']).collect();
    if let [thousands, rest] = grouped.as_slice()
        && (1..=3).contains(&thousands.len())
        && rest.len() == 3
        && [thousands, rest].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()))
    {
        return format!("{thousands}{rest}").parse().ok();
    }
    let number = decimal(text)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is in range and whole")]
    let whole = (number.fract() == 0.0 && (0.0..1e9).contains(&number)).then_some(number as u64);
    whole
}

/// A number with a point or a comma before its decimals.
fn decimal(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'E' | b'e' | b'+'));
    if !plain || text.matches(['.', ',']).count() > 1 {
        return None;
    }
    text.replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite())
}

/// `29may1987` as `29`, `may`, `1987`.
fn letters_and_digits(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let digits = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        rest = after;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_year_is_read_however_it_is_written() {
        for (text, expected) in [
            ("1987", 1987),
            ("1987.0", 1987),
            ("1987,0", 1987),
            ("1,987", 1987),
            ("1 987", 1987),
            ("1\u{A0}987", 1987),
            ("1.987E+03", 1987),
            ("(1987)", 1987),
            ("[1987]", 1987),
            ("1987-05-29", 1987),
            ("1987-05-29T00:00:00Z", 1987),
            ("29.05.1987", 1987),
            ("5/29/1987", 1987),
            ("29 May 1987", 1987),
            ("May 29th, 1987", 1987),
            ("12 сентября 1987 г.", 1987),
            ("1987 год", 1987),
            ("2011–2015", 2011),
            ("2011-2015", 2011),
            ("2019– ", 2019),
            ("2019 – present", 2019),
            ("2019 - н.в.", 2019),
            ("c. 1987", 1987),
        ] {
            assert_eq!(year(text), Number::Known(expected), "{text:?}");
        }
        for unknown in ["0", "0.0", "0000", "0000-00-00"] {
            assert_eq!(year(unknown), Number::Unknown, "{unknown:?}");
        }
        for bad in
            ["19x7", "20001", "2101", "1887", "1987.5", "-1987", "'87", "87", "soon", "1987 film", "31926"]
        {
            assert_eq!(year(bad), Number::Bad, "{bad:?}");
        }
    }

    #[test]
    fn a_runtime_is_read_however_it_is_written() {
        for (text, expected) in [
            ("136", 136),
            ("136.0", 136),
            ("136,0", 136),
            ("136 min", 136),
            ("136 мин.", 136),
            ("136m", 136),
            ("2h 16m", 136),
            ("2 ч 16 мин", 136),
            ("2 hours, 16 minutes", 136),
            ("1.5h", 90),
            ("2:16", 136),
            ("02:16:00", 136),
            ("PT136M", 136),
            ("PT2H16M", 136),
        ] {
            assert_eq!(runtime(text), Number::Known(expected), "{text:?}");
        }
        for unknown in ["0", "0.0", "0 min", "0:00"] {
            assert_eq!(runtime(unknown), Number::Unknown, "{unknown:?}");
        }
        for bad in ["1001", "-5", "long", "45-60", "2:99", "1 fortnight", "136 min of fun", "2h16"] {
            assert_eq!(runtime(bad), Number::Bad, "{bad:?}");
        }
    }

    #[test]
    fn a_rating_is_read_however_it_is_written() {
        for (text, expected) in [
            ("7.7", 7.7),
            ("7,7", 7.7),
            ("10", 10.0),
            ("7.7/10", 7.7),
            ("4.5/5", 9.0),
            ("77/100", 7.7),
            ("77%", 7.7),
        ] {
            assert_eq!(rating(text), Number::Known(expected), "{text:?}");
        }
        assert_eq!(rating("0.0"), Number::Unknown);
        for bad in ["11", "-1", "77", "good", "7/7", "1.2.3", "NaN", "inf", "120%"] {
            assert_eq!(rating(bad), Number::Bad, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_in_range(text in "\\PC{0,24}") {
            if let Number::Known(year) = year(&text) {
                prop_assert!(YEARS.contains(&year));
            }
            if let Number::Known(minutes) = runtime(&text) {
                prop_assert!(RUNTIMES.contains(&minutes));
            }
            if let Number::Known(rating) = rating(&text) {
                prop_assert!((0.0..=10.0).contains(&rating));
            }
        }
    }
}
