//! The words that spreadsheets use for kinds, genres and countries, in English and Russian.
//!
//! Each list goes from a word to what the catalogue calls it. Words are compared in lower case, without `ё` and without
//! punctuation, so that `Sci-Fi`, `sci fi` and `SciFi` need as few lines as possible.

use sovpalo_domain::title::{GENRES, TitleKind};

/// The kind that a word names.
pub(crate) fn kind(word: &str) -> Option<TitleKind> {
    let word = plain(word);
    KINDS.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(kind, _)| *kind)
}

/// The genres that a word names: one, two for `Action & Adventure`, none for one that the catalogue does not keep
/// (`Talk-Show`). `None`: it is no genre.
pub(super) fn genres(word: &str) -> Option<&'static [&'static str]> {
    let word = plain(word);
    if let Some(at) = GENRES.iter().position(|genre| plain(genre) == word) {
        return Some(&GENRES[at..=at]);
    }
    GENRE_WORDS.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(genres, _)| *genres)
}

/// The ISO 3166 code of a country, from the code itself or from a common name.
pub(super) fn country(word: &str) -> Option<String> {
    let known = plain(word);
    if let Some((code, _)) = COUNTRIES.iter().find(|(_, names)| names.contains(&known.as_str())) {
        return Some((*code).to_owned());
    }
    // There are more countries than names here.
    let code = word.len() == 2 && word.bytes().all(|b| b.is_ascii_alphabetic());
    code.then(|| word.to_ascii_uppercase())
}

/// Lower case, `е` for `ё`, `and` for `&`, and single spaces for everything else that is no letter.
fn plain(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            'ё' => plain.push('е'),
            '&' => plain.push_str(" and "),
            c if c.is_alphanumeric() => plain.push(c),
            // Dots of an abbreviation: U.S.A.
            '.' => {}
            _ => plain.push(' '),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

const KINDS: [(TitleKind, &[&str]); 2] = [
    (
        TitleKind::Film,
        &[
            "film",
            "movie",
            "feature",
            "feature film",
            "tv movie",
            "tvmovie",
            "tv film",
            "short",
            "short film",
            "tv short",
            "tvshort",
            "tv special",
            "tvspecial",
            "video",
            "animation",
            "animation movie",
            "animated movie",
            "documentary",
            "фильм",
            "кино",
            "кинофильм",
            "телефильм",
            "мультфильм",
            "мультик",
            "короткометражка",
            "документальный фильм",
            "фільм",
        ],
    ),
    (
        TitleKind::Series,
        &[
            "series",
            "tv series",
            "tvseries",
            "tv mini series",
            "tvminiseries",
            "mini series",
            "miniseries",
            "limited series",
            "web series",
            "tv show",
            "show",
            "tv",
            "animation series",
            "animated series",
            "anime series",
            "сериал",
            "телесериал",
            "мультсериал",
            "минисериал",
            "мини сериал",
            "серіал",
            "веб сериал",
            "шоу",
        ],
    ),
];

/// Beside the keys of [`GENRES`] themselves: what IMDb, TMDB, Kinopoisk, Letterboxd and people write.
const GENRE_WORDS: [(&[&str], &[&str]); 29] = [
    (&["action"], &["боевик", "боевики", "экшен", "экшн", "martial arts", "боевые искусства", "superhero"]),
    (&["adventure"], &["adventures", "приключения", "приключение", "приключенческий"]),
    (&["action", "adventure"], &["action and adventure", "боевик и приключения"]),
    (
        &["animation"],
        &[
            "animated",
            "cartoon",
            "anime",
            "мультфильм",
            "мультфильмы",
            "мультсериал",
            "анимация",
            "аниме",
            "мультик",
        ],
    ),
    (&["biography"], &["biopic", "biographical", "биография", "биографический", "байопик"]),
    (
        &["comedy"],
        &["comedies", "комедия", "комедийный", "stand up", "standup", "стендап", "sitcom", "ситком"],
    ),
    (&["comedy", "romance"], &["romantic comedy", "romcom", "rom com", "ромком", "романтическая комедия"]),
    (&["crime"], &["криминал", "криминальный", "gangster", "heist", "преступление", "криминальная драма"]),
    (
        &["documentary"],
        &["documentaries", "docudrama", "документальный", "документальное", "документалистика"],
    ),
    (&["drama"], &["dramas", "драма", "драматический", "дорама", "soap", "мыльная опера"]),
    (&["comedy", "drama"], &["dramedy", "comedy drama", "трагикомедия"]),
    (
        &["family"],
        &["kids", "children", "childrens", "семейный", "семейное", "детский", "детское", "для детей"],
    ),
    (&["fantasy"], &["фэнтези", "фентези", "сказка", "fairy tale"]),
    (&["history"], &["historical", "period", "история", "исторический", "историческое"]),
    (&["horror"], &["ужасы", "ужас", "хоррор", "slasher", "слэшер"]),
    (&["music"], &["музыка", "музыкальный", "concert", "концерт"]),
    (&["musical"], &["musicals", "мюзикл"]),
    (&["mystery"], &["detective", "whodunit", "детектив", "детективный"]),
    (&["noir"], &["film noir", "neo noir", "фильм нуар", "нуар"]),
    (&["romance"], &["romantic", "love", "мелодрама", "романтика", "романтический", "любовный"]),
    (
        &["sci-fi"],
        &[
            "science fiction",
            "scifi",
            "sf",
            "фантастика",
            "научная фантастика",
            "нф",
            "научно фантастический",
        ],
    ),
    (&["sci-fi", "fantasy"], &["sci fi and fantasy", "science fiction and fantasy", "нф и фэнтези"]),
    (&["short"], &["short film", "shorts", "короткометражка", "короткий метр", "короткометражный"]),
    (&["sport"], &["sports", "спорт", "спортивный"]),
    (&["thriller"], &["thrillers", "suspense", "триллер", "саспенс"]),
    (&["thriller", "mystery"], &["mystery and thriller"]),
    (&["war"], &["war and politics", "военный", "война", "военное", "war and military"]),
    (&["western"], &["вестерн", "westerns"]),
    // Known to others, and no genre of ours.
    (
        &[],
        &[
            "talk show",
            "talk",
            "news",
            "reality",
            "reality tv",
            "game show",
            "tv movie",
            "adult",
            "experimental",
            "foreign",
            "indie",
            "independent",
            "lgbtq",
            "lgbt",
            "political",
            "supernatural",
            "food",
            "travel",
            "ток шоу",
            "новости",
            "реальное тв",
            "игра",
            "телевизионный фильм",
            "для взрослых",
            "церемония",
            "реалити",
            "реалити шоу",
            "политика",
        ],
    ),
];

/// Countries that make films people know, with what they are called; SU and YU are no more.
const COUNTRIES: [(&str, &[&str]); 74] = [
    ("AE", &["united arab emirates", "uae", "оаэ"]),
    ("AM", &["armenia", "армения", "arm"]),
    ("AR", &["argentina", "аргентина", "arg"]),
    ("AT", &["austria", "австрия", "aut"]),
    ("AU", &["australia", "австралия", "aus"]),
    ("AZ", &["azerbaijan", "азербайджан", "aze"]),
    ("BE", &["belgium", "бельгия", "bel"]),
    ("BG", &["bulgaria", "болгария", "bgr"]),
    ("BR", &["brazil", "бразилия", "bra"]),
    ("BY", &["belarus", "беларусь", "белоруссия", "blr"]),
    ("CA", &["canada", "канада", "can"]),
    ("CH", &["switzerland", "швейцария", "che"]),
    ("CL", &["chile", "чили", "chl"]),
    ("CN", &["china", "китай", "chn"]),
    ("CO", &["colombia", "колумбия", "col"]),
    ("CS", &["czechoslovakia", "чехословакия"]),
    ("CU", &["cuba", "куба", "cub"]),
    ("CZ", &["czech republic", "czechia", "чехия", "cze"]),
    ("DD", &["east germany", "гдр", "германия гдр"]),
    ("DE", &["germany", "west germany", "германия", "фрг", "deu", "германия фрг"]),
    ("DK", &["denmark", "дания", "dnk"]),
    ("DZ", &["algeria", "алжир", "dza"]),
    ("EE", &["estonia", "эстония", "est"]),
    ("EG", &["egypt", "египет", "egy"]),
    ("ES", &["spain", "испания", "esp"]),
    ("FI", &["finland", "финляндия", "fin"]),
    ("FR", &["france", "франция", "fra"]),
    (
        "GB",
        &["united kingdom", "uk", "great britain", "britain", "england", "великобритания", "англия", "gbr"],
    ),
    ("GE", &["georgia", "грузия", "geo"]),
    ("GR", &["greece", "греция", "grc"]),
    ("HK", &["hong kong", "гонконг", "hkg"]),
    ("HR", &["croatia", "хорватия", "hrv"]),
    ("HU", &["hungary", "венгрия", "hun"]),
    ("ID", &["indonesia", "индонезия", "idn"]),
    ("IE", &["ireland", "ирландия", "irl"]),
    ("IL", &["israel", "израиль", "isr"]),
    ("IN", &["india", "индия", "ind"]),
    ("IR", &["iran", "иран", "irn"]),
    ("IS", &["iceland", "исландия", "isl"]),
    ("IT", &["italy", "италия", "ita"]),
    ("JP", &["japan", "япония", "jpn"]),
    ("KR", &["south korea", "korea", "republic of korea", "южная корея", "корея южная", "корея", "kor"]),
    ("KZ", &["kazakhstan", "казахстан", "kaz"]),
    ("LB", &["lebanon", "ливан", "lbn"]),
    ("LT", &["lithuania", "литва", "ltu"]),
    ("LU", &["luxembourg", "люксембург", "lux"]),
    ("LV", &["latvia", "латвия", "lva"]),
    ("MA", &["morocco", "марокко", "mar"]),
    ("MD", &["moldova", "молдова", "mda"]),
    ("MX", &["mexico", "мексика", "mex"]),
    ("MY", &["malaysia", "малайзия", "mys"]),
    ("NL", &["netherlands", "the netherlands", "holland", "нидерланды", "голландия", "nld"]),
    ("NO", &["norway", "норвегия", "nor"]),
    ("NZ", &["new zealand", "новая зеландия", "nzl"]),
    ("PE", &["peru", "перу", "per"]),
    ("PH", &["philippines", "филиппины", "phl"]),
    ("PL", &["poland", "польша", "pol"]),
    ("PT", &["portugal", "португалия", "prt"]),
    ("RO", &["romania", "румыния", "rou"]),
    ("RS", &["serbia", "сербия", "srb"]),
    ("RU", &["russia", "russian federation", "россия", "российская федерация", "рф", "rus"]),
    ("SE", &["sweden", "швеция", "swe"]),
    ("SG", &["singapore", "сингапур", "sgp"]),
    ("SI", &["slovenia", "словения", "svn"]),
    ("SK", &["slovakia", "словакия", "svk"]),
    ("SU", &["ussr", "soviet union", "ссср", "советский союз", "sun"]),
    ("TH", &["thailand", "таиланд", "тайланд", "tha"]),
    ("TR", &["turkey", "türkiye", "turkiye", "турция", "tur"]),
    ("TW", &["taiwan", "тайвань", "twn"]),
    ("UA", &["ukraine", "украина", "ukr"]),
    ("US", &["united states", "united states of america", "usa", "america", "сша", "америка"]),
    ("UZ", &["uzbekistan", "узбекистан", "uzb"]),
    ("YU", &["yugoslavia", "югославия", "yug"]),
    ("ZA", &["south africa", "юар", "zaf"]),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn genres_have_their_common_names() {
        for (word, expected) in [
            ("Science Fiction", "sci-fi"),
            ("Sci-Fi", "sci-fi"),
            ("SciFi", "sci-fi"),
            ("Film-Noir", "noir"),
            ("ДОКУМЕНТАЛЬНЫЙ", "documentary"),
            ("Научная фантастика", "sci-fi"),
            ("Мелодрама", "romance"),
            ("Action & Adventure", "action adventure"),
            ("Sci-Fi & Fantasy", "sci-fi fantasy"),
            ("War & Politics", "war"),
            ("Talk-Show", ""),
            ("drama", "drama"),
        ] {
            assert_eq!(genres(word).map(|genres| genres.join(" ")).as_deref(), Some(expected), "{word}");
        }
        assert_eq!(genres("Frobnication"), None);
    }

    #[test]
    fn a_country_is_known_by_its_code_and_by_its_names() {
        for (word, code) in [
            ("FR", "FR"),
            ("fr", "FR"),
            ("U.S.A.", "US"),
            ("СССР", "SU"),
            ("is", "IS"),
            ("Южная Корея", "KR"),
        ] {
            assert_eq!(country(word).as_deref(), Some(code), "{word}");
        }
        assert_eq!(country("Atlantis"), None);
    }

    #[test]
    fn every_word_is_as_it_is_compared_and_means_one_thing() {
        let lists = [
            GENRE_WORDS.iter().flat_map(|(_, words)| words.iter()).collect::<Vec<_>>(),
            COUNTRIES.iter().flat_map(|(_, words)| words.iter()).collect(),
            KINDS.iter().flat_map(|(_, words)| words.iter()).collect(),
        ];
        for list in lists {
            let mut seen = BTreeSet::new();
            for word in list {
                assert_eq!(plain(word), *word, "it would never be found");
                assert!(seen.insert(word), "{word} is there twice");
            }
        }
        for genre in GENRE_WORDS.iter().flat_map(|(genres, _)| genres.iter()) {
            assert!(GENRES.contains(genre), "{genre} is no genre of ours");
        }
    }
}
