//! The same name in other words: numbers as digits, `Part II` as `2`, `Dr.` as `doctor`.
//!
//! Names and queries are reworded alike, beside what they literally are: `Godfather 2` and «The Godfather Part II» both
//! become `godfather 2`. Folded words come in and go out; what needs no rewording stays as it is.

use std::borrow::Cow;

use super::{
    fold::without_article,
    numbers::{digits, read, roman, roman_letter, spelled_around_digits},
};

/// Words that say no more than that a number comes, or came: part 2, вторая часть.
const COUNTED: [&str; 21] = [
    "part",
    "pt",
    "parts",
    "vol",
    "volume",
    "chapter",
    "episode",
    "ep",
    "no",
    "nr",
    "number",
    "часть",
    "части",
    "ч",
    "глава",
    "эпизод",
    "том",
    "выпуск",
    "номер",
    "volumes",
    "chapters",
];

/// What is written in several ways.
const SHORT: [(&str, &str); 34] = [
    ("dr", "doctor"),
    ("др", "доктор"),
    ("mister", "mr"),
    ("господин", "мистер"),
    ("гн", "мистер"),
    ("missis", "mrs"),
    ("missus", "mrs"),
    ("госпожа", "миссис"),
    ("гжа", "миссис"),
    ("saint", "st"),
    ("sainte", "st"),
    ("street", "st"),
    ("святои", "св"),
    ("versus", "vs"),
    ("junior", "jr"),
    ("младшии", "мл"),
    ("senior", "sr"),
    ("старшии", "ст"),
    ("lieutenant", "lt"),
    ("sergeant", "sgt"),
    ("captain", "capt"),
    ("cpt", "capt"),
    ("colonel", "col"),
    ("general", "gen"),
    ("professor", "prof"),
    ("профессор", "проф"),
    ("mount", "mt"),
    ("fort", "ft"),
    ("brothers", "bros"),
    ("incorporated", "inc"),
    ("company", "co"),
    ("colour", "color"),
    ("colours", "colors"),
    ("theatre", "theater"),
];

/// Digits that stand for the letters they look like: `Scre4m`, `M3GAN`.
const LOOK_ALIKES: [(char, char); 7] =
    [('0', 'o'), ('1', 'i'), ('3', 'e'), ('4', 'a'), ('5', 's'), ('7', 't'), ('8', 'b')];

/// What `5-й` and `9-я` have become beside their number. An `и` between two numbers goes the same way, in names as in queries.
const AFTER_DIGITS: [&str; 11] = ["и", "ыи", "ои", "я", "ая", "е", "ое", "го", "му", "ти", "х"];

/// The folded text in other words, without its article; the same again if there are none.
pub(super) fn reworded(folded: &str) -> String {
    let words = taken_apart(without_article(folded));
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let mut said = Reworded { words: &words, said: Vec::new(), after_number: false };
    let mut at = 0;
    while at < words.len() {
        at += said.next(at);
    }
    said.said.join(" ")
}

/// The numbers among reworded words.
pub(super) fn numbers(reworded: &str) -> impl Iterator<Item = u32> {
    reworded.split(' ').filter_map(digits)
}

struct Reworded<'a> {
    words: &'a [&'a str],
    said: Vec<Cow<'a, str>>,
    after_number: bool,
}

impl Reworded<'_> {
    /// Says the next of it, and how many words that took.
    fn next(&mut self, at: usize) -> usize {
        let word = self.words[at];
        if let Some((value, taken)) = self.number(at) {
            self.said.push(value.to_string().into());
            self.after_number = true;
            return taken;
        }
        let after_number = std::mem::take(&mut self.after_number);
        if after_number && let Some(taken) = half(&self.words[at..]) {
            self.said.extend(["1".into(), "2".into()]);
            return taken;
        }
        if COUNTED.contains(&word) && (after_number || self.number(at + 1).is_some()) {
            self.after_number = after_number;
            return 1;
        }
        let between = at > 0 && at + 1 < self.words.len();
        self.said.push(match word {
            "v" if between => "vs".into(),
            "n" if between => "and".into(),
            "д" | "г" if at + 1 < self.words.len() => return self.hyphenated(at),
            _ => in_short(word).map_or_else(|| word.to_owned().into(), Into::into),
        });
        1
    }

    /// `д-р` has become two words.
    fn hyphenated(&mut self, at: usize) -> usize {
        let (said, taken) = match (self.words[at], self.words[at + 1]) {
            ("д", "р") => ("доктор".into(), 2),
            ("г", "н") => ("мистер".into(), 2),
            ("г", "жа") => ("миссис".into(), 2),
            (word, _) => (word.to_owned().into(), 1),
        };
        self.said.push(said);
        taken
    }

    /// The number here, and how many words it is.
    fn number(&self, at: usize) -> Option<(u32, usize)> {
        let word = *self.words.get(at)?;
        if let Some(value) = digits(word) {
            let ending = self.words.get(at + 1).is_some_and(|next| AFTER_DIGITS.contains(next));
            return Some((value, 1 + usize::from(ending)));
        }
        if let Some(number) = read(&self.words[at..]) {
            return Some(number);
        }
        if let Some(value) = roman(word).filter(|_| at > 0) {
            return Some((value, 1));
        }
        // `Rocky V`, `Part I`, but `V for Vendetta` and `I Am Cuba`.
        let counted = at > 0 && COUNTED.contains(&self.words[at - 1]);
        let rest = &self.words[at + 1..];
        let last = at > 0 && rest.iter().all(|word| word.len() == 4 && digits(word).is_some());
        roman_letter(word).filter(|_| counted || last).map(|value| (value, 1))
    }
}

/// `and a half`.
fn half(words: &[&str]) -> Option<usize> {
    match words {
        ["and", "a", "half", ..] => Some(3),
        ["с", "половинои", ..] => Some(2),
        _ => None,
    }
}

fn in_short(word: &str) -> Option<&'static str> {
    SHORT.iter().find(|(long, _)| *long == word).map(|(_, short)| *short)
}

/// The words, with `terminator2` as two, `Se7en` as the number and `Scre4m` as the letters that were meant.
fn taken_apart(folded: &str) -> Vec<Cow<'_, str>> {
    let mut words = Vec::new();
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        let numeric = word.contains(|c: char| c.is_ascii_digit());
        if !numeric || digits(word).is_some() {
            words.push(word.into());
        } else if let Some(value) = spelled_around_digits(word) {
            words.push(value.to_string().into());
        } else if let Some((letters, number)) = glued(word) {
            words.extend([letters.into(), number.into()]);
        } else {
            words.push(as_letters(word).map_or(Cow::Borrowed(word), Cow::Owned));
        }
    }
    words
}

/// `shrek2`, `12monkeys`: three letters at least, since `r2` and `3d` are words.
fn glued(word: &str) -> Option<(&str, &str)> {
    let is_digit = |c: char| c.is_ascii_digit();
    let at_end = word.trim_end_matches(is_digit).len();
    let at_start = word.len() - word.trim_start_matches(is_digit).len();
    let at = if at_end < word.len() { at_end } else { at_start };
    let (before, after) = word.split_at(at);
    let letters = if at_end < word.len() { before } else { after };
    (letters.chars().count() >= 3 && !letters.contains(is_digit) && letters.len() < word.len())
        .then_some((before, after))
}

/// A word with digits among its letters, as letters.
fn as_letters(word: &str) -> Option<String> {
    let framed = word.starts_with(char::is_alphabetic) && word.ends_with(char::is_alphabetic);
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let digits = word.chars().count() - letters;
    (framed && letters > digits && letters >= 3).then(|| {
        let look = |c: char| LOOK_ALIKES.iter().find(|pair| pair.0 == c).map_or(c, |pair| pair.1);
        word.chars().map(look).collect()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fold::fold;
    use super::*;

    #[track_caller]
    fn same(spellings: &[&str]) {
        for spelling in spellings {
            assert_eq!(reworded(&fold(spelling)), reworded(&fold(spellings[0])), "{spelling:?}");
        }
    }

    #[test]
    fn numbers_are_one_in_words_digits_and_numerals() {
        same(&["Twelve Angry Men", "12 Angry Men"]);
        same(&["Двенадцать разгневанных мужчин", "12 разгневанных мужчин"]);
        same(&["Пятый элемент", "5-й элемент", "5й элемент", "5 элемент"]);
        same(&["Seven", "7", "Se7en", "se7en"]);
        same(&["Rocky V", "Rocky 5", "Rocky Five", "Rocky, Part 5"]);
        same(&["Пираты XX века", "Пираты ХХ века", "Пираты двадцатого века", "Пираты 20 века"]);
        same(&["8½", "8 1/2", "Eight and a Half", "Восемь с половиной"]);
        same(&["shrek2", "Shrek 2", "Shrek II"]);
    }

    #[test]
    fn a_part_is_its_number() {
        same(&["The Godfather Part II", "Godfather 2", "The Godfather: Part Two", "Godfather, Pt. 2"]);
        same(&["Дюна: Часть вторая", "Дюна 2", "Дюна. Вторая часть", "Дюна ч. 2"]);
        same(&["Kill Bill: Vol. 1", "Kill Bill 1", "Kill Bill Volume One", "Kill Bill, vol. I"]);
        same(&["Star Wars: Episode V", "Star Wars 5", "Star Wars V", "Star Wars episode five"]);
        same(&["Легенда №17", "Легенда номер 17", "Легенда 17"]);
    }

    #[test]
    fn abbreviations_are_what_they_stand_for() {
        same(&["Dr. Strangelove", "Doctor Strangelove"]);
        same(&["д-р Хаус", "доктор Хаус", "др. Хаус"]);
        same(&["Mister Nobody", "Mr. Nobody"]);
        same(&["Ford v Ferrari", "Ford vs. Ferrari", "Ford versus Ferrari"]);
        same(&["Chip 'n' Dale", "Chip & Dale", "Chip and Dale"]);
        same(&["Scre4m", "Scream"]);
        same(&["M3GAN", "Megan"]);
    }

    #[test]
    fn a_letter_is_a_numeral_only_at_the_end_or_after_part() {
        for name in
            ["v for vendetta", "i am cuba", "x files", "spy x family", "no", "no country", "part time"]
        {
            assert_eq!(reworded(name), name);
        }
        assert_eq!(reworded("malcolm x"), "malcolm 10");
    }

    #[test]
    fn different_numbers_never_become_one() {
        let names = ["Alien", "Alien 3", "Alien II", "Alien: Part Four", "Alien 33", "Aliens"];
        let different: std::collections::BTreeSet<_> =
            names.iter().map(|name| reworded(&fold(name))).collect();
        assert_eq!(different.len(), names.len(), "{different:?}");
    }

    proptest! {
        #[test]
        fn words_come_out_with_single_spaces_between_them(text in any::<String>()) {
            let words = reworded(&fold(&text));
            prop_assert!(!words.contains("  ") && words.trim() == words, "{:?}", words);
        }

        #[test]
        fn every_number_is_itself_however_it_is_written(number in 2_u32..20) {
            let roman = ["", "", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii",
                "xiv", "xv", "xvi", "xvii", "xviii", "xix"][number as usize];
            let expected = format!("saw {number}");
            prop_assert_eq!(reworded(&format!("saw {roman}")), expected.clone());
            prop_assert_eq!(reworded(&format!("saw part {number}")), expected.clone());
            prop_assert_eq!(reworded(&format!("saw{number}")), expected);
        }
    }
}
