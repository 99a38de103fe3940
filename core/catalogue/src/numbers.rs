//! Numbers that are written as words: `twelve`, `двенадцать`, `fifth`, `пятый`, `one hundred and one`, `XIV`.
//!
//! Everything in here works on folded words. Where a word is no number the answer is `None`, never a guess.

/// Beyond this no name counts.
const MAX: u32 = 999_999;

/// What one word adds to a number.
#[derive(Clone, Copy)]
enum Step {
    Value(u32),
    Hundred,
    Thousand,
}

/// The number that these words begin with, and how many of them it takes: `twenty eight days` is (28, 2).
pub(super) fn read(words: &[&str]) -> Option<(u32, usize)> {
    // `room`: what is still smaller than this may be added to `group`, as 3 may to 20 and nothing to 3.
    let (mut total, mut group, mut room, mut taken) = (0_u32, 0_u32, u32::MAX, 0);
    while let Some(word) = words.get(taken) {
        let joined = *word == "and" && (room == 100 || room == 1000);
        let at = taken + usize::from(joined);
        let Some(step) = words.get(at).and_then(|word| step(word)) else { break };
        match step {
            Step::Value(value) if value < room => {
                group += value;
                room = match value {
                    20..=90 => 10,
                    100.. => 100,
                    _ => 0,
                };
            }
            Step::Hundred if !joined && group < 10 && matches!(room, 0 | u32::MAX) => {
                group = 100 * group.max(1);
                room = 100;
            }
            Step::Thousand if !joined && total == 0 && group < 1000 => {
                (total, group, room) = (1000 * group.max(1), 0, 1000);
            }
            _ => break,
        }
        taken = at + 1;
    }
    let value = total + group;
    (taken > 0 && value <= MAX).then_some((value, taken))
}

/// The number of a word that holds it as digits: `7`, `007`, `5th`, `5и` (the й has lost its mark).
pub(super) fn digits(word: &str) -> Option<u32> {
    let end = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let (digits, suffix) = word.split_at(end);
    let value: u32 = digits.parse().ok().filter(|value| *value <= MAX)?;
    (suffix.is_empty() || DIGIT_ENDINGS.contains(&suffix)).then_some(value)
}

/// `se7en` and `thir13en` hold, as digits, what they spell.
pub(super) fn spelled_around_digits(word: &str) -> Option<u32> {
    let from = word.find(|c: char| c.is_ascii_digit())?;
    let (before, rest) = word.split_at(from);
    let to = rest.find(|c: char| !c.is_ascii_digit())?;
    let (digits, after) = rest.split_at(to);
    let value: u32 = digits.parse().ok()?;
    let (name, _) = ENGLISH.iter().find(|(_, its)| *its == value)?;
    let around = !before.is_empty() && name.starts_with(before) && name.ends_with(after);
    (around && before.len() + after.len() <= name.len()).then_some(value)
}

/// A Roman numeral of two letters or more. Cyrillic look-alikes count, since Russian keyboards have no `X`.
pub(super) fn roman(word: &str) -> Option<u32> {
    let latin = in_latin(word);
    ROMAN.iter().position(|its| !its.is_empty() && *its == latin).and_then(|at| u32::try_from(at + 1).ok())
}

/// `i`, `v`, `x`: a number only in some places.
pub(super) fn roman_letter(word: &str) -> Option<u32> {
    match in_latin(word).as_str() {
        "i" => Some(1),
        "v" => Some(5),
        "x" => Some(10),
        _ => None,
    }
}

fn in_latin(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            'х' => 'x',
            'і' => 'i',
            other => other,
        })
        .collect()
}

fn step(word: &str) -> Option<Step> {
    match word {
        "hundred" => return Some(Step::Hundred),
        "thousand" | "тысяча" | "тысячи" | "тысяч" => return Some(Step::Thousand),
        _ => {}
    }
    let english = ENGLISH.iter().chain(&ENGLISH_ORDINALS).find(|(name, _)| *name == word);
    let russian = || RUSSIAN.iter().find(|(name, _)| *name == word);
    let declined = || {
        RUSSIAN_STEMS
            .iter()
            .find(|(stem, _)| word.strip_prefix(stem).is_some_and(|ending| RUSSIAN_ENDINGS.contains(&ending)))
    };
    english.or_else(russian).or_else(declined).map(|(_, value)| Step::Value(*value))
}

const ENGLISH: [(&str, u32); 27] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];

const ENGLISH_ORDINALS: [(&str, u32); 17] = [
    ("first", 1),
    ("second", 2),
    ("third", 3),
    ("fourth", 4),
    ("fifth", 5),
    ("sixth", 6),
    ("seventh", 7),
    ("eighth", 8),
    ("ninth", 9),
    ("tenth", 10),
    ("eleventh", 11),
    ("twelfth", 12),
    ("thirteenth", 13),
    ("fourteenth", 14),
    ("fifteenth", 15),
    ("twentieth", 20),
    ("hundredth", 100),
];

/// What follows no rule.
const RUSSIAN: [(&str, u32); 52] = [
    ("один", 1),
    ("одна", 1),
    ("одно", 1),
    ("одни", 1),
    ("одного", 1),
    ("однои", 1),
    ("одну", 1),
    ("два", 2),
    ("две", 2),
    ("двух", 2),
    ("двум", 2),
    ("двумя", 2),
    ("двое", 2),
    ("двоих", 2),
    ("три", 3),
    ("трех", 3),
    ("трем", 3),
    ("тремя", 3),
    ("трое", 3),
    ("троих", 3),
    ("четыре", 4),
    ("четырех", 4),
    ("четырем", 4),
    ("четырьмя", 4),
    ("четверо", 4),
    ("семь", 7),
    ("семи", 7),
    ("семерка", 7),
    ("семеро", 7),
    ("восемь", 8),
    ("сорок", 40),
    ("сорока", 40),
    ("пятьдесят", 50),
    ("пятидесяти", 50),
    ("шестьдесят", 60),
    ("шестидесяти", 60),
    ("семьдесят", 70),
    ("семидесяти", 70),
    ("восемьдесят", 80),
    ("восьмидесяти", 80),
    ("девяносто", 90),
    ("девяноста", 90),
    ("сто", 100),
    ("ста", 100),
    ("двести", 200),
    ("триста", 300),
    ("четыреста", 400),
    ("пятьсот", 500),
    ("шестьсот", 600),
    ("семьсот", 700),
    ("восемьсот", 800),
    ("девятьсот", 900),
];

/// What takes the endings of an adjective (пятый) or of a noun (пять).
const RUSSIAN_STEMS: [(&str, u32); 28] = [
    ("перв", 1),
    ("втор", 2),
    ("трет", 3),
    ("четверт", 4),
    ("пят", 5),
    ("шест", 6),
    ("седьм", 7),
    ("восьм", 8),
    ("девят", 9),
    ("десят", 10),
    ("одиннадцат", 11),
    ("двенадцат", 12),
    ("тринадцат", 13),
    ("четырнадцат", 14),
    ("пятнадцат", 15),
    ("шестнадцат", 16),
    ("семнадцат", 17),
    ("восемнадцат", 18),
    ("девятнадцат", 19),
    ("двадцат", 20),
    ("тридцат", 30),
    ("сороков", 40),
    ("пятидесят", 50),
    ("шестидесят", 60),
    ("семидесят", 70),
    ("восьмидесят", 80),
    ("девяност", 90),
    ("сот", 100),
];

const RUSSIAN_ENDINGS: [&str; 23] = [
    "ь", "и", "ью", "ыи", "ии", "ои", "ая", "ое", "ые", "ого", "ому", "ым", "ом", "ую", "ых", "ыми", "ья",
    "ье", "ьего", "ьему", "ьеи", "ьим", "ьих",
];

/// `5th`, `5-й`.
const DIGIT_ENDINGS: [&str; 22] = [
    "st", "nd", "rd", "th", "и", "ыи", "ии", "ои", "я", "ая", "е", "ое", "го", "ого", "ти", "х", "ых", "му",
    "м", "ю", "ую", "ми",
];

const ROMAN: [&str; 20] = [
    // One letter is `roman_letter`'s.
    "", "ii", "iii", "iv", "", "vi", "vii", "viii", "ix", "", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii",
    "xviii", "xix", "xx",
];

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    fn number(text: &str) -> Option<(u32, usize)> {
        let folded = fold(text);
        read(&folded.split(' ').collect::<Vec<_>>())
    }

    #[test]
    fn words_of_both_languages_are_numbers() {
        let pairs = [
            ("seven", 7),
            ("Twelfth", 12),
            ("семь", 7),
            ("Седьмая", 7),
            ("пятый", 5),
            ("пять", 5),
            ("третья", 3),
            ("двенадцать", 12),
            ("сто", 100),
            ("четыреста", 400),
        ];
        for (word, value) in pairs {
            assert_eq!(number(word), Some((value, 1)), "{word}");
        }
    }

    #[test]
    fn several_words_may_be_one_number() {
        assert_eq!(number("twenty-eight days later"), Some((28, 2)));
        assert_eq!(number("One Hundred and One Dalmatians"), Some((101, 4)));
        assert_eq!(number("five hundred days"), Some((500, 2)));
        assert_eq!(number("two thousand and one: a space odyssey"), Some((2001, 4)));
        assert_eq!(number("сто один далматинец"), Some((101, 2)));
        assert_eq!(number("пятьдесят третьего"), Some((53, 2)));
        assert_eq!(number("тысяча девятьсот семнадцать"), Some((1917, 3)));
    }

    #[test]
    fn numbers_side_by_side_stay_apart() {
        assert_eq!(number("nine nine"), Some((9, 1)));
        assert_eq!(number("три четыре"), Some((3, 1)));
        assert_eq!(number("one and two"), Some((1, 1)));
        assert_eq!(number("nineteen eighty four"), Some((19, 1)));
    }

    #[test]
    fn what_only_looks_like_a_number_is_none() {
        for word in ["", "вторник", "пятка", "шест", "сотня", "onesie", "tenet", "and", "семья", "первач"]
        {
            assert_eq!(number(word), None, "{word:?} was read as a number");
        }
        assert_eq!(digits("9mm"), None);
        assert_eq!(digits("99999999999999999999"), None);
    }

    #[test]
    fn digits_may_have_an_ending() {
        assert_eq!(digits("007"), Some(7));
        assert_eq!(digits("6th"), Some(6));
        assert_eq!(digits(&fold("5й")), Some(5));
    }

    #[test]
    fn digits_inside_their_own_name_are_read() {
        assert_eq!(spelled_around_digits("se7en"), Some(7));
        assert_eq!(spelled_around_digits("thir13en"), Some(13));
        assert_eq!(spelled_around_digits("fant4stic"), None);
        assert_eq!(spelled_around_digits("7"), None);
    }

    #[test]
    fn roman_numerals_have_two_letters_in_either_alphabet() {
        assert_eq!(roman("ii"), Some(2));
        assert_eq!(roman("xiii"), Some(13));
        assert_eq!(roman("хх"), Some(20), "Cyrillic letters");
        assert_eq!(roman("mix"), None);
        assert_eq!(roman(""), None);
        assert_eq!(roman_letter("v"), Some(5));
        assert_eq!(roman("v"), None);
    }
}
