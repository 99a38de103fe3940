//! The ids that other sites give to the built-in titles, for addresses without a name in them.
//!
//! `core/catalogue/titles/external_ids.csv` has the best known titles only: a wrong id would be worse than none.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;
use sovpalo_domain::ids::TitleId;

/// A line of the file: one title and what it is called elsewhere.
#[derive(Debug, Deserialize)]
struct Line {
    id: TitleId,
    imdb: Option<String>,
    /// `movie/603`, `tv/1399`: they are numbered apart.
    tmdb: Option<String>,
    kinopoisk: Option<String>,
}

static TITLES: LazyLock<HashMap<(&str, String), TitleId>> = LazyLock::new(|| {
    let lines = parse().unwrap_or_else(|flaw| unreachable!("the tests read this file too: {flaw}"));
    let named = lines.into_iter().flat_map(|Line { id, imdb, tmdb, kinopoisk }| {
        [("IMDb", imdb), ("TMDB", tmdb), ("Kinopoisk", kinopoisk)]
            .into_iter()
            .filter_map(move |(site, its)| Some(((site, its?), id.clone())))
    });
    named.collect()
});

/// The title that a site knows under this id.
pub(super) fn title_of(site: &'static str, id: &str) -> Option<TitleId> {
    TITLES.get(&(site, id.to_owned())).cloned()
}

static AT_TMDB: LazyLock<HashMap<TitleId, String>> = LazyLock::new(|| {
    let lines = parse().unwrap_or_else(|flaw| unreachable!("the tests read this file too: {flaw}"));
    lines.into_iter().filter_map(|line| Some((line.id, line.tmdb?))).collect()
});

/// The id of a built-in title at TMDB, if the file has it.
pub(super) fn tmdb_of(id: &TitleId) -> Option<&'static str> {
    AT_TMDB.get(id).map(String::as_str)
}

fn parse() -> csv::Result<Vec<Line>> {
    let file = include_bytes!("../titles/external_ids.csv");
    csv::Reader::from_reader(&file[..]).deserialize().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{super::Catalogue, *};

    #[test]
    fn every_id_belongs_to_one_title_that_exists() {
        let (lines, catalogue) = (parse().expect("a whole file"), Catalogue::builtin());
        let mut seen = BTreeSet::new();
        for Line { id, imdb, tmdb, kinopoisk } in &lines {
            assert!(catalogue.get(id).is_some(), "there is no {id}");
            let all = [("imdb", imdb), ("tmdb", tmdb), ("kinopoisk", kinopoisk)];
            let given: Vec<_> =
                all.into_iter().filter_map(|(site, its)| Some((site, its.as_deref()?))).collect();
            assert!(!given.is_empty(), "{id} has no other id");
            for (site, its) in given {
                let prefixes: &[&str] = match site {
                    "imdb" => &["tt"],
                    "tmdb" => &["movie/", "tv/"],
                    _ => &[""],
                };
                let number = prefixes.iter().find_map(|prefix| its.strip_prefix(prefix)).unwrap_or_default();
                let digits = number.bytes().all(|b| b.is_ascii_digit());
                assert!(digits && !number.is_empty(), "{id}: {site} {its}");
                assert!(site != "imdb" || (7..=8).contains(&number.len()), "{id}: {site} {its}");
                assert!(seen.insert((site, its)), "{site} {its} belongs to two titles");
            }
        }
        assert!(lines.len() >= 100, "only {} titles", lines.len());
    }

    #[test]
    fn an_id_of_one_site_is_none_of_another() {
        assert_eq!(title_of("IMDb", "tt0133093").as_ref().map(TitleId::as_str), Some("c30"));
        assert_eq!(title_of("TMDB", "movie/603").as_ref().map(TitleId::as_str), Some("c30"));
        assert_eq!(title_of("TMDB", "tv/603"), None);
        assert_eq!(title_of("IMDb", ""), None);
        assert_eq!(tmdb_of(&TitleId::new("c30").unwrap()), Some("movie/603"));
        assert_eq!(tmdb_of(&TitleId::new("c3").unwrap()), None);
    }
}
