//! Filters: which titles they mean, counted and drawn by chance.

use std::collections::BTreeSet;

use proptest::{collection::vec, option, prelude::*, sample};
use sovpalo_domain::title::{Filter, FilterFields, GENRES, Title};

use super::*;
use crate::surprise::ENOUGH;

fn fields() -> impl Strategy<Value = FilterFields> {
    let year = || option::weighted(0.4, 1950_u16..=2025);
    let genre = vec(sample::select(GENRES.to_vec()), 1..=3).prop_map(|genres| genres.join(","));
    let country =
        vec(sample::select(vec!["US", "SU", "FR", "JP", "AQ"]), 1..=3).prop_map(|all| all.join(","));
    let kind = option::weighted(0.5, sample::select(vec![TitleKind::Film, TitleKind::Series]));
    (
        (kind, option::weighted(0.6, genre), option::weighted(0.3, country), year(), year()),
        (option::weighted(0.3, 0_u8..=100), option::weighted(0.3, 20_u16..=200), prop::bool::weighted(0.2)),
    )
        .prop_map(|((kind, genre, country, from_year, to_year), (tenths, max_runtime, family))| {
            let min_rating = tenths.map(|tenths| f64::from(tenths) / 10.0);
            FilterFields {
                kind,
                genre,
                country,
                from_year,
                to_year,
                min_rating,
                max_runtime,
                family,
                ..FilterFields::default()
            }
        })
}

/// Whether a title fits, said once more and simply.
fn fits(title: &Title, fields: &FilterFields) -> bool {
    let one_of = |asked: &Option<String>, its: &[String]| match asked {
        None => true,
        Some(asked) => asked.split(',').any(|item| its.contains(&item.to_owned())),
    };
    let is = |genre: &str| title.genres.contains(&genre.to_owned());
    let year = title.year.map_or(-1, i32::from);
    one_of(&fields.genre, &title.genres)
        && one_of(&fields.country, &title.countries)
        && fields.kind.is_none_or(|kind| title.kind == kind)
        && fields.from_year.is_none_or(|from| year >= i32::from(from))
        && fields.to_year.is_none_or(|to| year != -1 && year <= i32::from(to))
        && fields
            .min_rating
            .is_none_or(|least| title.rating.is_some_and(|its| f64::from(its) + 0.001 >= least))
        && fields.max_runtime.is_none_or(|most| title.runtime_min.is_some_and(|its| its <= most))
        && (!fields.family
            || is("family") && !["crime", "horror", "noir", "thriller", "war"].into_iter().any(is))
}

fn all() -> Vec<std::sync::Arc<Title>> {
    (1..=1318).filter_map(|number| CATALOGUE.get(&id(&format!("c{number}")))).collect()
}

/// Every page of a query, one after the other.
fn pages(mut query: Query) -> (Vec<TitleId>, usize) {
    let mut found = Vec::new();
    loop {
        let page = CATALOGUE.search(&query);
        found.extend(page.items.iter().map(|title| title.id.clone()));
        let Some(next) = page.next else { return (found, page.count) };
        query.after = next;
    }
}

#[test]
fn a_family_evening_has_cartoons_and_nothing_that_frightens() {
    let filter = Filter::new(&FilterFields { family: true, ..FilterFields::default() }).unwrap();
    let titles: Vec<_> = CATALOGUE.fitting(&filter).iter().filter_map(|id| CATALOGUE.get(id)).collect();
    assert!(titles.len() > 100, "{}", titles.len());
    assert!(titles.iter().all(|title| !title.genres.iter().any(|genre| genre == "horror")));
    assert!(titles.iter().any(|title| title.name_en == "The Lion King"));
}

#[test]
fn nothing_here_is_known_to_be_at_a_provider() {
    let filter = Filter::new(&FilterFields { provider: Some("Okko".into()), ..FilterFields::default() });
    assert_eq!(CATALOGUE.fitting(&filter.unwrap()), []);
}

#[test]
fn the_words_of_a_filter_are_looked_for_and_what_is_only_near_is_not_meant() {
    let words = |q: &str| {
        let filter = Filter::new(&FilterFields { q: Some(q.into()), ..FilterFields::default() }).unwrap();
        (CATALOGUE.has_any(&filter), CATALOGUE.fitting(&filter))
    };
    let (any, matrix) = words("матрица");
    assert!(any);
    assert_eq!(CATALOGUE.get(&matrix[0]).unwrap().name_en, "The Matrix");
    assert_eq!(words("Rocky 2"), (false, Vec::new()), "there is only Rocky");
}

#[test]
fn an_imported_title_without_facts_fits_where_none_are_asked_for() {
    let bare = import::parse(b"id,kind,name_en\nm1,film,Home video\n").unwrap();
    let catalogue = Catalogue::with(bare);
    let fits = |fields: FilterFields| catalogue.fitting(&Filter::new(&fields).unwrap()).contains(&id("m1"));
    assert!(fits(FilterFields::default()));
    assert!(!fits(FilterFields { from_year: Some(1888), ..FilterFields::default() }));
    assert!(!fits(FilterFields { max_runtime: Some(1000), ..FilterFields::default() }));
    assert!(!fits(FilterFields { min_rating: Some(0.0), ..FilterFields::default() }));
    assert!(!fits(FilterFields { family: true, ..FilterFields::default() }));
}

#[test]
fn a_small_catalogue_has_surprises_too() {
    let (filter, count) = CATALOGUE.surprise(1);
    assert!(count >= ENOUGH);
    let seeds = 0..200;
    let different: BTreeSet<String> = seeds.map(|seed| CATALOGUE.surprise(seed).0.to_string()).collect();
    assert!(different.len() > 60, "only {} surprises in 200", different.len());
    assert_eq!(CATALOGUE.surprise(1).0, filter, "the same seed");
}

proptest! {
    #[test]
    fn a_filter_means_what_fits_and_nothing_else(fields in fields()) {
        let Ok(filter) = Filter::new(&fields) else { return Ok(()) };
        let expected: Vec<TitleId> =
            all().iter().filter(|title| fits(title, &fields)).map(|title| title.id.clone()).collect();
        let expected: BTreeSet<_> = expected.into_iter().collect();
        let fitting = CATALOGUE.fitting(&filter);
        prop_assert_eq!(fitting.len(), expected.len());
        prop_assert_eq!(CATALOGUE.has_any(&filter), !expected.is_empty());
        prop_assert_eq!(fitting.into_iter().collect::<BTreeSet<_>>(), expected);
    }

    #[test]
    fn the_pages_of_a_filter_have_each_title_once_and_none_is_missed(fields in fields(), limit in 1_usize..=100) {
        let Ok(filter) = Filter::new(&fields) else { return Ok(()) };
        let query = Query { filter: filter.clone(), limit: Some(limit), ..Query::default() };
        let (found, count) = pages(query);
        prop_assert_eq!(found.len(), count);
        prop_assert_eq!(found, CATALOGUE.fitting(&filter));
    }

    #[test]
    fn a_surprise_is_a_filter_that_fits_what_it_says(seed: u64) {
        let (filter, count) = CATALOGUE.surprise(seed);
        prop_assert!(count >= ENOUGH, "{filter}: {count}");
        prop_assert_eq!(CATALOGUE.fitting(&filter).len(), count);
    }
}
