use proptest::prelude::*;

use super::*;
use crate::title::tests::garbage;

fn of(text: &str) -> NormalName {
    NormalName::of(text).unwrap_or_else(|| panic!("{text:?} names nothing"))
}

fn assert_one(name: &str, spellings: &[&str]) {
    for spelling in spellings {
        let (this, that) = (of(name), of(spelling));
        assert!(this.may_be(&that), "{name:?} and {spelling:?} are two films: {this:?} and {that:?}");
    }
}

fn assert_apart(names: &[&str]) {
    for (place, one) in names.iter().enumerate() {
        for other in &names[place + 1..] {
            let (this, that) = (of(one), of(other));
            assert!(!this.may_be(&that), "{one:?} and {other:?} are one film: {this:?} and {that:?}");
        }
    }
}

#[test]
fn quotes_dashes_dots_and_spaces_do_not_count() {
    assert_one(
        "Don't Look Up",
        &[
            "Don’t Look Up",
            "Dont Look Up",
            "Don`t look up",
            "DON´T LOOK UP",
            "Don′t Look Up",
            "“Don't Look Up”",
        ],
    );
    assert_one(
        "Солярис",
        &[
            "«Солярис»",
            "„Солярис“",
            "‹Солярис›",
            "\"Солярис\"",
            "СОЛЯРИС.",
            "Солярис!",
            "  солярис… ",
            "Соля\u{AD}рис",
        ],
    );
    assert_one(
        "Спайдер-Мен",
        &["Спайдер‑Мен", "Спайдер–Мен", "Спайдер Мен", "спайдермен", "Спайдер−Мен", "Спайдер\u{A0}Мен"],
    );
    assert_one("WALL·E", &["Wall-E", "Wall–E", "WALL•E", "Wall E", "walle"]);
    assert_one("ВАЛЛ·И", &["Валл-И", "валли"]);
    assert_one("M*A*S*H", &["MASH", "M.A.S.H.", "m a s h"]);
    assert_one("P.S. I Love You", &["PS, I love you", "P. S. I Love You"]);
    assert_one("Вам и не снилось…", &["Вам и не снилось...", "вам и не снилось"]);
    assert_one("8½", &["8 1/2", "8 ½", "8 1⁄2"]);
    assert_one("[REC]", &["Rec", "(rec)", ".rec"]);
    assert_one("1+1", &["1 + 1", "１＋１"]);
    assert_one("10,000 BC", &["10000 BC", "10 000 bc"]);
}

#[test]
fn accents_case_width_and_alike_letters_do_not_count() {
    assert_one("Amélie", &["Amelie", "AMÉLIE", "Ame\u{301}lie"]);
    assert_one("Ёлки 2", &["елки 2", "ЕЛКИ  2", "Е\u{308}лки 2"]);
    assert_one("Solaris", &["Ｓolaris", "Ｓｏｌａｒｉｓ", "solaris", "𝓢olaris"]);
    assert_one("Straße", &["STRASSE", "strasse", "STRAẞE"]);
    assert_one("İstanbul", &["istanbul", "ISTANBUL", "ıstanbul"]);
    assert_one("ﬁlm", &["film"]);
    assert_one("Œuvre", &["oeuvre"]);
    assert_one("Alien³", &["Alien 3", "ALIEN3"]);
    assert_one("Район №9", &["Район 9", "район #9"]);
    assert_one("ガンダム", &["ｶﾞﾝﾀﾞﾑ", "カ\u{3099}ンタ\u{3099}ム"]);
    assert_one("Spy×Family", &["Spy x Family", "SPY X FAMILY"]);
    assert_one("Злой дух", &["Злои\u{306} дух"]);
    assert_one("بچه‌های آسمان", &["بچه های آسمان", "بچههای آسمان"]);
}

#[test]
fn and_is_written_in_four_ways() {
    assert_one("Lilo & Stitch", &["Lilo and Stitch", "Lilo ＆ Stitch", "LILO + STITCH", "Lilo&Stitch"]);
    assert_one("Тимон и Пумба", &["Тимон & Пумба", "Тимон + Пумба"]);
    assert_apart(&["C++", "C", "1+1", "11", "+1"]);
}

#[test]
fn an_article_may_stand_behind_a_comma() {
    assert_one("The Matrix", &["Matrix, The", "matrix, the (1999)", "MATRIX ,THE", "Matrix, The, 1999"]);
    assert_one("A Quiet Place", &["Quiet Place, A"]);
    assert_one("La Haine", &["Haine, La"]);
    assert_one("L'Avventura", &["Avventura, L’"]);
    assert_one("Das Boot", &["Boot, Das (1981)"]);
    assert_apart(&["The Room", "Room"]);
    assert_eq!(of("The Room").without_article(), Some(of("Room")));
    assert_eq!(of("Room, The (2003)").without_article(), Some(of("Room (2003)")));
    assert_eq!(of("Thelma").without_article(), None);
    assert_eq!(of("The").without_article(), None);
}

#[test]
fn bullets_and_numbers_of_a_list_are_no_part_of_a_name() {
    let items = [
        "1. Солярис",
        "1.Солярис",
        "1) Солярис",
        "1.) Солярис",
        "12. Солярис",
        "(1) Солярис",
        "[1] Солярис",
        "№1 Солярис",
        "№ 1. Солярис",
        "#1 Солярис",
        "1 - Солярис",
        "1 — Солярис",
        "1️⃣ Солярис",
        "① Солярис",
        "❶Солярис",
        "🔟 Солярис",
        "⒈ Солярис",
        "- Солярис",
        "– Солярис",
        "— Солярис",
        "• Солярис",
        "•Солярис",
        "* Солярис",
        "+ Солярис",
        "> Солярис",
        "◦ Солярис",
        "▪️ Солярис",
        "→ Солярис",
        "☑️ Солярис",
        "✅ Солярис",
        "✔Солярис",
        "☐ Солярис",
        "⭐️ Солярис",
        "🎬 Солярис",
        "🎬🍿 Солярис",
        "[x] Солярис",
        "[ ] Солярис",
        "- [x] Солярис",
        "- [ ] 3. Солярис",
        "1. ✅ Солярис",
        "\t1.\tСолярис",
        "1. «Солярис» (1972)",
        "1.«Солярис»",
    ];
    assert_one("Солярис", &items);
}

#[test]
fn numbers_of_a_name_belong_to_it() {
    let names = [
        "12 Angry Men",
        "2001: A Space Odyssey",
        "3 Idiots",
        "9",
        "1917",
        "1984",
        "2012",
        "8½",
        "81 2",
        "24",
        "$9.99",
        "999",
        "7",
        "(500) Days of Summer",
        "Days of Summer",
        "5 Centimeters per Second",
        "50/50",
        "5050",
        "1+1",
        "101 Dalmatians",
        "Dalmatians",
        "9 рота",
        "рота",
        "Angry Men",
        "Idiots",
    ];
    assert_apart(&names);
    assert_one("1917", &["1. 1917", "1917 (2019)", "1917, 2019", "«1917»"]);
    assert_one("(500) Days of Summer", &["500 Days of Summer"]);
}

#[test]
fn a_year_behind_a_name_is_kept_beside_it() {
    let dated = [
        "Солярис (1972)",
        "Солярис [1972]",
        "Солярис, 1972",
        "Солярис 1972",
        "Солярис - 1972",
        "Солярис — 1972",
        "Солярис 1972 г.",
        "Солярис, 1972 год",
        "Солярис 1972 года",
        "Солярис (фильм, 1972)",
        "Солярис (1972 film)",
        "Солярис (фильм 1972 года)",
        "Солярис(1972)",
        "Солярис （１９７２）",
        "Солярис １９７２",
        "Солярис (1972).",
        "Солярис (1972, Тарковский)",
        "Солярис (реж. Тарковский, 1972)",
        "«Солярис» (1972)",
        "1. Солярис (1972)",
        "Солярис / 1972",
        "Солярис.1972",
        "Солярис (1972 г.)",
        "Солярис {1972}",
    ];
    for text in dated {
        let name = of(text);
        assert_eq!((name.words(), name.year()), ("солярис", Some(1972)), "{text:?}");
    }
    for series in [
        "Во все тяжкие (2008–2013)",
        "Во все тяжкие (сериал 2008 – 2013)",
        "Во все тяжкие (2008– )",
        "Во все тяжкие, 2008-2013",
    ] {
        assert_eq!((of(series).words(), of(series).year()), ("во все тяжкие", Some(2008)), "{series:?}");
    }
    assert_apart(&["Solaris (1972)", "Solaris (2002)"]);
    assert_apart(&["Солярис, 1972", "Солярис 2002"]);
    assert_one("Solaris", &["Solaris (1972)", "Solaris 2002"]);
}

#[test]
fn a_number_that_is_no_year_is_no_year() {
    for name in [
        "Blade Runner 2049",
        "Апгрейд 2067",
        "1984",
        "2012",
        "Wonder Woman 1984",
        "Death Race 2000",
        "The Legend of 1900",
        "The Cold Summer of 1953",
        "Reply 1988",
        "Space: 1999",
        "Room 1408",
        "Apollo 13",
        "Birdman or (The Unexpected Virtue of Ignorance)",
        "Film 12345",
        "T-1972",
        "Пираты XX века",
        "Лето 1993",
    ] {
        assert_eq!(of(name).year(), None, "{name:?} has a year");
    }
    assert_apart(&["Wonder Woman 1984", "Wonder Woman (2017)", "Wonder Woman 2"]);
    assert_apart(&["Blade Runner", "Blade Runner 2049"]);
    assert_one("Wonder Woman 1984", &["Wonder Woman 1984 (2020)"]);
    assert_eq!(of("Wonder Woman 1984 (2020)").year(), Some(2020));
    assert_one("Dracula (1992)", &["Dracula 1992", "Dracula"]);
    assert_one("Лето (2018)", &["Лето 2018", "Лето"]);
}

#[test]
fn sequels_stay_apart_however_they_are_numbered() {
    assert_apart(&["Alien", "Aliens", "Alien 3", "Alien: Resurrection"]);
    assert_apart(&["Rocky", "Rocky II", "Rocky III", "Rocky IV", "Rocky V", "Rocky 6"]);
    assert_apart(&["Apollo 1 1", "Apollo 11"]);
    assert_apart(&["Star Wars: Episode IV", "Star Wars: Episode V", "Star Wars: Episode VI"]);
    assert_apart(&[
        "X",
        "V",
        "I",
        "Malcolm X",
        "Malcolm",
        "V for Vendetta",
        "5 for Vendetta",
        "I, Robot",
        "1 robot",
    ]);
    assert_apart(&["Kill Bill: Vol. 1", "Kill Bill: Vol. 2", "Kill Bill"]);
    assert_apart(&["Мой", "Мои"]);
    assert_one("Rocky II", &["Rocky 2", "ROCKY Ⅱ"]);
    assert_one("Rocky V", &["Rocky 5"]);
    assert_one(
        "The Godfather Part II",
        &["The Godfather: Part 2", "Godfather Pt. 2, The", "The Godfather, Part Two"],
    );
    assert_one("Kill Bill: Vol. 2", &["Kill Bill Volume 2", "kill bill vol.2"]);
    assert_one("Дюна: Часть вторая", &["Дюна часть 2", "Дюна. Ч. 2", "Дюна: Часть II"]);
    assert_one("Star Wars: Episode IV – A New Hope", &["Star Wars Episode 4: A New Hope"]);
    assert_one("Пираты XX века", &["Пираты 20 века"]);
}

#[test]
fn marks_that_make_another_letter_stay() {
    assert_apart(&["か", "が"]);
    assert_apart(&["कल", "काल"]);
    assert_apart(&["มา", "ม้า"]);
    assert_apart(&["Герой", "Герои"]);
}

#[test]
fn names_of_signs_alone_are_what_they_are() {
    assert_apart(&["?", "!", "…", "—", "🎬", "🍿", "+", "♥", "★"]);
    assert_one("…", &["...", " . . . "]);
    assert_one("—", &["-", "–"]);
    assert_one("❤️", &["❤"]);
    assert_eq!(NormalName::of(" \u{200B}\u{FE0F}\n"), None);
}

#[test]
fn what_was_typed_is_also_read_to_the_letter() {
    let readings = |text| -> Vec<(String, Option<u16>)> {
        NormalName::readings(text).into_iter().map(|name| (name.words().to_owned(), name.year())).collect()
    };
    assert_eq!(readings("Solaris"), [("solaris".into(), None)]);
    assert_eq!(readings("Reply 1988"), [("reply 1988".into(), None)]);
    assert_eq!(readings("Solaris 1972"), [("solaris 1972".into(), None), ("solaris".into(), Some(1972))]);
    assert_eq!(
        readings("7. Koğuştaki Mucize (2019)"),
        [
            ("7 kogustaki mucize 2019".into(), None),
            ("7 kogustaki mucize".into(), Some(2019)),
            ("kogustaki mucize 2019".into(), None),
            ("kogustaki mucize".into(), Some(2019)),
        ]
    );
}

#[test]
fn a_hostile_text_costs_no_more_than_a_long_name() {
    let long = "(1972".repeat(1_000_000);
    assert!(of(&long).words().chars().count() <= fold::MAX_CHARS * 2);
}

proptest! {
    #[test]
    fn a_normal_name_is_its_own_normal_form(text in garbage()) {
        let Some(name) = NormalName::of(&text) else { return Ok(()) };
        let again = NormalName::bare(name.words()).unwrap();
        prop_assert_eq!(again.words(), name.words());
        prop_assert!(!name.words().is_empty() && !name.key().is_empty());
        prop_assert_eq!(name.words().trim(), name.words());
    }

    #[test]
    fn what_can_be_a_title_has_a_name_and_one_reading_is_the_likely_one(text in garbage()) {
        let likely = NormalName::of(&text);
        prop_assert!(likely.is_some() || super::super::TitleText::new(&text) == Err(super::super::BadTitleText::Empty));
        prop_assert_eq!(NormalName::readings(&text).is_empty(), likely.is_none());
        prop_assert!(likely.iter().all(|name| NormalName::readings(&text).contains(name)));
    }

    #[test]
    fn letter_case_and_composition_never_count(text in "[A-Za-zА-Яа-яЁёÀ-ÿ0-9 .,:'()&-]{1,60}") {
        use unicode_normalization::UnicodeNormalization;
        let Some(name) = NormalName::of(&text) else { return Ok(()) };
        for other in [text.to_uppercase(), text.to_lowercase(), text.nfd().collect(), text.nfkc().collect(), format!("  {text}\u{200B} ")] {
            let other_name = of(&other);
            prop_assert_eq!(other_name.key(), name.key(), "{:?}", other);
            prop_assert_eq!(other_name.year(), name.year(), "{:?}", other);
        }
    }

    #[test]
    fn two_different_years_are_never_one_film(name in "[A-Za-zЁё]{1,12}( [A-Za-z]{2,9}){0,3}", one in 1900u16..=2030, other in 1900u16..=2030) {
        let (this, that) = (of(&format!("{name} ({one})")), of(&format!("{name}, {other}")));
        prop_assert_eq!(this.may_be(&that), one == other);
        prop_assert_eq!(this.may_be(&that), that.may_be(&this));
        prop_assert!(this.may_be(&of(&name)));
    }

    #[test]
    fn two_different_sequel_numbers_are_never_one_film(name in "[A-Za-zЁё]{1,12}( [A-Za-z]{2,9}){0,3}", one in 1u16..=99, other in 1u16..=99) {
        let (this, that) = (of(&format!("{name} {one}")), of(&format!("{name}-{other}")));
        prop_assert_eq!(this.may_be(&that), one == other);
        prop_assert!(!this.may_be(&of(&name)));
    }
}
