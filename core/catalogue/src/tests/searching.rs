//! What people type, and what they should find.

use std::collections::BTreeSet;

use proptest::prelude::*;
use sovpalo_domain::title::{Filter, FilterFields};

use super::*;

#[track_caller]
fn first(text: &str, expected: &str) {
    let names = found(text);
    assert_eq!(names.first().map(String::as_str), Some(expected), "{text:?} found {names:?}");
}

#[test]
fn a_name_is_found_in_either_language() {
    first("матрица", "The Matrix");
    first("matrix", "The Matrix");
    first("The Matrix", "The Matrix");
    first("Le Fabuleux Destin d'Amélie Poulain", "Amélie");
    first("千と千尋の神隠し", "Spirited Away");
}

#[test]
fn slips_of_the_finger_are_forgiven() {
    first("the matirx", "The Matrix");
    first("терменатор", "The Terminator");
    first("инстерстелар", "Interstellar");
    first("побег из шоушенга", "The Shawshank Redemption");
    first("godfahter", "The Godfather");
    first("служебный раман", "Office Romance");
}

#[test]
fn a_name_is_found_while_it_is_being_typed() {
    first("матр", "The Matrix");
    first("брил", "The Diamond Arm");
    first("назад в бу", "Back to the Future");
    first("гарри пот фил", "Harry Potter and the Sorcerer's Stone");
    assert!(found("м").len() > 5, "one letter found {:?}", found("м"));
}

#[test]
fn a_slip_in_an_unfinished_word_is_forgiven_too() {
    first("терменат", "The Terminator");
    first("интерстл", "Interstellar");
}

#[test]
fn accents_yo_and_punctuation_do_not_matter() {
    first("ежик в тумане", "Hedgehog in the Fog");
    first("Ёжик в тумане", "Hedgehog in the Fog");
    first("amelie", "Amélie");
    first("1+1", "The Intouchables");
    first("walle", "WALL·E");
    first("wall-e", "WALL·E");
    first("mash", "M*A*S*H");
    first("oceans eleven", "Ocean's Eleven");
    first("ну погоди", "Well, Just You Wait!");
}

#[test]
fn the_wrong_keyboard_layout_is_understood() {
    first("vfnhbwf", "The Matrix");
    first("Bhjybz celm,s", "The Irony of Fate");
    first("вшу рфкв", "Die Hard");
}

#[test]
fn russian_in_latin_letters_is_understood() {
    first("ironiya sudby", "The Irony of Fate");
    first("moskva slezam ne verit", "Moscow Does Not Believe in Tears");
    first("nu pogodi", "Well, Just You Wait!");
    first("brat", "Brother");
    first("бриллиантовая рука", "The Diamond Arm");
}

#[test]
fn words_may_come_in_any_order_and_from_the_middle() {
    first("шоушенк побег", "The Shawshank Redemption");
    first("лебовски", "The Big Lebowski");
    first("spiderman verse", "Spider-Man: Into the Spider-Verse");
}

#[test]
fn what_is_not_in_a_name_does_not_hide_it_if_most_of_it_is() {
    first("breaking bed", "Breaking Bad");
    first("17 мгновений весны", "Seventeen Moments of Spring");
    first("фильм про матрицу", "The Matrix");
    first("зеленая миля смотреть онлайн", "The Green Mile");
    first("человек паук через вселеные мультфильм", "Spider-Man: Into the Spider-Verse");
    for absent in ["королева марго", "капитан америка", "сумерки"] {
        assert_eq!(found(absent), Vec::<String>::new(), "{absent} found something else");
    }
}

#[test]
fn a_year_tells_titles_of_one_name_apart() {
    first("мастер и маргарита 2005", "The Master and Margarita");
    let series = &CATALOGUE.search(&typed("мастер и маргарита 2005")).items[0];
    assert_eq!(series.kind, TitleKind::Series);
    first("1917", "1917");
}

#[test]
fn a_title_without_the_number_that_was_typed_is_only_near() {
    let near = |text: &str| CATALOGUE.search(&typed(text)).near;
    for known in
        ["rocky", "rocky 1976", "rocky 1", "godfather 2", "godfahter 2", "1917", "se7en", "солярис 19"]
    {
        assert!(!near(known), "{known:?} is not only near");
    }
    for unknown in ["rocky 2", "rocky II", "rokcy 2", "rocky 1985", "солярис 2002", "1984", "blade runner 2"]
    {
        assert!(near(unknown), "{unknown:?} found {:?} as if they were it", found(unknown));
    }
}

#[test]
fn a_film_that_is_known_by_a_year_nearby_is_found() {
    let page = CATALOGUE.search(&typed("Inception 2011"));
    assert_eq!((page.items[0].year, page.near), (Some(2010), false));
    assert!(CATALOGUE.search(&typed("Inception 2012")).near, "two years are another film");
}

#[test]
fn of_numbered_titles_the_right_one_is_found_and_never_its_neighbour() {
    let numbered =
        ["name_en,year", "Zorro Rides,1970", "Zorro Rides II,1972", "Zorro Rides III,1975"].join("\n");
    let catalogue = Catalogue::with(import::parse(numbered.as_bytes()).unwrap());
    let first = |text: &str| {
        let page = catalogue.search(&typed(text));
        (page.items.first().map(|title| title.name_en.clone()).unwrap_or_default(), page.near)
    };
    for (text, name) in [
        ("zorro rides 2", "Zorro Rides II"),
        ("Zorro Rides, Part Three", "Zorro Rides III"),
        ("zorro rides ii", "Zorro Rides II"),
        ("zorro rides 1", "Zorro Rides"),
        ("zoro rides 3", "Zorro Rides III"),
    ] {
        assert_eq!(first(text), (name.to_owned(), false), "{text}");
    }
    for text in ["zorro rides 4", "zorro rides iv", "zorro rides part five"] {
        assert!(first(text).1, "{text} found {:?}", first(text));
    }
}

#[test]
fn the_whole_name_comes_before_a_beginning_and_a_beginning_before_a_word() {
    let names = found("брат");
    assert_eq!(names[..2], ["Brother", "Brother 2"], "{names:?}");
    let names = found("game");
    let at = |name: &str| names.iter().position(|its| its == name);
    assert_eq!(at("The Game"), Some(0), "{names:?}");
    assert!(at("Game of Thrones") < at("Squid Game"), "{names:?}");
}

#[test]
fn no_guess_is_shown_beside_what_was_found_literally() {
    let names = found("солярис");
    assert_eq!(names, ["Solaris"]);
}

#[test]
fn nothing_is_found_for_what_is_no_name() {
    for text in ["qzxwvk jjjqq", "🎬🍿", "\0", "؟؟؟", "' OR 1=1; --", "<script>"] {
        assert_eq!(found(text), Vec::<String>::new(), "{text:?} found something");
    }
}

#[test]
fn a_blank_text_leafs_through_everything_best_known_first() {
    let page = CATALOGUE.search(&typed(" \u{a0}\n"));
    assert_eq!(page.items.len(), DEFAULT_LIMIT);
    assert_eq!(page.items[0].id, id("c1"));
}

#[test]
fn filters_narrow_every_search() {
    let filter = FilterFields {
        kind: Some(TitleKind::Film),
        genre: Some("comedy".into()),
        from_year: Some(1970),
        to_year: Some(1979),
        max_runtime: Some(90),
        ..FilterFields::default()
    };
    let query = Query { limit: Some(MAX_LIMIT), ..narrowed(&filter) };
    let page = CATALOGUE.search(&query);
    assert!(page.items.len() >= 5, "only {} short comedies of the seventies", page.items.len());
    for title in &page.items {
        let fits = title.kind == TitleKind::Film
            && title.genres.iter().any(|genre| genre == "comedy")
            && title.year.is_some_and(|year| (1970..=1979).contains(&year))
            && title.runtime_min.is_some_and(|minutes| minutes <= 90);
        assert!(fits, "{} does not fit", title.name_en);
    }
    let fargo = CATALOGUE.search(&Query {
        text: "fargo".into(),
        ..narrowed(&FilterFields { kind: Some(TitleKind::Series), ..FilterFields::default() })
    });
    assert_eq!(fargo.items[0].year, Some(2014));
}

fn narrowed(fields: &FilterFields) -> Query {
    Query { filter: Filter::new(fields).expect("a filter"), ..Query::default() }
}

#[test]
fn pages_neither_overlap_nor_leave_gaps() {
    let mut query = Query { limit: Some(7), ..typed("а") };
    let mut seen = Vec::new();
    loop {
        let page = CATALOGUE.search(&query);
        assert!(page.items.len() <= 7);
        seen.extend(page.items.iter().map(|title| title.id.clone()));
        let Some(next) = page.next else { break };
        // What a client does: it keeps the string.
        query.after = next.to_string().parse().expect("our own cursor");
    }
    let different: BTreeSet<_> = seen.iter().collect();
    assert!(seen.len() > 50, "only {} titles with a word that begins with а", seen.len());
    assert_eq!(different.len(), seen.len(), "a title came twice");
}

#[test]
fn a_page_is_never_empty_before_the_end_nor_larger_than_allowed() {
    let of = |limit| CATALOGUE.search(&Query { limit: Some(limit), ..Query::default() }).items.len();
    assert_eq!(of(0), 1);
    assert_eq!(of(usize::MAX), MAX_LIMIT);
}

#[test]
fn a_forged_cursor_is_refused_and_one_past_the_end_finds_nothing() {
    for forged in ["", "p", "p+1", "p01", "pFF", "12", "p-1", "p100000000", "p1 ", "\0", "💥"] {
        assert_eq!(forged.parse::<Cursor>(), Err(InvalidCursor), "{forged:?} was taken for a cursor");
    }
    let past = Query { after: "pffffffff".parse().unwrap(), ..Query::default() };
    let page = CATALOGUE.search(&past);
    assert!(page.items.is_empty() && page.next.is_none());
}

#[test]
fn a_very_long_text_is_cut_and_answered() {
    first(&"матрица ".repeat(10_000), "The Matrix");
    let (gap, tail) = (" ".repeat(200), "qzxwvk ".repeat(10_000));
    assert_eq!(found(&format!("матрица {tail}")), Vec::<String>::new(), "what is not cut counts");
    first(&format!("матрица{gap}{tail}"), "The Matrix");
    for nothing in ["я".repeat(1_000_000), "\u{fdfa}".repeat(10_000)] {
        assert_eq!(found(&nothing), Vec::<String>::new(), "no name is so long");
    }
    let address = format!("https://letterboxd.com/film/{}", "matrix-".repeat(100_000));
    first(&address, "The Matrix");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_and_any_filters_are_answered(
        text in any::<String>(),
        (from_year, to_year) in (proptest::option::of(1888_u16..=2100), proptest::option::of(1888_u16..=2100)),
        max_runtime in proptest::option::of(1_u16..=1000),
        limit in proptest::option::of(any::<usize>()),
        place in any::<u32>(),
    ) {
        let after = format!("p{place:x}").parse().unwrap();
        let fields = FilterFields { from_year, to_year, max_runtime, ..FilterFields::default() };
        let filter = Filter::new(&fields).unwrap_or_default();
        let query = Query { text, filter, limit, after };
        let page = CATALOGUE.search(&query);
        prop_assert!(page.items.len() <= MAX_LIMIT);
    }

    #[test]
    fn letters_digits_and_blanks_in_any_order_are_answered(text in "[ а-яёa-z0-9'.·-]{0,60}") {
        CATALOGUE.search(&typed(&text));
    }

    #[test]
    fn every_title_is_found_by_its_whole_name(number in 0_usize..1300) {
        let id = id(&format!("c{}", number + 1));
        let title = CATALOGUE.get(&id).unwrap();
        for name in [&title.name_en, &title.name_ru] {
            let page = CATALOGUE.search(&typed(name));
            prop_assert!(page.items.iter().any(|its| its.id == id), "{} did not find {}", name, title.id);
        }
    }
}
