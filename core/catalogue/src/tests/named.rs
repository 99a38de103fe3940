//! What was typed and is in the catalogue is that title; what only looks like it is not.

use std::collections::BTreeMap;

use super::*;

/// The one title that a text means.
fn meant(text: &str) -> Option<String> {
    let meant = CATALOGUE.meant(text);
    assert!(meant.exactly.len() < 2, "{text:?} means {:?}", meant.exactly);
    meant.exactly.first().and_then(|id| CATALOGUE.get(id)).map(|title| title.name_en.clone())
}

#[test]
fn every_title_is_meant_by_each_of_its_names_and_its_year() {
    let mut query = Query { limit: Some(MAX_LIMIT), ..Query::default() };
    loop {
        let page = CATALOGUE.search(&query);
        for title in &page.items {
            for name in title.names() {
                let spelled = [
                    name.to_owned(),
                    format!("12. «{}»", name.to_uppercase()),
                    format!("{name} ({})", title.year.unwrap_or_default()),
                    format!("☑️ {name}, {}", title.year.unwrap_or_default()),
                ];
                for text in spelled {
                    assert!(
                        CATALOGUE.meant(&text).exactly.contains(&title.id),
                        "{text:?} does not mean {}",
                        title.id
                    );
                }
            }
        }
        match page.next {
            Some(next) => query.after = next,
            None => return,
        }
    }
}

#[test]
fn a_title_is_meant_in_any_spelling_of_any_of_its_names() {
    for text in [
        "The Matrix",
        "Матрица",
        "matrix, the",
        "«МАТРИЦА»",
        "1. Матрица (1999)",
        "The Matrix 1999",
        "Ｍａｔｒｉｘ, Ｔｈｅ",
    ] {
        assert_eq!(meant(text).as_deref(), Some("The Matrix"), "{text:?}");
    }
    for text in ["Wall-E", "WALLE", "Валл-И", "валли", "WALL•E (2008)"] {
        assert_eq!(meant(text).as_deref(), Some("WALL·E"), "{text:?}");
    }
    assert_eq!(meant("Godfather: Part 2, The").as_deref(), Some("The Godfather Part II"));
    assert_eq!(meant("Blade Runner 2049").as_deref(), Some("Blade Runner 2049"));
    assert_eq!(meant("7. Koğuştaki Mucize").as_deref(), Some("Miracle in Cell No. 7"));
    assert_eq!(meant("Reply 1988").as_deref(), Some("Reply 1988"));
    assert_eq!(meant("1917").as_deref(), Some("1917"));
    assert_eq!(meant("8 1/2").as_deref(), Some("8½"));
}

#[test]
fn what_only_looks_like_a_title_is_not_meant() {
    for text in [
        "Matrix 2",
        "The Matrix (2003)",
        "Matrx",
        "Solaris (2002)",
        "Rocky 2",
        "Blade Runner 2050",
        "Shrek 12",
        "Terminator",
        "Angry Men",
        "Idiots",
        "Герои",
        "",
        "…",
        "The",
    ] {
        assert_eq!(meant(text), None, "{text:?}");
    }
}

#[test]
fn a_missing_article_is_near_and_not_the_same() {
    let matrix = CATALOGUE.meant("Matrix");
    assert!(matrix.exactly.is_empty());
    assert_eq!(matrix.nearly, CATALOGUE.meant("The Matrix").exactly);
    assert!(CATALOGUE.meant("Matrix (2003)").nearly.is_empty());
}

#[test]
fn of_two_titles_with_one_name_neither_is_the_one_until_a_year_says_which() {
    let titled = |id: &str, year| Title {
        id: super::id(id),
        kind: TitleKind::Film,
        name_en: "The Twins of One Name".into(),
        name_ru: "Тёзки".into(),
        year: Some(year),
        ..(*CATALOGUE.get(&super::id("c30")).unwrap()).clone()
    };
    let catalogue = Catalogue::with(vec![titled("own1", 1972), titled("own2", 2002)]);
    assert_eq!(catalogue.meant("тезки").exactly.len(), 2);
    assert_eq!(catalogue.meant("Тезки (2002)").exactly, [super::id("own2")]);
    assert_eq!(catalogue.meant("Twins of One Name, The, 1972").exactly, [super::id("own1")]);
    assert_eq!(catalogue.meant("Тёзки (1999)").exactly, []);
}

#[test]
fn few_built_in_titles_share_a_name() {
    let mut shared: BTreeMap<String, usize> = BTreeMap::new();
    let page = |after| CATALOGUE.search(&Query { limit: Some(MAX_LIMIT), after, ..Query::default() });
    let mut next = Some(Cursor::default());
    while let Some(after) = next {
        let found = page(after);
        for name in found.items.iter().flat_map(|title| title.names()) {
            let titles = CATALOGUE.meant(name).exactly.len();
            if titles > 1 {
                shared.insert(name.to_owned(), titles);
            }
        }
        next = found.next;
    }
    assert!(
        shared.len() < 30 && shared.values().all(|titles| *titles == 2),
        "these cannot be typed: {shared:?}"
    );
}

/// A title as TMDB describes it.
fn from_tmdb(id: &str, names: [&str; 2], year: u16) -> Title {
    Title {
        id: TitleId::new(id).unwrap(),
        kind: TitleKind::Film,
        name_en: names[0].to_owned(),
        name_ru: names[1].to_owned(),
        original_name: None,
        year: Some(year),
        runtime_min: None,
        genres: Vec::new(),
        countries: Vec::new(),
        rating: None,
        overview_en: None,
        overview_ru: None,
        poster: None,
    }
}

#[test]
fn a_title_from_elsewhere_is_the_catalogues_by_its_id_or_by_a_name_and_the_year() {
    let same_as =
        |title: &Title, tmdb: &str| CATALOGUE.same_as(title, tmdb).map(|known| known.id.as_str().to_owned());
    let renamed = from_tmdb("tmdb-movie-603", ["Matrix, remastered", "?"], 2024);
    assert_eq!(same_as(&renamed, "movie/603").as_deref(), Some("c30"), "by its id");
    let martian = from_tmdb("tmdb-movie-286217", ["The Martian", "Марсианин"], 2015);
    assert_eq!(same_as(&martian, "movie/286217").as_deref(), Some("c3"), "by its name");
    let in_russian = Title { name_en: "?".into(), ..martian.clone() };
    assert_eq!(same_as(&in_russian, "movie/286217").as_deref(), Some("c3"));
    assert_eq!(same_as(&Title { year: Some(2016), ..martian.clone() }, "movie/1"), None);
    assert_eq!(same_as(&Title { year: None, ..martian.clone() }, "movie/1"), None);
    assert_eq!(same_as(&Title { kind: TitleKind::Series, ..martian }, "tv/1"), None);
    let other_matrix = from_tmdb("tmdb-movie-1", ["The Matrix", "Матрица"], 1999);
    assert_eq!(same_as(&other_matrix, "movie/1"), None, "TMDB has that one under another id");
}

#[test]
fn a_title_beside_the_catalogue_is_named_by_its_id_and_another_catalogue_keeps_it() {
    let shared = crate::SharedCatalogue::new(CATALOGUE.clone().beside(crate::KeptTitles::default()));
    let id = TitleId::new("tmdb-movie-4001").unwrap();
    assert!(shared.current().get(&id).is_none());
    shared.current().kept().put([from_tmdb("tmdb-movie-4001", ["The Lighthouse", "Маяк"], 2021)]);
    shared.replace(CATALOGUE.clone());
    assert_eq!(shared.current().get(&id).unwrap().name_en, "The Lighthouse");
    let matrix = TitleId::new("tmdb-movie-603").unwrap();
    assert_eq!(shared.current().get(&matrix).unwrap().id.as_str(), "c30", "the catalogue knows that id");
    let poster = Some("https://image.tmdb.org/t/p/w500/a.jpg".to_owned());
    let beside = Title { poster: poster.clone(), ..from_tmdb("c30", ["Another name", "?"], 1999) };
    shared.current().kept().put([beside]);
    let own = shared.current().get(&TitleId::new("c30").unwrap()).unwrap();
    assert_eq!((&*own.name_en, shared.current().poster_of(&own)), ("The Matrix", poster));
}
