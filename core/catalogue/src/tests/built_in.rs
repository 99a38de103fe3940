//! What the data that comes with the program must be.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn everything() -> Vec<std::sync::Arc<Title>> {
    let mut query = Query { limit: Some(MAX_LIMIT), ..Query::default() };
    let mut all = Vec::new();
    loop {
        let page = CATALOGUE.search(&query);
        all.extend(page.items);
        match page.next {
            Some(next) => query.after = next,
            None => return all,
        }
    }
}

fn how_many(of: impl Fn(&Title) -> bool) -> usize {
    everything().iter().filter(|title| of(title)).count()
}

#[test]
fn there_is_something_for_every_evening() {
    let genre = |genre: &str| how_many(|title| title.genres.iter().any(|its| its == genre));
    let from = |country: &str| how_many(|title| title.countries.iter().any(|its| its == country));
    assert!(CATALOGUE.len() >= 650, "only {} titles", CATALOGUE.len());
    assert!(how_many(|title| title.kind == TitleKind::Series) >= 120, "too few series");
    assert!(genre("family") >= 80, "too few family titles");
    assert!(genre("short") >= 20, "too few short films");
    assert!(genre("documentary") >= 20, "too few documentaries");
    assert!(from("SU") + from("RU") >= 120, "too little Soviet and Russian cinema");
    for decade in (1920..=2020).step_by(10) {
        let there = how_many(|title| title.year.is_some_and(|year| year / 10 * 10 == decade));
        assert!(there >= 10, "only {there} titles of the {decade}s");
    }
}

#[test]
fn every_title_is_told_in_both_languages() {
    for title in everything() {
        for (name, overview) in
            [(&title.name_en, title.overview_en.as_deref()), (&title.name_ru, title.overview_ru.as_deref())]
        {
            let told = overview.unwrap_or_default().chars().count();
            assert!(!name.is_empty(), "{} has no name", title.id);
            assert!((20..=140).contains(&told), "{} {name}: an overview of {told} characters", title.id);
        }
    }
}

#[test]
fn every_title_has_all_its_facts_in_sane_ranges() {
    for title in everything() {
        let about = format!("{} {}", title.id, title.name_en);
        let number = title.id.as_str().strip_prefix('c').and_then(|number| number.parse::<u32>().ok());
        assert!(number.is_some(), "{about}: the id is not c and a number");
        assert!(title.kind != TitleKind::Text, "{about}: nobody typed it");
        assert!(title.original_name.is_some(), "{about}: no original name");
        assert!(title.year.is_some_and(|year| (1895..=2030).contains(&year)), "{about}: {:?}", title.year);
        assert!(
            title.runtime_min.is_some_and(|min| (2..=440).contains(&min)),
            "{about}: {:?}",
            title.runtime_min
        );
        assert!(
            title.rating.is_some_and(|rating| (5.0..=9.5).contains(&rating)),
            "{about}: {:?}",
            title.rating
        );
        assert!(!title.genres.is_empty() && !title.countries.is_empty(), "{about}: no genre or country");
        let short = title.genres.iter().any(|genre| genre == "short");
        assert!(!short || title.runtime_min <= Some(45), "{about}: a short film of {:?}", title.runtime_min);
    }
}

#[test]
fn no_title_is_there_twice() {
    let mut seen = BTreeMap::new();
    for title in everything() {
        let key = (title.name_ru.to_lowercase(), title.original_name.clone(), title.year);
        if let Some(other) = seen.insert(key, title.id.clone()) {
            panic!("{} and {other} are both {} ({:?})", title.id, title.name_ru, title.year);
        }
    }
}

#[test]
fn no_alphabet_strays_into_the_other_language() {
    let cyrillic = |text: &str| text.chars().any(|c| matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё'));
    for title in everything() {
        assert!(!cyrillic(&title.name_en), "{}: {}", title.id, title.name_en);
        assert!(!title.overview_en.as_deref().is_some_and(cyrillic), "{}: {:?}", title.id, title.overview_en);
        assert!(title.overview_ru.as_deref().is_some_and(cyrillic), "{}: {:?}", title.id, title.overview_ru);
    }
}

#[test]
fn every_deck_has_twenty_to_forty_titles_that_exist() {
    assert!(CATALOGUE.decks().len() >= 20, "only {} decks", CATALOGUE.decks().len());
    for deck in CATALOGUE.decks() {
        let different: BTreeSet<_> = deck.titles.iter().collect();
        assert_eq!(different.len(), deck.titles.len(), "{} has a title twice", deck.id);
        assert!((20..=40).contains(&different.len()), "{} has {} titles", deck.id, different.len());
        for title in &deck.titles {
            assert!(CATALOGUE.get(title).is_some(), "{} has {title}, which does not exist", deck.id);
        }
        for language in [Language::En, Language::Ru] {
            assert!(!deck.name(language).is_empty(), "{} has no name", deck.id);
            assert!(
                (10..=80).contains(&deck.description(language).chars().count()),
                "{}: {language:?}",
                deck.id
            );
        }
    }
}

#[test]
fn a_deck_is_found_by_its_id_and_no_two_share_one() {
    let ids: BTreeSet<_> = CATALOGUE.decks().iter().map(|deck| deck.id.clone()).collect();
    assert_eq!(ids.len(), CATALOGUE.decks().len());
    for id in &ids {
        assert_eq!(CATALOGUE.deck(id).map(|deck| &deck.id), Some(id));
    }
}

#[test]
fn the_family_deck_holds_nothing_that_frightens_children() {
    let family = CATALOGUE.decks().iter().find(|deck| deck.id.as_str() == "family").expect("a family deck");
    for id in &family.titles {
        let title = CATALOGUE.get(id).unwrap();
        let not_for_children = ["crime", "documentary", "drama", "horror", "noir", "thriller", "war"];
        let unsafe_genre = title.genres.iter().find(|genre| not_for_children.contains(&genre.as_str()));
        assert!(title.genres.iter().any(|genre| genre == "family"), "{} is no family title", title.name_en);
        assert_eq!(unsafe_genre, None, "{} is in the family deck", title.name_en);
    }
}

#[test]
fn a_deck_of_short_evenings_holds_what_it_promises() {
    let runtimes = |deck: &str| {
        let deck = CATALOGUE.decks().iter().find(|its| its.id.as_str() == deck).expect("the deck");
        let titles = deck.titles.iter().map(|id| CATALOGUE.get(id).unwrap());
        titles.map(|title| (title.runtime_min.unwrap(), title.name_en.clone())).collect::<Vec<_>>()
    };
    for (deck, longest) in [("under-90", 89), ("short-films", 45)] {
        for (runtime, name) in runtimes(deck) {
            assert!(runtime <= longest, "{name} takes {runtime} minutes and is in {deck}");
        }
    }
}

#[test]
fn added_titles_are_found_beside_the_built_in_ones() {
    let mine = import::parse("name_ru,year\nНаше лето на даче,2019\n".as_bytes()).unwrap();
    let more = Catalogue::with(mine.clone());
    assert_eq!(more.len(), CATALOGUE.len() + 1);
    assert_eq!(more.get(&mine[0].id).as_deref(), Some(&mine[0]));
    assert_eq!(more.search(&typed("лето на даче")).items[0].id, mine[0].id);
    assert!(more.get(&id("c1")).is_some());
}

#[test]
fn an_added_title_with_the_id_of_another_takes_its_place() {
    let mine = import::parse(b"id,name_en\nc1,Our own cut\n").unwrap();
    let changed = Catalogue::with(mine);
    assert_eq!(changed.len(), CATALOGUE.len());
    assert_eq!(changed.get(&id("c1")).unwrap().name_en, "Our own cut");
}

#[test]
fn of_two_added_titles_with_one_id_there_is_one() {
    let mine = import::parse(b"id,name_en\nmine,One\n").unwrap();
    let twice = Catalogue::with([mine.clone(), mine].concat());
    assert_eq!(twice.len(), CATALOGUE.len() + 1);
}

/// What becomes of a file's titles beside the built-in ones.
fn with(file: &str) -> (Catalogue, Vec<Title>) {
    let mine = import::parse(file.as_bytes()).unwrap();
    (Catalogue::with(mine.clone()), mine)
}

#[test]
fn an_added_title_that_is_built_in_tells_more_about_that_one() {
    let known = CATALOGUE.search(&typed("The Matrix")).items[0].clone();
    for spelling in [
        "name_en,year,rating\nThe Matrix,1999,9.9\n",
        "name_ru,year,rating\nМАТРИЦА,1999,9.9\n",
        "id,name_en,year,rating\nm1,\"Matrix, The\",1999,9.9\n",
        "name_en,rating\nThe Matrix!,9.9\n",
    ] {
        let (more, mine) = with(spelling);
        assert_eq!(more.len(), CATALOGUE.len(), "{spelling}");
        let expected = Title { rating: Some(9.9), ..(*known).clone() };
        assert_eq!(more.get(&known.id).as_deref(), Some(&expected), "{spelling}");
        // Rooms that picked it by its own id go on.
        assert_eq!(more.get(&mine[0].id).as_deref(), Some(&expected), "{spelling}");
        assert_eq!(more.search(&typed("matrix")).items[0].id, known.id);
    }
}

#[test]
fn an_added_title_of_another_year_or_kind_stays_apart() {
    for file in [
        "name_en,year\nThe Matrix,2031\n",
        "name_en,kind,year\nThe Matrix,series,1999\n",
        "id,name_en,name_ru,year\nm1,The Matrix,Другая матрица,1999\n",
    ] {
        assert_eq!(with(file).0.len(), CATALOGUE.len() + 1, "{file}");
    }
}

#[test]
fn of_two_added_titles_with_ids_of_their_own_one_is_the_built_in_one() {
    let (more, _) = with("id,name_en,year\nm1,The Matrix,1999\nm2,The Matrix,1999\n");
    assert_eq!(more.len(), CATALOGUE.len() + 1);
    assert_ne!(more.get(&id("m1")).unwrap().id, more.get(&id("m2")).unwrap().id);
}

#[test]
fn a_film_that_was_added_twice_in_two_spellings_is_one() {
    let files = ["name_ru,year,rating\nНаш полёт,1979,7\n", "name_ru,year,runtime_min\nНаш полет,1979,90\n"];
    let mine: Vec<Title> = files.iter().flat_map(|file| import::parse(file.as_bytes()).unwrap()).collect();
    let more = Catalogue::with(mine.clone());
    assert_eq!(more.len(), CATALOGUE.len() + 1);
    let (one, other) = (more.get(&mine[0].id).unwrap(), more.get(&mine[1].id).unwrap());
    assert_eq!(one, other);
    assert_eq!((one.rating, one.runtime_min), (Some(7.0), Some(90)));
}
