//! A text as it would read on the other keyboard layout, and as it sounds in Latin letters.
//!
//! `vfnhbwf` is «матрица» typed with the wrong layout; `matritsa` is how it is written by somebody who has no Cyrillic
//! keys at all. Both are guesses about the reader, so they rank below what was typed literally.

/// The same keys on the two layouts. ЙЦУКЕН is what both Windows and phones call Russian.
const KEYS: [(char, char); 33] = [
    ('q', 'й'),
    ('w', 'ц'),
    ('e', 'у'),
    ('r', 'к'),
    ('t', 'е'),
    ('y', 'н'),
    ('u', 'г'),
    ('i', 'ш'),
    ('o', 'щ'),
    ('p', 'з'),
    ('[', 'х'),
    (']', 'ъ'),
    ('a', 'ф'),
    ('s', 'ы'),
    ('d', 'в'),
    ('f', 'а'),
    ('g', 'п'),
    ('h', 'р'),
    ('j', 'о'),
    ('k', 'л'),
    ('l', 'д'),
    (';', 'ж'),
    ('\'', 'э'),
    ('z', 'я'),
    ('x', 'ч'),
    ('c', 'с'),
    ('v', 'м'),
    ('b', 'и'),
    ('n', 'т'),
    ('m', 'ь'),
    (',', 'б'),
    ('.', 'ю'),
    ('`', 'ё'),
];

/// Fewer letters than this say too little about a layout.
const ENOUGH_LETTERS: usize = 3;

/// What was typed, as the other layout would have written it; nothing if it mixes both or is too short to tell.
pub(super) fn on_the_other_layout(typed: &str) -> Option<String> {
    let typed = typed.to_lowercase();
    let latin = typed.chars().filter(char::is_ascii_alphabetic).count();
    let cyrillic = typed.chars().filter(|c| matches!(c, 'а'..='я' | 'ё')).count();
    let switch = |c: char| match (latin, cyrillic) {
        (_, 0) => KEYS.iter().find(|key| key.0 == c).map_or(c, |key| key.1),
        _ => KEYS.iter().find(|key| key.1 == c).map_or(c, |key| key.0),
    };
    let one_layout = (latin == 0) != (cyrillic == 0);
    (one_layout && latin + cyrillic >= ENOUGH_LETTERS).then(|| typed.chars().map(switch).collect())
}

/// How a folded text sounds, in Latin letters. The many ways to romanise Russian (`moskva`, `serdtse`, `belyj`) and an
/// English spelling fall together as far as that costs little.
pub(super) fn sound(folded: &str) -> String {
    let mut latin = String::with_capacity(folded.len());
    for c in folded.chars() {
        match romanised(c) {
            Some(letters) => latin.push_str(letters),
            None => latin.push(c),
        }
    }
    let mut sound = String::with_capacity(latin.len());
    let mut rest = latin.as_str();
    while let Some(first) = rest.chars().next() {
        let spelled = SPELLINGS.iter().find(|(spelling, _)| rest.starts_with(spelling));
        let (taken, sounded) = match spelled {
            Some((spelling, sounded)) => (spelling.len(), *sounded),
            None => (first.len_utf8(), &rest[..first.len_utf8()]),
        };
        for c in sounded.chars() {
            // A double letter is heard once.
            if !sound.ends_with(c) {
                sound.push(c);
            }
        }
        rest = &rest[taken..];
    }
    sound
}

/// Longer spellings first.
const SPELLINGS: [(&str, &str); 12] = [
    ("shch", "sh"),
    ("sch", "sh"),
    ("kh", "h"),
    ("ts", "c"),
    ("tz", "c"),
    ("ck", "k"),
    ("ph", "f"),
    ("x", "ks"),
    ("w", "v"),
    ("y", "i"),
    ("j", "i"),
    ("q", "k"),
];

/// Russian and Ukrainian letters after folding (no `й`, no `ё`: they have lost their marks).
fn romanised(c: char) -> Option<&'static str> {
    Some(match c {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' => "g",
        'д' => "d",
        'е' | 'э' | 'є' => "e",
        'ж' => "zh",
        'з' => "z",
        'и' | 'ы' | 'і' => "i",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'х' => "h",
        'ц' => "c",
        'ч' => "ch",
        'ш' | 'щ' => "sh",
        'ъ' | 'ь' => "",
        'ю' => "iu",
        'я' => "ia",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn the_wrong_layout_is_undone_in_both_directions() {
        assert_eq!(on_the_other_layout("Vfnhbwf").as_deref(), Some("матрица"));
        assert_eq!(on_the_other_layout("`krb").as_deref(), Some("ёлки"));
        assert_eq!(on_the_other_layout("вшу рфкв").as_deref(), Some("die hard"));
    }

    #[test]
    fn what_mixes_alphabets_or_is_short_is_not_guessed_at() {
        for text in ["", "rj", "12", "кино nights", "🎬", "千と千尋"] {
            assert_eq!(on_the_other_layout(text), None, "{text:?} was switched");
        }
    }

    #[test]
    fn a_russian_name_sounds_like_each_of_its_romanisations() {
        let pairs = [
            ("Матрица", ["matritsa", "matrica", "Matrytsa"]),
            ("Кухня", ["kukhnya", "kuhnja", "kuhnia"]),
            ("Белый", ["bely", "belyj", "belyy"]),
            ("Ирония судьбы", ["ironiya sudby", "ironija sud'by", "ironia sudbi"]),
            ("Женщина", ["zhenschina", "zhenshina", "zhenshchina"]),
        ];
        for (name, romanisations) in pairs {
            for romanised in romanisations {
                assert_eq!(sound(&fold(name)), sound(&fold(romanised)), "{name} against {romanised}");
            }
        }
    }
}
