use proptest::{collection::vec, option, prelude::*, sample};

use super::*;
use crate::title::tests::garbage;

/// Filters that people choose, and some that nobody would.
fn fields() -> impl Strategy<Value = FilterFields> {
    let year = || option::of(1880_u16..=2110);
    let genre = vec(sample::select(GENRES.to_vec()), 0..=4).prop_map(|genres| genres.join(","));
    let country =
        vec(sample::select(vec!["us", "FR", "SU", " ru ", "JP"]), 0..=4).prop_map(|all| all.join(","));
    let kind = option::of(sample::select(vec![TitleKind::Film, TitleKind::Series]));
    let name = || option::weighted(0.2, garbage());
    (
        (name(), kind, option::of(genre), option::of(country), year(), year()),
        (option::of(0.0..=10.1_f64), option::of(0_u16..=300), any::<bool>(), name()),
    )
        .prop_map(
            |((q, kind, genre, country, from_year, to_year), (min_rating, max_runtime, family, provider))| {
                FilterFields {
                    q,
                    kind,
                    genre,
                    country,
                    from_year,
                    to_year,
                    min_rating,
                    max_runtime,
                    family,
                    provider,
                }
            },
        )
}

fn wrong(fields: &FilterFields) -> Vec<&'static str> {
    Filter::new(fields).expect_err("it cannot be").into_iter().map(|invalid| invalid.field).collect()
}

#[test]
fn every_field_that_cannot_be_is_named() {
    let fields = FilterFields {
        q: Some("x".repeat(MAX_TEXT + 1)),
        kind: Some(TitleKind::Text),
        genre: Some("comedy,nonsense".into()),
        country: Some("USA".into()),
        from_year: Some(1700),
        to_year: Some(2300),
        min_rating: Some(f64::NAN),
        max_runtime: Some(0),
        family: true,
        provider: Some("p".repeat(MAX_PROVIDER + 1)),
    };
    let all =
        ["q", "provider", "genre", "country", "kind", "from_year", "to_year", "min_rating", "max_runtime"];
    assert_eq!(wrong(&fields), all);
    let turned = FilterFields { from_year: Some(2000), to_year: Some(1990), ..FilterFields::default() };
    assert_eq!(wrong(&turned), ["from_year"]);
    let many = ["AA", "AB", "AC", "AD", "AE", "AF", "AG", "AH", "AI"].join(",");
    assert_eq!(wrong(&FilterFields { country: Some(many), ..FilterFields::default() }), ["country"]);
}

#[test]
fn what_means_the_same_is_the_same_filter() {
    let one = FilterFields {
        genre: Some("crime, comedy,comedy,".into()),
        country: Some("us,FR".into()),
        q: Some("  ".into()),
        ..FilterFields::default()
    };
    let other = FilterFields {
        genre: Some("comedy,crime".into()),
        country: Some("FR,US".into()),
        ..FilterFields::default()
    };
    assert_eq!(Filter::new(&one), Filter::new(&other));
    assert_eq!(Filter::new(&one).unwrap().to_string(), "?genre=comedy,crime&country=FR,US");
}

#[test]
fn the_longest_filter_keeps_the_bound() {
    let fields = FilterFields {
        q: Some("&%🎬😀".repeat(MAX_TEXT / 4)),
        kind: Some(TitleKind::Series),
        genre: Some(GENRES.join(",")),
        country: Some("AA,AB,AC,AD,AE,AF,AG,AH".into()),
        from_year: Some(1888),
        to_year: Some(2100),
        min_rating: Some(10.0),
        max_runtime: Some(1000),
        family: true,
        provider: Some("🎬".repeat(MAX_PROVIDER)),
    };
    let longest = Filter::new(&fields).unwrap().to_string();
    assert!(longest.len() <= MAX_FILTER_BYTES, "{} bytes", longest.len());
    assert!(format!("?q={}", "x".repeat(MAX_FILTER_BYTES)).parse::<Filter>().is_err());
}

#[test]
fn a_text_that_no_filter_is_written_as_is_refused() {
    for text in
        ["", "kind=film", "?kind=play", "?genre=crime,comedy", "?nonsense=1", "?from_year=x", "?kind", "?&"]
    {
        assert_eq!(text.parse::<Filter>(), Err(InvalidFilter), "{text:?}");
    }
    assert_eq!("?".parse::<Filter>(), Ok(Filter::default()));
}

proptest! {
    #[test]
    fn a_filter_survives_being_written_down(fields in fields()) {
        let Ok(filter) = Filter::new(&fields) else { return Ok(()) };
        let written = filter.to_string();
        prop_assert!(written.len() <= MAX_FILTER_BYTES, "{written}");
        prop_assert_eq!(written.parse::<Filter>(), Ok(filter.clone()));
        prop_assert_eq!(Filter::new(&filter.fields()), Ok(filter));
    }

    #[test]
    fn no_text_makes_reading_it_fail_badly(text in garbage()) {
        let _ = text.parse::<Filter>();
        let _ = format!("?q={text}").parse::<Filter>();
    }
}
